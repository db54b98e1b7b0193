"""The lines of TREC files: in goes a path, plain or gzipped; out come fields, with line numbers for the complaints."""

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
    """Yield the number (from 1) and the bytes of each line that is not blank, without its end.

    Raises
    ------
    InputError
        If the file cannot be opened, is a damaged gzip, or has a line of over 1,000,000 bytes.
    """
    number = 0
    try:
        with _open(path) as file:
            while line := file.readline(MAX_LINE_BYTES + 1):
                number += 1
                if len(line) > MAX_LINE_BYTES:
                    raise InputError(
                        Problem(
                            f"a line of over {MAX_LINE_BYTES:,} bytes",
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
        what = getattr(error, "strerror", None) or str(error)
        raise InputError(Problem("cannot be read", what, "check the file", os.fspath(path))) from error


def _open(path: str | os.PathLike[str]) -> IO[bytes] | gzip.GzipFile:
    with Path(path).open("rb") as file:
        zipped = file.read(2) == b"\x1f\x8b"
    return gzip.open(path, "rb") if zipped else Path(path).open("rb")


def split_fields(line: bytes, columns: str) -> list[str] | Problem:
    """Return the fields of a line, or what is wrong with it.

    Tabs separate where they give the right number of fields, so ids may then hold blanks; else any
    run of ASCII blanks and tabs does.

    Parameters
    ----------
    line : bytes
        One line without its end.
    columns : str
        Names of the columns, with blanks between: ``"qid 0 docid rel"``.
    """
    wanted = columns.count(" ") + 1
    fields = [field.strip(b" ") for field in line.split(b"\t")]
    if len(fields) != wanted:
        fields = line.split()
    if len(fields) != wanted or not all(fields):
        next_move = "separate by tabs where ids hold blanks"
        return Problem(f"wanted {wanted} fields ({columns})", _shown(line), next_move)
    try:
        return [field.decode() for field in fields]
    except UnicodeDecodeError:
        return Problem("not UTF-8", _shown(line), "save the file as UTF-8")


def write_lines(path: str | os.PathLike[str], lines: Iterable[str]) -> None:
    """Write the lines, gzipped if the name ends in ``.gz``; the file appears whole or not at all."""
    target = Path(path)
    aside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with aside.open("wb") as file:
            if target.suffix == ".gz":  # no name and no time inside: same lines, same bytes
                with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as zipped:
                    zipped.writelines(f"{line}\n".encode() for line in lines)
            else:
                file.writelines(f"{line}\n".encode() for line in lines)
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)


def check_ids(ids: Iterable[str]) -> None:
    """Raise InputError naming every id that a TREC file cannot hold: empty, with a tab, a line end or edge blanks."""
    bad = sorted({i for i in ids if not i or i != i.strip(" ") or any(c in i for c in "\t\r\n")})
    if bad:
        raise InputError(
            Problem("an id that a TREC file cannot hold", repr(i), "rename the article") for i in bad
        )


def _shown(line: bytes) -> str:
    text = repr(line.decode(errors="replace"))
    return text if len(text) <= 60 else text[:57] + "..."
