"""Marks around what is set apart from running text in HTML and Markdown: headings, code, quotations and links.

Links cannot be put there. The marks are noncharacters of Unicode, which texts do not hold.
"""

from __future__ import annotations

import re

__all__ = ["CLOSE", "OPEN", "marked_markdown", "unmarked"]

OPEN, CLOSE = "\ufdd0", "\ufdd1"

_SIGNS = re.compile(
    r"[\[`#@>\t~{]|://|www\.|==|--|\n {4}|\A {4}"
)  # a fast test: text without these has no marks
_FENCED = r"^[ ]{0,3}(?P<fence>`{3,}|~{3,})[^\n]*$.*?(?:^[ ]{0,3}(?P=fence)[`~]*[ \t]*$|\Z)"
_INLINE_CODE = r"(?<!`)(?P<ticks>`{1,3})(?!`)[^\n]{1,500}?(?<!`)(?P=ticks)(?!`)"
_TEMPLATE = r"\{[{%].{0,2000}?[%}]\}"
_HEADINGS = (
    r"^[ ]{0,3}\#{1,6}[ \t][^\n]*$",
    r"^[^\n]+\n[ ]{0,3}(?:={2,}|-{3,})[ \t]*$",
    r"^={2,}[^=\n]{1,300}={2,}[ \t]*$",  # of wikis
)
_QUOTED = r"^[ ]{0,3}>[^\n]*$"
# In brackets are links, their labels, images, and definitions of addresses.
_LINK = (
    r"!?\[(?:[^\[\]]|\[[^\[\]]{0,200}\]){0,400}\]"
    r"(?:\((?:[^()\n]|\([^()\n]{0,200}\)){0,2000}\)|\[[^\[\]\n]{0,200}\]|:[^\n]*$)?"
)
_ADDRESS = r"<?(?:[a-zA-Z][a-zA-Z+.-]{1,20}://|www\.)[^\s<>\"']+>?|[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{2,64}"
_INDENTED = r"(?:\A|(?<=\n\n))(?:(?:[ ]{4}|\t)[^\n]*(?:\n|\Z))+"


def _pattern(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(parts), re.MULTILINE | re.DOTALL)


_IN_HTML = _pattern(_FENCED, _INLINE_CODE, _TEMPLATE, *_HEADINGS, _LINK, _ADDRESS)
_IN_TEXT = _pattern(_FENCED, _INDENTED, _INLINE_CODE, _TEMPLATE, *_HEADINGS, _QUOTED, _LINK, _ADDRESS)


def marked_markdown(text: str, *, is_html: bool) -> str:
    r"""Return Markdown with marks. In HTML, indented and quoted lines have no meaning.

    Examples
    --------
    >>> marked_markdown("Rain in [May](may.md) and `June`", is_html=False)
    'Rain in \ufdd0[May](may.md)\ufdd1 and \ufdd0`June`\ufdd1'
    """
    if not _SIGNS.search(text):
        return text
    pattern = _IN_HTML if is_html else _IN_TEXT
    return pattern.sub(lambda found: f"{OPEN}{found[0]}{CLOSE}", text)


def unmarked(text: str) -> str:
    """Return a text without marks."""
    return text if text.isascii() else text.replace(OPEN, "").replace(CLOSE, "")
