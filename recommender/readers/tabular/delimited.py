"""Stream CSV (comma, semicolon or pipe) and TSV. Quoted cells may contain line ends."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import Any

from recommender.errors import InputError, Problem
from recommender.readers.inputs.sources import MAX_LINE_BYTES, NOT_UTF_8, Source, lines_of
from recommender.readers.records.columns import is_name_of_id, missing_columns
from recommender.readers.records.named_fields import NO_NAMES, NamedFields
from recommender.readers.records.rows import Row

__all__ = ["delimiter_of", "read_csv", "read_tsv"]

_DELIMITERS = ",;\t|"
_EXCEL_LINE = re.compile(rb"\s*\"?sep=(.)\"?\s*?\r?\n", re.IGNORECASE)
"""A first line that gives Excel the delimiter."""


def delimiter_of(head: bytes) -> str | None:
    """Return the delimiter from the first line: Excel's ``sep=``, or else one that produces an id column.

    Examples
    --------
    >>> delimiter_of(b'id;"title, text"'), delimiter_of(b"sep=|"), delimiter_of(b"Slug|Title"), delimiter_of(b"a, b")
    (';', None, '|', None)
    """
    excel = _EXCEL_LINE.match(head)
    if excel is not None:
        return excel[1].decode("latin-1")
    header = head.lstrip().partition(b"\n")[0].decode("utf-8", "replace").strip("\r")
    best, most = None, 1
    for delimiter in _DELIMITERS:
        columns = _cells(header, delimiter)
        if len(columns) > most and any(map(is_name_of_id, columns)):
            best, most = delimiter, len(columns)
    return best


def read_csv(source: Source, id: str | None = None, named: NamedFields = NO_NAMES) -> Iterator[Row]:
    """Yield a row for each record. The fallback delimiter is the most frequent one in the header.

    Parameters
    ----------
    source : Source
    id : str, optional
        Field used as the id. The table then needs no other one.
    named : NamedFields
        Fields whose columns the user named.
    """
    header = source.head.lstrip().partition(b"\n")[0].decode("utf-8", "replace")
    most = max(_DELIMITERS, key=lambda delimiter: (len(_cells(header, delimiter)), delimiter == ","))
    return _read(source, delimiter_of(source.head) or most, id, named)


def read_tsv(source: Source, id: str | None = None, named: NamedFields = NO_NAMES) -> Iterator[Row]:
    """Yield a row for each tab-separated record. Quoting is as in CSV."""
    return _read(source, "\t", id, named)


def _cells(header: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([header], delimiter=delimiter), [])
    except csv.Error:
        return []


def _read(source: Source, delimiter: str, id: str | None, named: NamedFields) -> Iterator[Row]:
    # A global setting of the csv module; the default is 128 KiB.
    csv.field_size_limit(max(csv.field_size_limit(), MAX_LINE_BYTES))
    # strict: otherwise an unclosed quote would silently consume the rest of the file
    records = csv.reader(_text(source), delimiter=delimiter, strict=True)
    columns: list[str] | None = None
    has_excel_line = _EXCEL_LINE.match(source.head) is not None
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
        elif has_excel_line:
            has_excel_line = False
        elif columns is None:
            columns = [cell.strip() for cell in cells]
            if problems := list(missing_columns(named.columns(columns), id)):
                raise InputError([problem.at(source.name, line) for problem in problems])
        else:
            yield Row(source.name, line, _fields(columns, cells), cells)


def _text(source: Source) -> Iterator[str]:
    """Yield lines as text; bytes that are not UTF-8 as half characters, so that only their record is bad."""
    for number, line in lines_of(source):
        if len(line) > MAX_LINE_BYTES:
            limit = f"line longer than {MAX_LINE_BYTES // 2**20} MiB"
            raise InputError(
                Problem(limit, "", "check that it is CSV, or split the article", source.name, number)
            )
        yield line.decode("utf-8", "surrogateescape")


def _fields(columns: list[str], cells: list[str]) -> dict[str, Any] | Problem:
    if len(cells) != len(columns):
        got = f"{len(cells)} under {len(columns)} columns"
        return Problem("wrong number of cells", got, "quote cells that contain a delimiter or a line end")
    joined = "".join(cells)
    if not joined.isascii():
        try:
            joined.encode("utf-8")
        except UnicodeEncodeError as error:
            byte = f"byte 0x{ord(joined[error.start]) & 0xFF:02x}"
            move = "convert the file to UTF-8: iconv -f WINDOWS-1252 -t UTF-8 FILE, or save it as 'CSV UTF-8'"
            return Problem(NOT_UTF_8, byte, move)
    return {column: cell for column, cell in zip(columns, cells, strict=True) if cell}
