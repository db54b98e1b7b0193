"""Reads rules from a table saved by a spreadsheet: ``action,article,other,position``."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from recommender.editors.rule import Row
from recommender.errors import Problem

__all__ = ["table_rows"]

_NEEDED = ("action", "article", "other")
_WHO = ("by", "at")
_COLUMNS = (*_NEEDED, "position", "note", *_WHO)
_ACTIONS = ("pin", "block", "block-pair", "block-everywhere")


class _Lines:
    """Lines for the CSV reader. A record that starts with ``#`` is a comment line, even with quotes."""

    def __init__(self, text: str) -> None:
        self._lines = io.StringIO(text, newline="")  # splits lines as CSV does and keeps line ends
        self.starts = True

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            comment = self.starts and line.lstrip().startswith("#")
            self.starts = False
            yield "\n" if comment else line


def table_rows(text: str) -> Iterator[Row]:
    """Yield each rule of a table with the line where it starts.

    The first line that is neither blank nor a comment names the columns, in any order. The delimiter is the
    first of tab, ``;`` and ``,`` that occurs in this line. Spaces around cells, blank rows, and missing or
    empty cells at the end of a row are ignored.
    """
    lines = _Lines(text)
    records = csv.reader(lines, delimiter=_delimiter(text), strict=True)
    columns: list[str] | None = None
    while True:
        line = records.line_num + 1
        lines.starts = True
        try:
            cells = [cell.strip() for cell in next(records)]
        except StopIteration:
            return
        except csv.Error as error:
            yield line, Problem("not CSV", str(error), "check the quotes of this row")
            continue
        if not any(cells) or cells[0].startswith("#"):
            continue
        if columns is None:
            columns = [cell.lower() for cell in cells]
            problem = _header_problem(columns)
            if problem:
                yield line, problem
                return
        elif any(cells[len(columns) :]):
            yield line, Problem("wrong number of cells", f"{len(cells)} under {len(columns)} columns")
        else:
            cells += [""] * (len(columns) - len(cells))
            yield line, _arguments(dict(zip(columns, cells, strict=False)))


def _delimiter(text: str) -> str:
    lines = (line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#"))
    header = next(lines, "")
    return next((mark for mark in "\t;" if mark in header), ",")


def _header_problem(columns: list[str]) -> Problem | None:
    named = [name for name in columns if name]
    move = f"begin with the line {','.join(_COLUMNS[:4])}"
    for name in _NEEDED:
        if name not in named:
            return Problem(f"no column {name!r}", ", ".join(named)[:80], move)
    for name in named:
        if name not in _COLUMNS:
            return Problem("unknown column", repr(name)[:60], f"{move}; put comments in a column 'note'")
        if named.count(name) > 1:
            return Problem("duplicate column", repr(name), move)
    return None


def _arguments(row: dict[str, str]) -> dict[str, Any] | Problem:
    action = "-".join(row["action"].lower().replace("_", "-").split())
    article, other, position = row["article"], row["other"], row.get("position", "")
    who = {name: row.get(name, "") for name in _WHO}
    if action not in _ACTIONS:
        return Problem("unknown action", repr(row["action"])[:60], f"the actions are {', '.join(_ACTIONS)}")
    if action == "block-everywhere":
        if article and other:
            return Problem("block-everywhere takes one article", f"{article!r} and {other!r}"[:80])
        article = article or other
        missing = not article
    else:
        missing = not (article and other)
    if missing:
        empty = "article" if not article else "other"
        return Problem(f"no article id under {empty!r}")
    if action == "pin":
        return {"on": article, "show": other, "position": position or None, **who}
    if position:
        return Problem("a block has no position", repr(position)[:60], "empty the cell")
    if action == "block-everywhere":
        return {"hide": article, **who}
    return {"on": article, "hide": other, "pair": action == "block-pair", **who}
