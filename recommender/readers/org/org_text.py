"""Turn the blocks of Org mode into HTML: headings, paragraphs, items, code and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from recommender.readers.org.org_code import CodeBlocks
from recommender.readers.org.org_inline import inline_html
from recommender.readers.org.org_outline import KEYWORD, Outline, heading_of

__all__ = ["Block", "org_blocks"]

_BEGIN = re.compile(r"[ \t]*#\+begin_([\w-]{1,40})(?:[ \t]+(.*))?", re.IGNORECASE)
_MARK = re.compile(
    r"[ \t]*(?:#(?:\+(?:begin|end)_.*|\+\S{1,40}(?:\[.*\])?:.*|[ \t].*)?|%%\(.*)", re.IGNORECASE
)
"""A keyword, a comment, or the beginning or end of a block whose text is part of the page."""

_RESULTS = re.compile(r"[ \t]*#\+results(?:\[[^\[\]]{0,100}\])?:", re.IGNORECASE)
_DRAWER = re.compile(r"[ \t]*:([\w-]{1,40}):[ \t]*")
_HIDDEN_DRAWERS = frozenset(("properties", "logbook"))
_PLANNING = re.compile(r"[ \t]*(?:(?:CLOSED|SCHEDULED|DEADLINE|CLOCK):[ \t]*[<\[].{0,200})")
_FIXED = re.compile(r"[ \t]*:(?:[ \t](.*))?")
_ITEM = re.compile(
    r"[ \t]*(?:[-+]|(?<=[ \t])\*|\d{1,4}[.)])(?:[ \t]+(?:\[@\w{1,9}\][ \t]*)?(?:\[[ Xx-]\](?:[ \t]+|$))?(.*))?"
)
_TERM = re.compile(r"(\S.{0,300}?)[ \t]+::(?:[ \t]+(.*))?")
_NOTE = re.compile(r"\[fn:[\w-]{1,60}\][ \t]*(.*)")
_RULE = re.compile(r"[ \t]*-{5,}[ \t]*")
_ROW = re.compile(r"[ \t]*\|.*")
_FORMULA = re.compile(r"[ \t]*\\begin\{([A-Za-z]{1,40}\*?)\}.*")
_COOKIE = re.compile(r"(?<=\|)[ \t]*<[lrc]?\d{0,3}>[ \t]*(?=\|)")
_HEADING_STARTS = re.compile(r"\*+[ \t]+\S")
_INLINE_TASK = 15  # level from which on a heading is a task in the text
_MOST_ENDLESS = 20  # blocks without an end, of different names, in a section
_APART = frozenset(("src", "example", "export", "html", "comment", "latex", "ascii", "texinfo", "ditaa"))
"""Blocks that hold no markup of Org mode. Other blocks hold paragraphs."""

_CODE, _FIXED_WIDTH = "pre", "fixed"

Block = tuple[str, str]
"""The name of an element of HTML, and what it holds as HTML."""


def org_blocks(lines: Sequence[str], outline: Outline) -> list[Block]:
    r"""Return the blocks of a text. Those in others follow each other.

    Dropped are keywords, comments, properties, formulas, and what a page does not export: headings with ``COMMENT``
    or the tag ``noexport``, and code or results that ``:exports`` excludes.

    Notes
    -----
    The time is linear in the length.

    Examples
    --------
    >>> from recommender.readers.org.org_outline import outline_of
    >>> org_blocks("* Rain\n- *Wet*\n- Cold\n#+begin_src\nx\n#+end_src".split("\n"), outline_of([]))
    [('h1', 'Rain'), ('li', 'Wet'), ('li', 'Cold'), ('pre', 'x')]
    """
    return list(_Blocks(lines, outline).read())


class _Blocks:
    """Reads the lines of a text one by one. `_text` holds those of the block that is not complete."""

    def __init__(self, lines: Sequence[str], outline: Outline) -> None:
        self._lines, self._outline = lines, outline
        self._text: list[str] = []
        self._element = "p"
        self._endless: set[str] = set()  # ends that no line below has, up to the next heading
        self._code = CodeBlocks(outline.exports)

    def read(self) -> Iterator[Block]:
        """Yield the blocks."""
        at = 0
        while at < len(self._lines):
            line = self._lines[at].rstrip()
            at += 1
            if (heading := heading_of(line, self._outline)) is not None:
                yield from self._finished()
                self._endless.clear()
                if heading.is_left_out:
                    at = self._below(at, heading.level)
                elif heading.level >= _INLINE_TASK:
                    self._text = [heading.text] * (heading.text != "END")
                elif heading.text and heading.text.lower() != "footnotes":
                    yield f"h{min(heading.level, 6)}", inline_html(heading.text).strip()
            elif not self._code.shows_results and _RESULTS.match(line):
                at = self._below_results(at)
            elif (end := self._hidden_end(line, at)) is not None:
                yield from self._finished()
                begin = _BEGIN.fullmatch(line)
                if begin and (
                    shown := self._code.html(begin[1].lower(), begin[2] or "", self._lines[at:end])
                ):
                    yield shown
                at = end + 1
            else:
                yield from self._line(line)
        yield from self._finished()

    def _below(self, at: int, level: int) -> int:
        """Return the number of the first line that does not belong to a heading of a level."""
        while at < len(self._lines):
            found = heading_of(self._lines[at].rstrip(), self._outline)
            if found is not None and found.level <= level:
                break
            at += 1
        return at

    def _below_results(self, at: int) -> int:
        """Return the number of the line below the results of a block: a block, a drawer, or lines up to a blank one."""
        first = self._lines[at].rstrip() if at < len(self._lines) else ""
        begin, drawer = _BEGIN.fullmatch(first), _DRAWER.fullmatch(first)
        if begin is not None or drawer is not None:
            end = self._end(at + 1, ":end:" if begin is None else f"#+end_{begin[1].lower()}")
            return at if end is None else end + 1
        while (
            at < len(self._lines) and self._lines[at].strip() and not _HEADING_STARTS.match(self._lines[at])
        ):
            at += 1
        return at

    def _hidden_end(self, line: str, at: int) -> int | None:
        """Return the number of the line that ends what a line begins, if it is code, raw or not part of the text."""
        if (begin := _BEGIN.fullmatch(line)) is not None:
            name = begin[1].lower()
            return self._end(at, f"#+end_{name}") if name in _APART else None
        if (drawer := _DRAWER.fullmatch(line)) is not None and drawer[1].lower() in _HIDDEN_DRAWERS:
            return self._end(at, ":end:")
        if (formula := _FORMULA.fullmatch(line)) is not None:
            end = f"\\end{{{formula[1].lower()}}}"
            return at - 1 if end in line.lower() else self._end(at, end)
        return None

    def _end(self, at: int, mark: str) -> int | None:
        if mark in self._endless or len(self._endless) > _MOST_ENDLESS:
            return None
        while at < len(self._lines) and not _HEADING_STARTS.match(self._lines[at]):
            if self._lines[at].strip().lower().startswith(mark):
                return at
            at += 1
        self._endless.add(mark)
        return None

    def _line(self, line: str) -> Iterator[Block]:
        """Read a line outside code."""
        if not line:
            yield from self._finished()
        elif line.lstrip()[0] in "#%" and _MARK.fullmatch(line):
            yield from self._finished()
            keyword = KEYWORD.fullmatch(line)
            name, value = (keyword[1].lower(), keyword[2] or "") if keyword is not None else ("", "")
            if name == "caption" and value:
                yield "p", inline_html(value)
            elif name in ("header", "headers"):
                self._code.add_options(value)
        elif _DRAWER.fullmatch(line) or _PLANNING.fullmatch(line) or _RULE.fullmatch(line):
            yield from self._finished()
        elif (fixed := _FIXED.fullmatch(line)) is not None:
            if self._element != _FIXED_WIDTH:
                yield from self._finished()
                self._element = _FIXED_WIDTH
            self._text.append(fixed[1] or "")
        elif _ROW.fullmatch(line):
            yield from self._finished()
            if cells := " ".join(_COOKIE.sub("", line).replace("|", " ").split()).strip("-+ "):
                yield "p", inline_html(cells)
        else:
            yield from self._prose(line)

    def _prose(self, line: str) -> Iterator[Block]:
        """Read a line that begins or goes on with a paragraph or an item."""
        item = _ITEM.fullmatch(line)
        note = _NOTE.fullmatch(line)
        if item is not None or note is not None or self._element == _FIXED_WIDTH:
            yield from self._finished()
        if item is not None:
            text = item[1] or ""
            term = _TERM.fullmatch(text)
            self._element, line = "li", text if term is None else f"{term[1]}: {term[2] or ''}"
        elif note is not None:
            line = note[1]
        self._text.append(line.strip())

    def _finished(self) -> Iterator[Block]:
        """Yield the block that is complete, if there is one."""
        element, text = self._element, "\n".join(self._text)
        self._text, self._element = [], "p"
        if not text.strip():
            return
        if element == _FIXED_WIDTH:
            yield _CODE, escape(text.strip("\n"), quote=False)
        elif html := inline_html(text).strip():
            yield element, html
