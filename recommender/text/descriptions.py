"""What a list shows of an article below its title: the description given, or the first sentences of its text."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from recommender.text.characters import fold
from recommender.text.normalise import plain_text
from recommender.text.sentences import sentence_ends

__all__ = ["card_text"]

MAX_GIVEN = 500  # characters of a description that was given; what is longer is a text
MAX_TAKEN = 200  # characters taken from a text: some two lines of a list
_TOO_SHORT = 40  # characters that say too little to stop at
_BEYOND = 10  # characters read beyond those shown, to see how a sentence goes on
_ENOUGH = MAX_TAKEN + 100
_LOOKED_AT_FIRST = 800
_LOOKED_AT = 4_000  # characters of a text, and
_MARKUP = 16_000  # of a description with its tags: nobody reads on to the end of what is that long
_HEADING, _WRAPPED = 100, 60
"""Characters of a line without the end of a sentence from which it is prose, by itself and where another line follows."""

_SIGNED = re.compile(r" ?\bThe post .{1,300} (?:appeared first|first appeared) on .{1,100}\Z")
"""What WordPress adds in feeds."""
_CUT_SHORT = re.compile(r" ?\[(?:…|\.\.\.)\]\Z")
_WIDE = re.compile("[\u2e80-\u312f\u3190-\ua4cf\uf900-\ufaff\uff00-\uffef]")
_COMMAS = ",;،؛、，；"
_DANGLING = f" {_COMMAS}:：·–—-([{{«“„‘「『（/"
_EXTENDING = "\u0e33\u0eb3\u200c\u200d"  # vowels of Thai and Lao that are letters to Unicode; joiners
_LEADING = "เแโใไເແໂໃໄ"  # vowels of Thai and Lao that stand before their consonant
_FLAGS = "".join(map(chr, range(0x1F1E6, 0x1F200)))  # letters that are a flag by twos


def card_text(given: str | None, body: str, title: str = "") -> str | None:
    r"""Return what a list shows of an article, as one line of plain text.

    A description given is shown whole up to 500 characters. Where there is none, or it only repeats the title or has no
    letters, the text is shown: whole sentences as far as 200 characters hold them, from the first line that is prose and no
    heading, name or date. A sentence that is longer is cut at a word, or in scripts without blanks at a character, and
    ends in "…".

    Parameters
    ----------
    given : str or None
        The description as the site has it, plain or HTML.
    body : str
        Clean text of the article (see `plain_text`), without boilerplate.
    title : str
        Clean title; a first line that repeats it is left out.

    Returns
    -------
    str or None
        None where there is nothing to show: no letter in either.

    Notes
    -----
    Looks at the first 16,000 characters of `given` and 4,000 of `body`, so the cost does not grow with their length.

    Examples
    --------
    >>> card_text("<p>Rain closed\nthe <b>valley road</b>.</p>", "It rained.")
    'Rain closed the valley road.'
    >>> card_text(None, "Rain in May\nBy Jane Doe\n\nIt rained. Dr. Doe counted 3.5 mm.", title="Rain in May")
    'It rained. Dr. Doe counted 3.5 mm.'
    """
    description = _first_sentences(_one_line(given[:_MARKUP]), MAX_GIVEN) if given else ""
    if _has_letters(description) and not _repeats(description, title):
        return description
    prose = _paragraph(body, title) or _prose(body[:_LOOKED_AT_FIRST], title)
    if len(prose) < _ENOUGH and len(body) > _LOOKED_AT_FIRST:
        prose = _prose(body[:_LOOKED_AT], title)
    text = _first_sentences(prose, MAX_TAKEN)
    return text if _has_letters(text) else None


def _one_line(given: str) -> str:
    if len(given) == _MARKUP and given.rfind("<") > given.rfind(">"):
        given = given[: given.rfind("<")]  # a tag that was cut would be shown as text
    text = " ".join(plain_text(given).split())
    return _CUT_SHORT.sub("…", _SIGNED.sub("", text))


def _paragraph(body: str, title: str) -> str:
    """Return a little more than is shown of a body that begins with a long paragraph, which most do; else nothing."""
    beginning = body[:_ENOUGH]
    is_long = len(beginning) == _ENOUGH and "\n" not in beginning
    return beginning if is_long and len(title) < _ENOUGH // 2 else ""


def _prose(text: str, title: str) -> str:
    """Return the first running text among lines, as one line, a little more than is shown; all where none is prose."""
    lines = text.split("\n")
    pairs = [pair for pair in zip(lines, [*lines[1:], ""], strict=True) if _has_letters(pair[0])]
    if pairs and _repeats(pairs[0][0], title):
        del pairs[0]
    first = next((at for at, pair in enumerate(pairs) if _is_prose(*pair)), 0)
    taken: list[str] = []
    length = 0
    for line, following in pairs[first:]:
        if length > MAX_TAKEN or (taken and not _is_prose(line, following) and _ends(taken[-1])):
            break  # there is enough, or there comes a heading, which says nothing between two sentences
        taken.append(line)
        length += len(line)
    return _joined(taken)


def _is_prose(line: str, following: str) -> bool:
    if len(line) >= _HEADING or next(sentence_ends(line), 0):
        return True
    return bool(following) and (len(line) >= _WRAPPED or following[0].islower() or line[-1] in _COMMAS)


def _ends(line: str) -> bool:
    return max(sentence_ends(line), default=0) == len(line)


def _joined(lines: list[str]) -> str:
    """Return lines as one, with a blank between, but for scripts that have none."""
    parts = lines[:1]
    for before, line in pairwise(lines):
        parts.append(line if _WIDE.match(before[-1]) and _WIDE.match(line) else f" {line}")
    return " ".join("".join(parts).split())


def _first_sentences(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    end = 0
    for place in sentence_ends(text[: limit + _BEYOND]):
        if place > limit:
            break
        end = place
    return text[:end] if end >= _TOO_SHORT else _cut(text, limit - 1) + "…"


def _cut(text: str, limit: int) -> str:
    """Return the start of a text up to `limit` characters: whole words, or where there are none whole characters."""
    end = text.rfind(" ", limit // 2, limit + 1)
    if end < 0:
        end = limit
        while end > limit // 2 and _is_inside(text, end):
            end -= 1
    return text[:end].rstrip(_DANGLING)


def _is_inside(text: str, place: int) -> bool:
    """Say whether a place is inside what a reader sees as one character."""
    before, after = text[place - 1], text[place]
    return (
        unicodedata.category(after)[0] == "M"
        or after in _EXTENDING
        or before in _LEADING
        or unicodedata.combining(before) == 9  # a virama, which joins two consonants
        or "\U0001f3fb" <= after <= "\U0001f3ff"  # the colour of a skin
        or (after in _FLAGS and (place - len(text[:place].rstrip(_FLAGS))) % 2 == 1)
    )


def _has_letters(text: str) -> bool:
    return any(sign.isalpha() for sign in text)


def _repeats(text: str, title: str) -> bool:
    return len(text) <= 2 * len(title) and _letters(text) == _letters(title)


def _letters(text: str) -> str:
    return "".join(sign for sign in fold(text) if sign.isalnum())
