"""Turn the blocks of Org mode into HTML: headings, paragraphs, items, code and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from recommender.readers.org.org_inline import inline_html
from recommender.readers.org.org_outline import KEYWORD, Outline, heading_of

__all__ = ["Block", "org_blocks"]

_BEGIN = re.compile(r"[ \t]*#\+begin_([\w-]{1,40})(?:[ \t]+(.*))?", re.IGNORECASE)
_MARK = re.compile(r"[ \t]*#(?:\+(?:begin|end)_.*|\+\S{1,40}(?:\[.*\])?:.*|[ \t].*)?", re.IGNORECASE)
"""A keyword, a comment, or the beginning or end of a block whose text is part of the page."""

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
_ESCAPE = re.compile(r"^([ \t]*),(?=,*(?:\*|#\+))", re.MULTILINE)
_NOT_EXPORTED = re.compile(r":exports[ \t]+(?:none|results)\b")
_VERBATIM = frozenset(("src", "example"))
_HIDDEN = frozenset(("comment", "latex", "ascii", "texinfo", "ditaa"))
_DRAWN = frozenset(("plantuml", "dot", "ditaa", "mermaid", "gnuplot", "latex"))
"""Languages whose code shows as a picture."""

_RAW = frozenset(("html", "hugo", "md", "markdown"))
_CODE, _FIXED_WIDTH = "pre", "fixed"

Block = tuple[str, str]
"""The name of an element of HTML, and what it holds as HTML."""


def org_blocks(lines: Sequence[str], outline: Outline) -> list[Block]:
    r"""Return the blocks of a text. Those in others follow each other.

    Dropped are keywords, comments, properties, formulas, and what a page does not export: headings with ``COMMENT``
    or the tag ``noexport``, and code with ``:exports none``.

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
                elif heading.text:
                    yield f"h{min(heading.level, 6)}", inline_html(heading.text)
            elif (end := self._hidden_end(line, at)) is not None:
                yield from self._finished()
                yield from self._verbatim(line, self._lines[at:end])
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

    def _hidden_end(self, line: str, at: int) -> int | None:
        """Return the number of the line that ends what a line begins, if it is code, raw or not part of the text."""
        if (begin := _BEGIN.fullmatch(line)) is not None:
            name = begin[1].lower()
            is_apart = name in _VERBATIM or name in _HIDDEN or name in ("export", "html")
            return self._end(at, f"#+end_{name}") if is_apart else None
        if (drawer := _DRAWER.fullmatch(line)) is not None and drawer[1].lower() in _HIDDEN_DRAWERS:
            return self._end(at, ":end:")
        if (formula := _FORMULA.fullmatch(line)) is not None:
            end = f"\\end{{{formula[1].lower()}}}"
            return at - 1 if end in line.lower() else self._end(at, end)
        return None

    def _end(self, at: int, mark: str) -> int | None:
        if mark in self._endless:
            return None
        while at < len(self._lines) and not self._lines[at].startswith("* "):
            if self._lines[at].strip().lower().startswith(mark):
                return at
            at += 1
        self._endless.add(mark)
        return None

    def _verbatim(self, line: str, inside: Sequence[str]) -> Iterator[Block]:
        """Yield code, and the HTML that a page exports."""
        begin = _BEGIN.fullmatch(line)
        if begin is None:
            return
        name, options = begin[1].lower(), begin[2] or ""
        language = options.split(maxsplit=1)[0].lower() if options else ""
        text = "\n".join(inside).strip("\n")
        if name == "html" or (name == "export" and language in _RAW):
            yield "div", text
        elif name in _VERBATIM and text.strip() and not (language in _DRAWN or _NOT_EXPORTED.search(options)):
            yield "pre", escape(_ESCAPE.sub(r"\1", text), quote=False)

    def _line(self, line: str) -> Iterator[Block]:
        """Read a line outside code."""
        if not line:
            yield from self._finished()
        elif line.lstrip()[0] == "#" and _MARK.fullmatch(line):
            yield from self._finished()
            keyword = KEYWORD.fullmatch(line)
            if keyword is not None and keyword[1].lower() == "caption" and keyword[2]:
                yield "p", inline_html(keyword[2])
        elif _DRAWER.fullmatch(line) or _PLANNING.fullmatch(line) or _RULE.fullmatch(line):
            yield from self._finished()
        elif (fixed := _FIXED.fullmatch(line)) is not None:
            if self._element != _FIXED_WIDTH:
                yield from self._finished()
                self._element = _FIXED_WIDTH
            self._text.append(fixed[1] or "")
        elif _ROW.fullmatch(line):
            yield from self._finished()
            if cells := " ".join(line.strip().strip("|").replace("|", " ").split()).strip("-+ "):
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
