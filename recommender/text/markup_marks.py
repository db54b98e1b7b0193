"""Marks around what is set apart from running text in HTML and Markdown: headings, code, quotations and links.

Links cannot be put there. The marks are noncharacters of Unicode, which texts do not hold.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

__all__ = ["CLOSE", "OPEN", "marked_markdown", "may_hold_marks", "unmarked"]

OPEN, CLOSE = "\ufdd0", "\ufdd1"

_FENCED = r"^[ ]{0,3}(?P<fence>`{3,}|~{3,})[^\n]*$.*?(?:^[ ]{0,3}(?P=fence)[`~]*[ \t]*$|\Z)"
_INLINE_CODE = (
    r"(?<!`)`[^`\n]{1,500}`(?!`)"  # most of it
    r"|(?<!`)(?P<ticks>`{1,3})(?!`)[^\n]{1,500}?(?<!`)(?P=ticks)(?!`)"
)
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
_ADDRESS = r"<?(?:(?<![a-zA-Z])[a-zA-Z][a-zA-Z+.-]{1,20}://|www\.)[^\s<>\"']+>?"
_MAIL = r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{2,64}"
_INDENTED = r"(?:\A|(?<=\n\n))(?:(?:[ ]{4}|\t)[^\n]*(?:\n|\Z))+"


class _Kind(NamedTuple):
    """What is set apart in one way. Each occurrence has one of the signs, which are looked for in less time."""

    pattern: str
    signs: tuple[str, ...]
    in_html: bool = True


_KINDS = (
    _Kind(_FENCED, ("```", "~~~")),
    _Kind(_INDENTED, ("    ", "\t"), in_html=False),
    _Kind(_INLINE_CODE, ("`",)),
    _Kind(_TEMPLATE, ("{{", "{%")),
    _Kind(_HEADINGS[0], ("#",)),
    _Kind(_HEADINGS[1], ("==", "---")),
    _Kind(_HEADINGS[2], ("==",)),
    _Kind(_QUOTED, (">",), in_html=False),
    _Kind(_LINK, ("[",)),
    _Kind(_ADDRESS, ("://", "www.")),
    _Kind(_MAIL, ("@",)),
)
_SIGNS = tuple(dict.fromkeys(sign for kind in _KINDS for sign in kind.signs))


@cache
def _pattern(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(parts), re.MULTILINE | re.DOTALL)


def marked_markdown(text: str, *, is_html: bool) -> str:
    r"""Return Markdown with marks. In HTML, indented and quoted lines have no meaning.

    Examples
    --------
    >>> marked_markdown("Rain in [May](may.md) and `June`", is_html=False)
    'Rain in \ufdd0[May](may.md)\ufdd1 and \ufdd0`June`\ufdd1'
    """
    signs = {sign for sign in _SIGNS if sign in text}
    parts = [
        kind.pattern for kind in _KINDS
        if not signs.isdisjoint(kind.signs) and (kind.in_html or not is_html)
    ] if signs else []  # fmt: skip
    if not parts:
        return text
    return _pattern(*parts).sub(lambda found: f"{OPEN}{found[0]}{CLOSE}", text)


def may_hold_marks(text: str) -> bool:
    """Return whether a text in ASCII has one of the signs of what is set apart, or of HTML."""
    return "<" in text or "&" in text or any(sign in text for sign in _SIGNS)


def unmarked(text: str) -> str:
    """Return a text without marks."""
    return text if text.isascii() else text.replace(OPEN, "").replace(CLOSE, "")
