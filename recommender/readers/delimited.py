"""Tables as text: CSV (comma or semicolon) and TSV, streamed; quoted fields may hold line ends."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from recommender.errors import InputError, Problem
from recommender.readers.rows import Row, missing_columns
from recommender.readers.sources import MAX_LINE_BYTES, Source, lines_of

__all__ = ["read_csv", "read_tsv"]


def read_csv(source: Source) -> Iterator[Row]:
    """Yield a row for each record; the delimiter is ``;`` if the header has some and no comma, else ``,``."""
    header = source.head.lstrip().partition(b"\n")[0]
    return _read(source, ";" if b";" in header and b"," not in header else ",")


def read_tsv(source: Source) -> Iterator[Row]:
    """Yield a row for each record between tabs, quoted as in CSV where it must be."""
    return _read(source, "\t")


def _read(source: Source, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(
        max(csv.field_size_limit(), MAX_LINE_BYTES)
    )  # the module's only setting; 128 KiB at first
    # strict: a quote that never closes would otherwise swallow the rest of the file in silence
    records = csv.reader(_text(source), delimiter=delimiter, strict=True)
    columns: list[str] | None = None
    while True:
        line = records.line_num + 1
        try:
            cells = next(records, None)
        except csv.Error as error:
            yield Row(source.name, line, Problem("not CSV", str(error), "check the quotes of this record"))
            continue
        if cells is None:
            return
        if not any(cells):
            yield Row(source.name, line, None)
        elif columns is None:
            columns = _header(cells, source.name, line)
        else:
            yield Row(source.name, line, _fields(columns, cells), cells)


def _text(source: Source) -> Iterator[str]:
    """Yield lines as text; bytes that are not UTF-8 as half characters, so that only their record is bad."""
    for number, line in lines_of(source):
        if len(line) > MAX_LINE_BYTES:
            limit = f"line longer than {MAX_LINE_BYTES // 2**20} MiB"
            raise InputError(Problem(limit, "", "is it CSV? else split the article", source.name, number))
        yield line.decode("utf-8", "surrogateescape")


def _header(cells: list[str], source: str, line: int) -> list[str]:
    columns = [cell.strip() for cell in cells]
    problems = [problem.at(source, line) for problem in missing_columns(columns)]
    if problems:
        raise InputError(problems)
    return columns


def _fields(columns: list[str], cells: list[str]) -> dict[str, Any] | Problem:
    if len(cells) != len(columns):
        got = f"{len(cells)} under {len(columns)} columns"
        return Problem("wrong number of cells", got, "quote cells that hold a delimiter or a line end")
    joined = "".join(cells)
    if not joined.isascii():
        try:
            joined.encode("utf-8")
        except UnicodeEncodeError as error:
            byte = f"byte 0x{ord(joined[error.start]) & 0xFF:02x}"
            return Problem("not UTF-8", byte, "convert the file to UTF-8")
    return {column: cell for column, cell in zip(columns, cells, strict=True) if cell}
