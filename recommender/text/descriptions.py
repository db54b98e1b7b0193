"""The text of an article in a list: its description, or the first sentences of its body."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from recommender.text.characters import fold
from recommender.text.normalise import plain_text
from recommender.text.sentences import sentence_ends

__all__ = ["card_text"]

MAX_GIVEN = 500  # characters of a description
MAX_TAKEN = 200  # characters taken from a body: about two lines of a list
_TOO_SHORT = 40  # characters; shorter sentences are not shown alone
_BEYOND = 10  # characters read beyond those shown, to check how the sentence continues
_ENOUGH = MAX_TAKEN + 100
_LOOKED_AT_FIRST = 800  # characters of a body, and
_LOOKED_AT = 4_000  # if these contain too little prose
_MARKUP = 16_000  # characters of a description with its tags
_HEADING, _WRAPPED = 100, 60
"""Least length of a line of prose without a sentence end: alone, and before another line."""

_SIGNED = re.compile(r" ?\bThe post .{1,300} (?:appeared first|first appeared) on .{1,100}\Z")
"""The line that WordPress adds in feeds."""
_CUT_SHORT = re.compile(r" ?\[(?:…|\.\.\.)\]\Z")
_WIDE = re.compile("[\u2e80-\u312f\u3190-\ua4cf\uf900-\ufaff\uff00-\uffef]")
_COMMAS = ",;،؛、，；"
_DANGLING = f" {_COMMAS}:：·–—-([{{«“„‘「『（/"
_CODE_SIGN = re.compile(r"[{}<>=;|\\$_`]")
_CHECKSUM = re.compile(r"\b[0-9a-fA-F]{32,}\b")
_CODE_SHARE = 1 / 16
"""Least share of these signs among the characters of a line of code, spaces aside."""
_CODE_ENDS = ("{", "(", "[", "};", ");", "],", "},")
_EXTENDING = "\u0e33\u0eb3\u200c\u200d"  # vowels of Thai and Lao that are letters to Unicode; joiners
_LEADING = "เแโใไເແໂໃໄ"  # vowels of Thai and Lao that stand before their consonant
_FLAGS = "".join(map(chr, range(0x1F1E6, 0x1F200)))  # letters that form a flag in pairs


def card_text(given: str | None, body: str, title: str = "") -> str | None:
    r"""Return the text shown for an article in a list, as one line of plain text.

    A description is shown in full up to 500 characters. If it is missing, repeats the title or has no
    letters, the text comes from the body: as many whole sentences as fit in 200 characters, starting at the
    first line of prose (not a heading, name, date or code). A longer sentence is cut at a word, or at a character
    in scripts without spaces, and ends in "…".

    Parameters
    ----------
    given : str or None
        Description as the site has it, plain text or HTML.
    body : str
        Clean text of the article (see `plain_text`), without boilerplate.
    title : str, default ""
        Clean title. A first line that repeats it is skipped.

    Returns
    -------
    str or None
        None if neither the description nor the body contains a letter.

    Notes
    -----
    Reads the first 16,000 characters of `given` and 4,000 of `body`, so the cost is bounded.

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
        given = given[: given.rfind("<")]  # an incomplete tag would be shown as text
    text = " ".join(plain_text(given).split())
    return _CUT_SHORT.sub("…", _SIGNED.sub("", text))


def _paragraph(body: str, title: str) -> str:
    """Return the start of a body that begins with a long paragraph, a little more than is shown, else ""."""
    beginning = body[:_ENOUGH]
    is_long = len(beginning) == _ENOUGH and "\n" not in beginning
    return beginning if is_long and len(title) < _ENOUGH // 2 and not _is_code(beginning) else ""


def _prose(text: str, title: str) -> str:
    """Return the first prose as one line, a little more than is shown; all lines if none is prose."""
    lines = text.split("\n")
    pairs = [pair for pair in zip(lines, [*lines[1:], ""], strict=True) if _has_letters(pair[0])]
    if pairs and _repeats(pairs[0][0], title):
        del pairs[0]
    first = next((at for at, pair in enumerate(pairs) if _is_prose(*pair)), 0)
    taken: list[str] = []
    length = 0
    for line, following in pairs[first:]:
        if length > MAX_TAKEN or (taken and _is_code(line)):
            break
        if taken and not _is_prose(line, following) and _ends(taken[-1]):
            break  # the next line is a heading
        taken.append(line)
        length += len(line)
    return _joined(taken)


def _is_prose(line: str, following: str) -> bool:
    if _is_code(line):
        return False
    if len(line) >= _HEADING or next(sentence_ends(line), 0):
        return True
    return bool(following) and (len(line) >= _WRAPPED or following[0].islower() or line[-1] in _COMMAS)


def _is_code(line: str) -> bool:
    """Return whether a line looks like source code, a tag, a row of a table or a checksum, in any language."""
    line = line.strip()
    if line.endswith(_CODE_ENDS) or (line.startswith("<") and line.endswith(">")) or _CHECKSUM.search(line):
        return True
    signs = len(_CODE_SIGN.findall(line))
    return signs > 1 and signs >= _CODE_SHARE * (len(line) - line.count(" "))


def _ends(line: str) -> bool:
    return max(sentence_ends(line), default=0) == len(line)


def _joined(lines: list[str]) -> str:
    """Join lines with spaces, except between characters of scripts without spaces."""
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
    """Return at most `limit` characters of a text, cut at a word, or else at a character."""
    end = text.rfind(" ", limit // 2, limit + 1)
    if end < 0:
        end = limit
        while end > limit // 2 and _is_inside(text, end):
            end -= 1
    return text[:end].rstrip(_DANGLING)


def _is_inside(text: str, place: int) -> bool:
    """Return whether a position is inside a user-perceived character."""
    before, after = text[place - 1], text[place]
    return (
        unicodedata.category(after)[0] == "M"
        or after in _EXTENDING
        or before in _LEADING
        or unicodedata.combining(before) == 9  # a virama joins two consonants
        or "\U0001f3fb" <= after <= "\U0001f3ff"  # skin tone
        or (after in _FLAGS and (place - len(text[:place].rstrip(_FLAGS))) % 2 == 1)
    )


def _has_letters(text: str) -> bool:
    return any(sign.isalpha() for sign in text)


def _repeats(text: str, title: str) -> bool:
    return len(text) <= 2 * len(title) and _letters(text) == _letters(title)


def _letters(text: str) -> str:
    return "".join(sign for sign in fold(text) if sign.isalnum())
