"""Turn the blocks of AsciiDoc into HTML: headings, paragraphs, items, code and tables. No file is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape, unescape

from recommender.readers.asciidoc.asciidoc_attributes import Attributes
from recommender.readers.asciidoc.asciidoc_inline import Address, inline_html

__all__ = ["Block", "asciidoc_blocks"]

_VERBATIM = re.compile(r"(-{4,}|\.{4,}|\+{4,}|/{4,}|```)(?:[\w+#.-]{0,40}|[ \t]*\{[^{}]*\})?")
_CONTAINER = re.compile(r"={4,}|\*{4,}|_{4,}|--|'''|---|\*\*\*|- - -|\* \* \*|<<<|\+")
_TABLE = re.compile(r"[|,:!]={3,}")
_CELL = re.compile(r"(?<!\\)(?:(?<!\S)(?:\d{1,3}(?:\.\d{1,3})?[+*]|\.\d{1,3}[+*])?[<^>.]{0,4}[adehlmsv]?)?\|")
_STYLE = re.compile(r"\[(?:\[[^\[\]]*\]|[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*)\]")
_TITLE = re.compile(r"\.([^.\s].*)")
_HEADING = re.compile(r"(={1,6}|#{1,6})[ \t]+(\S.*)")
_UNDERLINE = {"=": 1, "-": 2, "~": 3, "^": 4, "+": 5}
_ITEM = re.compile(
    r"[ \t]*(?:[-*]|\*{2,6}|\.{1,6}|\d{1,3}\.|[a-zA-Z]\.|<[\d.]{1,3}>)[ \t]+(?:\[[ x*]\][ \t]+)?(\S.*)"
)
_TERM = re.compile(r"[ \t]*(\S.{0,300}?)(?::{2,4}|;;)(?:[ \t]+(.*))?")
_MACRO = re.compile(r"(?:\w{2,40}::\S{0,500}|(?:image|video|audio)::[^\[\]]{1,500})\[.*\]")
_ADMONITION = re.compile(r"(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION):[ \t]+")
_CODE_STYLES = frozenset(("source", "listing", "literal", "console", "subs"))
_HIDDEN_STYLES = frozenset(
    ("stem", "latexmath", "asciimath", "comment", "plantuml", "mermaid", "ditaa", "graphviz")
)
_MARKUP = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^<>]*>", re.DOTALL | re.IGNORECASE)

Block = tuple[str, str]
"""The name of an element of HTML, and what it holds as HTML."""


def asciidoc_blocks(lines: Sequence[str], attributes: Attributes, address: Address = str) -> list[Block]:
    r"""Return the blocks of a text. Those in others follow each other.

    Notes
    -----
    The time is linear in the length.

    Examples
    --------
    >>> asciidoc_blocks("== Rain\n\n* *Wet*\n* Cold\n\n----\nx\n----".split("\n"), Attributes({}))
    [('h2', 'Rain'), ('li', 'Wet'), ('li', 'Cold'), ('pre', 'x')]
    """
    return list(_Blocks(lines, attributes, address).read())


class _Blocks:
    """Reads the lines of a text one by one. `_text` holds those of the block that is not complete."""

    def __init__(self, lines: Sequence[str], attributes: Attributes, address: Address) -> None:
        self._lines, self._attributes, self._address = lines, attributes, address
        self._text: list[str] = []
        self._element, self._style, self._last = "p", "", ""
        self._is_table = False

    def read(self) -> Iterator[Block]:
        """Yield the blocks."""
        at = 0
        while at < len(self._lines):
            line = self._lines[at].rstrip()
            at += 1
            fence = _VERBATIM.fullmatch(line)
            if fence and self._is_underlined(line):
                level = _UNDERLINE[line[0]]
                yield f"h{level}", self._inline(self._text.pop())
            elif fence:
                yield from self._finished()
                end = self._end(at, fence[1])
                yield from self._verbatim(line[0], self._lines[at:end])
                at = end + 1
            else:
                yield from self._line(line)
        yield from self._finished()

    def _line(self, line: str) -> Iterator[Block]:
        """Read a line outside code."""
        if self._is_underlined(line):
            yield f"h{_UNDERLINE[line[0]]}", self._inline(self._text.pop())
        elif not line or _CONTAINER.fullmatch(line):
            yield from self._finished()
            self._style = "" if line else self._style
        elif _TABLE.fullmatch(line):
            yield from self._finished()
            self._is_table, self._style = not self._is_table, ""
        elif line.startswith("//") and not line.startswith("///"):
            return
        elif self._is_table and _CELL.search(line):
            yield from self._finished()
            self._text.append(" ".join(_CELL.sub(" ", line).replace("\\|", "|").split()))
        elif line[0] == "[" and _STYLE.fullmatch(line):
            yield from self._finished()
            self._style = re.split(r"[,.%#\s\]]", line[1:], maxsplit=1)[0].lower() or self._style
        else:
            yield from self._prose(line)

    def _prose(self, line: str) -> Iterator[Block]:
        """Read a line that begins or goes on with a paragraph, an item or a heading."""
        if not self._text or self._element == "li":
            if _MACRO.fullmatch(line) or (not self._text and self._attributes.set(line)):
                yield from self._finished()
                return
            if (item := _ITEM.fullmatch(line)) is not None:
                yield from self._finished()
                self._element, line = "li", item[1]
            elif not self._text and (heading := _HEADING.fullmatch(line)) is not None:
                yield f"h{len(heading[1])}", self._inline(heading[2])
                return
            elif not self._text and (title := _TITLE.fullmatch(line)) is not None:
                yield "p", self._inline(title[1])
                return
            elif (term := _TERM.fullmatch(line)) is not None:
                yield from self._finished()
                self._element, line = "li", f"{term[1]}: {term[2] or ''}".rstrip()
            elif not self._text and line[0] in " \t" and self._last != "li":
                self._element = "pre"
        self._text.append(line if self._element == "pre" else line.strip())

    def _is_underlined(self, line: str) -> bool:
        """Return whether a line makes a heading of the only line above it."""
        if (
            len(self._text) != 1
            or self._style
            or self._element != "p"
            or len(line) < 4
            or line[0] not in _UNDERLINE
        ):
            return False
        return (
            not line.strip(line[0]) and abs(len(line) - len(self._text[0])) < 2 and self._text[0][0].isalnum()
        )

    def _end(self, at: int, fence: str) -> int:
        """Return the number of the line that ends a block of code."""
        while at < len(self._lines) and self._lines[at].rstrip() != fence:
            at += 1
        return at

    def _verbatim(self, kind: str, inside: Sequence[str]) -> Iterator[Block]:
        style, self._style = self._style, ""
        text = "\n".join(inside).strip("\n")
        if kind == "/" or style in _HIDDEN_STYLES or not text.strip():
            return
        if kind == "+":
            yield "p", escape(" ".join(unescape(_MARKUP.sub(" ", text)).split()), quote=False)
        else:
            yield "pre", escape(text, quote=False)
        self._last = "pre"

    def _finished(self) -> Iterator[Block]:
        """Yield the block that is complete, if there is one."""
        if not self._text:
            return
        element, style = self._element, self._style
        text = "\n".join(self._text)
        self._text, self._element, self._style, self._last = [], "p", "", element
        if style in _HIDDEN_STYLES:
            return
        if element == "pre" or style in _CODE_STYLES:
            yield "pre", escape(self._attributes.put(text), quote=False)
        elif html := self._inline(_ADMONITION.sub("", text, count=1)).strip():
            yield element, html

    def _inline(self, text: str) -> str:
        return inline_html(self._attributes.put(text), self._address)
