"""Reads and writes the lines of TREC files, plain or gzipped."""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from recommender.errors import InputError, Problem

MAX_LINE_BYTES = 1_000_000
_BOM = b"\xef\xbb\xbf"


def read_lines(path: str | os.PathLike[str]) -> Iterator[tuple[int, bytes]]:
    """Yield the number (from 1) and the bytes, without the line end, of each line that is not blank.

    Raises
    ------
    InputError
        If the file cannot be opened, is a damaged gzip file, or has a line of over 1,000,000 bytes.
    """
    number = 0
    try:
        with _open(path) as file:
            while line := file.readline(MAX_LINE_BYTES + 1):
                number += 1
                if len(line) > MAX_LINE_BYTES:
                    raise InputError(
                        Problem(
                            f"line of over {MAX_LINE_BYTES:,} bytes",
                            next_move="give a text file",
                            source=os.fspath(path),
                            line=number,
                        )
                    )
                if number == 1:
                    line = line.removeprefix(_BOM)
                if not line.isspace():
                    yield number, line.rstrip(b"\r\n")
    except (OSError, EOFError, zlib.error) as error:
        got = getattr(error, "strerror", None) or str(error)
        raise InputError(Problem("cannot be read", got, "check the file", os.fspath(path))) from error


def _open(path: str | os.PathLike[str]) -> IO[bytes] | gzip.GzipFile:
    with Path(path).open("rb") as file:
        zipped = file.read(2) == b"\x1f\x8b"
    return gzip.open(path, "rb") if zipped else Path(path).open("rb")


def split_fields(line: bytes, columns: str) -> list[str] | Problem:
    """Return the fields of a line, or the problem with it.

    A line is split at tabs if that gives the expected number of fields, so ids in tab-separated files may
    contain spaces. Otherwise it is split at runs of ASCII white space.

    Parameters
    ----------
    line : bytes
        One line without its end.
    columns : str
        Names of the columns separated by spaces: ``"qid 0 docid rel"``.
    """
    n_fields = columns.count(" ") + 1
    fields = [field.strip(b" ") for field in line.split(b"\t")]
    if len(fields) != n_fields:
        fields = line.split()
    if len(fields) != n_fields or not all(fields):
        next_move = "separate the fields by tabs if ids contain spaces"
        return Problem(f"expected {n_fields} fields ({columns})", _excerpt(line), next_move)
    try:
        return [field.decode() for field in fields]
    except UnicodeDecodeError:
        return Problem("not UTF-8", _excerpt(line), "save the file as UTF-8")


def write_lines(path: str | os.PathLike[str], lines: Iterable[str]) -> None:
    """Write the lines atomically, gzipped if the name ends in ``.gz``."""
    target = Path(path)
    partial = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with partial.open("wb") as file:
            if target.suffix == ".gz":  # without file name and time stamp, so equal lines give equal bytes
                with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as zipped:
                    zipped.writelines(f"{line}\n".encode() for line in lines)
            else:
                file.writelines(f"{line}\n".encode() for line in lines)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def check_ids(ids: Iterable[str]) -> None:
    """Raise InputError listing every id that TREC files do not allow.

    Ids must not be empty, contain tabs or line ends, or begin or end with spaces.
    """
    bad = sorted({i for i in ids if not i or i != i.strip(" ") or any(c in i for c in "\t\r\n")})
    if bad:
        raise InputError(Problem("id not allowed in a TREC file", repr(i), "rename the article") for i in bad)


def _excerpt(line: bytes) -> str:
    text = repr(line.decode(errors="replace"))
    return text if len(text) <= 60 else text[:57] + "..."
