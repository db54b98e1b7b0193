"""Raw text of any origin comes in, tidy plain text goes out; every later stage reads only the latter."""

from __future__ import annotations

import html
import re
import unicodedata

from recommender.text.markup import looks_like_html, text_of_html

__all__ = ["plain_text"]

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_ESCAPED_TAG = re.compile(
    r"\s*&lt;(?:!doctype|!--|html|body|article|section|div|p|h[1-6]|ul|ol|table)\b", re.I
)

_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_ODD_BLANK = re.compile(r"[^\S \n]")
_BLANKS = re.compile("  +")
_EMPTY_LINES = re.compile("\n{3,}")

# Signs that show nothing: controls, lone surrogates, non-characters, zero-width and direction marks, soft hyphens,
# variation selectors (but Mongolian ones) and tags. Two zero-width words would otherwise differ and look the same.
_UNSEEN = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# The joiners U+200C and U+200D spell words in Arabic, Syriac, N'Ko, the scripts of India, Sinhala, Tibetan, Myanmar, Khmer
# and Mongolian, so they stay between two letters of these; everywhere else (emoji too) they are noise.
_JOINED = (
    "\u0600-\u08ff\u0900-\u0dff\u0f00-\u0fff\u1000-\u109f\u1780-\u18af\ua840-\ua87f\ua8e0-\ua8ff\uaa60-\uaa7f"
)
_SUSPECT = re.compile(f"[{_UNSEEN}\u200c\u200d]")
_INVISIBLE = re.compile(
    f"[{_UNSEEN}]|(?<![{_JOINED}])[\u200c\u200d]+|[\u200c\u200d]+(?![{_JOINED}\u200c\u200d])"
)


def plain_text(raw: str) -> str:
    r"""Return the text that a reader of `raw` would see, as tidy lines.

    HTML is turned into text where there is evidence of it (see `looks_like_html`); text that merely
    contains ``<`` is kept whole. Entities that end in a semicolon are decoded, once; a body that was escaped
    as a whole (it starts with ``&lt;p``, say, and holds no real tag) is decoded first and then read as HTML.
    Unicode is NFC. Control and zero-width characters are removed; the joiners U+200C and U+200D stay
    only inside words of the scripts that spell with them. Runs of blanks become one, lines have none at
    their edges, and at most one empty line stands between lines.

    Parameters
    ----------
    raw : str
        Plain text or HTML of any length.

    Returns
    -------
    str
        May be empty. Where it holds no entity and no evidence of HTML, ``plain_text`` of it is itself;
        text *about* entities or tags (``&amp;lt;p&amp;gt;``) is decoded one level per call, by design.

    Notes
    -----
    Linear in the length. Tidy ASCII without ``<`` and ``&`` is returned as it is, at gigabytes a second.

    Examples
    --------
    >>> plain_text("<p>Rain in <b>May</b>&amp;June</p><p>It rained.<br>Much.</p>")
    'Rain in May&June\n\nIt rained.\nMuch.'
    >>> plain_text("if a < b:  use vector<int>")
    'if a < b: use vector<int>'
    """
    if _is_tidy(raw):
        return raw
    text = _visible(raw)
    if "<" in text or "&" in text:
        text = _visible(_decoded(text))
    return _collapsed(text)


def _is_tidy(raw: str) -> bool:
    """Say whether there is surely nothing to do, by string methods alone: they run at memory speed."""
    if not raw.isascii() or "<" in raw or "&" in raw or "  " in raw:
        return False
    if "\n" not in raw:
        return raw.isprintable() and raw[:1] != " " and raw[-1:] != " "
    if " \n" in raw or "\n " in raw or "\n\n\n" in raw:
        return False
    return raw.replace("\n", "").isprintable() and raw[0] not in " \n" and raw[-1] not in " \n"


def _visible(text: str) -> str:
    """Remove what shows nothing, unify line ends, and compose; removal first, for it can bring parts together."""
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    text = _LINE_ENDS.sub("\n", text)
    if _SUSPECT.search(text):
        text = _INVISIBLE.sub("", text)
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def _collapsed(text: str) -> str:
    if not (text.isascii() and text.replace("\n", "").isprintable()):
        text = _ODD_BLANK.sub(" ", text)
    if "  " in text:
        text = _BLANKS.sub(" ", text)
    if "\n" in text:  # replace() is free where there is nothing to do
        text = text.replace(" \n", "\n").replace("\n ", "\n")
        if "\n\n\n" in text:
            text = _EMPTY_LINES.sub("\n\n", text)
    return text.strip(" \n")


def _decoded(text: str) -> str:
    if looks_like_html(text):
        return text_of_html(text)
    if "&" not in text:
        return text
    decoded = _ENTITY.sub(_character, text)
    if _ESCAPED_TAG.match(text) and looks_like_html(decoded):
        return text_of_html(decoded)
    return decoded


def _character(entity: re.Match[str]) -> str:
    return html.unescape(entity[0])
