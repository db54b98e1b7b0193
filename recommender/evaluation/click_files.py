"""Reads click logs from files with one row per impression.

`query` is the article whose page was visited, `shown` the article listed there at `position`, and `clicked`
whether it was clicked.
"""

from __future__ import annotations

import csv
import os
import warnings
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from recommender.errors import InputError, Problem
from recommender.evaluation.clicks import MAX_POSITION, ClickLog, Impression
from recommender.readers.inputs.sources import Given, Source, lines_of, name_of, open_source
from recommender.readers.json.jsonl import read_jsonl

__all__ = ["click_files", "ends_torn", "read_clicks"]

_COLUMNS = ("query", "shown", "position", "clicked")
_POSITIONS = {str(position): position for position in range(1, MAX_POSITION + 1)}
_CLICKED = {"0": False, "1": True, "false": False, "true": True}


def read_clicks(given: Given) -> ClickLog:
    """Read a click log as a stream.

    Supported formats are CSV (comma or semicolon), TSV and JSON Lines, each plain, gzip- or zstd-compressed.

    Parameters
    ----------
    given : path, "-" for standard input, or binary file
        One row per impression, with the columns or fields ``query``, ``shown``, ``position`` (1 to 1,000) and
        ``clicked`` (0 or 1, or false or true). Other columns are ignored. Of a folder all files are read, such as
        those of the days that the service logged.

    Raises
    ------
    InputError
        If rows are invalid (each is listed as ``file:line``), columns are missing, there are no impressions,
        or a file cannot be read.

    Warns
    -----
    UserWarning
        If the last line of JSON Lines was cut short, as in a crash. It is left out.
    """
    problems: list[Problem] = []
    files = click_files(Path(given)) if isinstance(given, str | Path) and Path(given).is_dir() else [given]
    log = ClickLog.from_rows(chain.from_iterable(_rows_of(each, problems) for each in files))
    if not problems and not len(log):
        next_move = f"give rows under a header {','.join(_COLUMNS)}, or JSON Lines"
        problems.append(Problem("no impressions", "an empty log", next_move, name_of(given)))
    if problems:
        raise InputError(problems)
    return log


def click_files(folder: Path) -> list[Path]:
    """Return the files of a log in a folder by name, without hidden ones."""
    return sorted(each for each in folder.iterdir() if each.is_file() and not each.name.startswith("."))


def ends_torn(path: Path) -> bool:
    """Return whether the last line of a file has no end."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(size - 1, 0))
        return file.read(1) not in (b"", b"\n")


def _rows_of(given: Given, problems: list[Problem]) -> Iterator[Impression]:
    with open_source(given) as source:
        yield from _impressions(source, problems)


def _impressions(source: Source, problems: list[Problem]) -> Iterator[Impression]:
    """Yield the valid rows. Problems with the others are appended to `problems`."""
    for line, fields in _json_rows(source) if source.head.lstrip()[:1] == b"{" else _table_rows(source):
        parsed = fields if isinstance(fields, Problem) else _impression(fields)
        if isinstance(parsed, tuple):
            yield parsed
        else:
            found = [parsed] if isinstance(parsed, Problem) else parsed
            problems += [problem.at(source.name, line) for problem in found]


def _impression(fields: Mapping[str, Any]) -> Impression | list[Problem]:
    query, shown, position, clicked = map(fields.get, _COLUMNS)
    place = _POSITIONS.get(str(position).strip())
    click = _CLICKED.get(str(clicked).strip().lower())
    if _is_id(query) and _is_id(shown) and place is not None and click is not None:
        return str(query), str(shown), place, click
    problems = [
        Problem(f"expected an article id as {name!r}", repr(value)[:40])
        for name, value in (("query", query), ("shown", shown))
        if not _is_id(value)
    ]
    if place is None:
        next_move = "count the first entry of a list as 1" if str(position) == "0" else ""
        what = f"expected a whole number from 1 to {MAX_POSITION:,} as 'position'"
        problems.append(Problem(what, repr(position)[:40], next_move))
    if click is None:
        problems.append(Problem("expected 0 or 1 as 'clicked'", repr(clicked)[:40]))
    return problems


def _is_id(value: object) -> bool:
    return value.strip() != "" if isinstance(value, str) else type(value) is int


def _json_rows(source: Source) -> Iterator[tuple[int | None, Mapping[str, Any] | Problem]]:
    """Yield the rows of JSON Lines. A last line that is no JSON and has no end is left out with a warning."""
    bad: tuple[int | None, Problem] | None = None
    for row in read_jsonl(source):
        if bad is not None:
            yield bad
        bad = None
        if isinstance(row.content, InputError):
            raise row.content
        if isinstance(row.content, Problem):
            bad = row.line, row.content  # only what follows shows whether it was the last
        elif row.content is not None:
            yield row.line, row.content
    if bad is None:
        return
    if source.path is None or source.packed or not ends_torn(source.path):
        yield bad
    else:
        said = "the last line was cut short and is left out"
        warnings.warn(f"{source.name}:{bad[0]}: {said}", stacklevel=2)


def _table_rows(source: Source) -> Iterator[tuple[int, Mapping[str, Any] | Problem]]:
    header = source.head.lstrip().partition(b"\n")[0]
    delimiter = next((mark for mark in "\t,;" if mark.encode() in header), ",")
    lines = (line.decode("utf-8", "surrogateescape") for _, line in lines_of(source))
    records = csv.reader(lines, delimiter=delimiter, strict=True)
    columns: list[str] | None = None
    while True:
        number = records.line_num + 1
        try:
            cells = next(records, None)
        except csv.Error as error:
            yield number, Problem("invalid CSV", str(error), "check the quotes in this row")
            continue
        if cells is None:
            return
        if columns is None and any(cells):
            columns = _header(cells, source.name, number)
        elif columns is not None and any(cells):
            yield number, _fields(columns, cells)


def _header(cells: list[str], source: str, line: int) -> list[str]:
    columns = [cell.strip() for cell in cells]
    got = ", ".join(map(repr, columns))[:200]
    missing = [name for name in _COLUMNS if columns.count(name) != 1]
    if missing:
        next_move = f"name the columns {', '.join(_COLUMNS)}, each once"
        raise InputError(Problem(f"no column {name!r}", got, next_move, source, line) for name in missing)
    return columns


def _fields(columns: list[str], cells: list[str]) -> Mapping[str, str] | Problem:
    if len(cells) != len(columns):
        return Problem("wrong number of cells", f"{len(cells)} for {len(columns)} columns")
    if not all(cell.isprintable() or cell.isascii() for cell in cells):
        try:
            "".join(cells).encode("utf-8")
        except UnicodeEncodeError:
            return Problem("not UTF-8", "", "convert the file to UTF-8")
    return dict(zip(columns, cells, strict=True))
