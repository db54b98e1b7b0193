"""Normalises raw text or HTML to tidy plain text, the only form that later stages read."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

from recommender.text.combining_marks import few_marks
from recommender.text.markup import looks_like_html, text_of_html
from recommender.text.markup_marks import marked_markdown, unmarked

__all__ = ["marked_text", "plain_text"]

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_ESCAPED_TAG = re.compile(
    r"\s*&lt;(?:!doctype|!--|html|body|article|section|div|p|h[1-6]|ul|ol|table)\b", re.I
)

_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_ODD_BLANK = re.compile(r"[^\S \n]")
_BLANKS = re.compile("  +")
_EMPTY_LINES = re.compile("\n{3,}")

# Invisible characters: controls, lone surrogates, non-characters, zero-width and direction marks, soft
# hyphens, variation selectors (except Mongolian ones) and tags. With them, two words could differ and look
# the same.
_UNSEEN = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# The joiners U+200C and U+200D are part of the spelling in Arabic, Syriac, N'Ko, the scripts of India,
# Sinhala, Tibetan, Myanmar, Khmer and Mongolian. They are kept between two letters of these scripts and
# removed elsewhere (also in emoji).
_JOINED = (
    "\u0600-\u08ff\u0900-\u0dff\u0f00-\u0fff\u1000-\u109f\u1780-\u18af\ua840-\ua87f\ua8e0-\ua8ff\uaa60-\uaa7f"
)
_SUSPECT = re.compile(f"[{_UNSEEN}\u200c\u200d]")
_PRINTABLE = re.compile(
    "[\u034f\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)  # those of them that Python calls printable
_INVISIBLE = re.compile(
    f"[{_UNSEEN}]|(?<![{_JOINED}])[\u200c\u200d]+|[\u200c\u200d]+(?![{_JOINED}\u200c\u200d])"
)


def plain_text(raw: str) -> str:
    r"""Return the displayed text of `raw` as tidy lines.

    HTML is converted if there is evidence of it (see `looks_like_html`); text that only contains ``<`` is
    kept. Entities that end in a semicolon are decoded once. A body that is escaped as a whole (for
    example, it starts with ``&lt;p`` and has no real tags) is decoded first and then read as HTML. The
    result is Unicode NFC, with at most 30 combining marks in a row. Control and zero-width characters are
    removed; the joiners U+200C and U+200D remain inside words of the scripts that use them in spelling.
    Runs of spaces become one, lines are stripped, and at most one empty line separates lines.

    Parameters
    ----------
    raw : str
        Plain text or HTML of any length.

    Returns
    -------
    str
        May be empty. If it contains no entities and no evidence of HTML, ``plain_text`` returns it unchanged.
        Text *about* entities or tags (``&amp;lt;p&amp;gt;``) is decoded by one level per call, by design.

    Notes
    -----
    Linear in the length. Tidy ASCII without ``<`` and ``&`` is returned unchanged, at gigabytes per second.

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


def marked_text(raw: str) -> str:
    r"""Return the displayed text with marks around headings, code, quotations and links; see `markup_marks`.

    Without marks and white space it has the characters of `plain_text`.

    Examples
    --------
    >>> marked_text("<h2>May</h2><p>It <a href='/rain'>rained</a>.")
    '\ufdd0\n\nMay\ufdd1\n\nIt \ufdd0rained\ufdd1.'
    """
    text = unmarked(_visible(raw))
    if not looks_like_html(text) and "&" in text:
        decoded = _ENTITY.sub(_character, text)
        if not (_ESCAPED_TAG.match(text) and looks_like_html(decoded)):
            return _visible(marked_markdown(decoded, is_html=False))
        text = decoded
    if looks_like_html(text):
        return _visible(text_of_html(marked_markdown(text, is_html=True), marks=True))
    return marked_markdown(text, is_html=False)


def _is_tidy(raw: str) -> bool:
    """Return whether `raw` certainly needs no change, by fast string methods only."""
    if not raw.isascii() or "<" in raw or "&" in raw or "  " in raw:
        return False
    if "\n" not in raw:
        return raw.isprintable() and raw[:1] != " " and raw[-1:] != " "
    if " \n" in raw or "\n " in raw or "\n\n\n" in raw:
        return False
    return raw.replace("\n", "").isprintable() and raw[0] not in " \n" and raw[-1] not in " \n"


@lru_cache(maxsize=2)  # a text and its marks are made one after the other
def _visible(text: str) -> str:
    """Unify line ends, remove invisible characters and excess marks, and compose the characters left adjacent."""
    is_printable = text.replace("\n", "").replace("\t", "").isprintable()
    if text.isascii() and is_printable:
        return text
    if not is_printable:
        text = _LINE_ENDS.sub("\n", text)
    if (_PRINTABLE if is_printable else _SUSPECT).search(text):
        text = _INVISIBLE.sub("", text)
    text = few_marks(text)
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def _collapsed(text: str) -> str:
    if not (text.isascii() and text.replace("\n", "").isprintable()):
        text = _ODD_BLANK.sub(" ", text)
    if "  " in text:
        text = _BLANKS.sub(" ", text)
    if "\n" in text:
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
