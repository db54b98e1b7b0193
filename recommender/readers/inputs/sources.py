"""Open paths, standard input and binary files as streams of uncompressed bytes."""

from __future__ import annotations

import io
import sys
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, TypeAlias

from recommender.errors import InputError, Problem
from recommender.readers.inputs.streams import CHUNK, buffered, decompressed, pushed_back, utf8_from_utf16

__all__ = [
    "HEAD_BYTES",
    "MAX_DOCUMENT_BYTES",
    "MAX_LINE_BYTES",
    "NOT_UTF_8",
    "Given",
    "Source",
    "lines_of",
    "name_of",
    "not_utf8",
    "open_source",
    "read_whole",
]

Given: TypeAlias = str | Path | BinaryIO
MAX_LINE_BYTES = 64 * 2**20  # fits the longest allowed body even if every character is an escape
MAX_DOCUMENT_BYTES = 256 * 2**20  # for formats that are parsed whole, such as feeds and pages
HEAD_BYTES = 64 * 2**10  # inspected to recognise the format
NOT_UTF_8 = "not UTF-8"
"""What is wrong with a row, a page or a file in another encoding."""

_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


@dataclass(frozen=True)
class Source:
    """An open source.

    Parameters
    ----------
    name : str
        Name used in messages. ``"-"`` for standard input.
    stream : BufferedReader
        All uncompressed bytes, without a byte order mark. Empty for a folder.
    head : bytes
        The first 64 KiB of `stream`. They are not consumed.
    path : Path or None
        Path of the file or folder. None for standard input and open files.
    packed : bool
        Whether the bytes at `path` are compressed.
    """

    name: str
    stream: io.BufferedReader
    head: bytes = b""
    path: Path | None = None
    packed: bool = False


@contextmanager
def open_source(given: Given) -> Iterator[Source]:
    """Open a path, ``"-"`` or binary file object. gzip and zstd are recognised by their first bytes.

    Files opened here are closed on exit. Standard input and file objects stay open.

    Raises
    ------
    InputError
        If the source is missing or unreadable, or proves damaged or cut short during reading.
    """
    name = name_of(given)
    try:
        with ExitStack() as opened:
            if isinstance(given, str | Path) and name != "-":
                path = Path(given)
                if path.is_dir():
                    yield Source(name, buffered([]), path=path)
                    return
                yield _opened(opened.enter_context(path.open("rb")), name, path)
            else:
                yield _opened(sys.stdin.buffer if isinstance(given, str | Path) else given, name, None)
    except (EOFError, OSError, zlib.error) as error:
        raise InputError(_unreadable(error).at(name)) from error


def name_of(given: Given) -> str:
    """Return the name of a source for messages: its path, ``"-"``, or the name of an open file."""
    if isinstance(given, str | Path):
        return str(given)
    name = getattr(given, "name", None)
    return name if isinstance(name, str) else "<stream>"


def lines_of(source: Source) -> Iterator[tuple[int, bytes]]:
    """Yield each line with its number from 1. Longer lines are cut to `MAX_LINE_BYTES` + 1 bytes."""
    read = partial(source.stream.readline, MAX_LINE_BYTES + 1)
    for number, line in enumerate(iter(read, b""), 1):
        yield number, line
        if len(line) > MAX_LINE_BYTES and not line.endswith(b"\n"):
            while (rest := source.stream.readline(CHUNK)) and not rest.endswith(b"\n"):
                pass


def read_whole(source: Source) -> bytes:
    """Return all bytes of a source that is parsed whole. Raise InputError above 256 MiB."""
    content = source.stream.read(MAX_DOCUMENT_BYTES + 1)
    if len(content) > MAX_DOCUMENT_BYTES:
        limit = f"longer than {MAX_DOCUMENT_BYTES // 2**20} MiB"
        raise InputError(Problem(limit, "", "split it, or give JSON Lines, which are streamed", source.name))
    return content


def not_utf8(content: bytes, error: UnicodeDecodeError) -> Problem:
    """Return the problem for bytes that are not UTF-8, with the position from `error`."""
    got = f"byte 0x{content[error.start]:02x} after {error.start:,} valid bytes"
    return Problem(NOT_UTF_8, got, "convert the file to UTF-8")


def _opened(stream: BinaryIO, name: str, path: Path | None) -> Source:
    if isinstance(stream, io.TextIOBase):
        raise ValueError(f"a source must be a binary file object, got text from {name!r}; open it with 'rb'")
    packed = buffered(iter(partial(stream.read, CHUNK), b""))
    magic = packed.read(4)
    packed = pushed_back(magic, packed)
    if not magic and name.endswith((".gz", ".zst")):
        raise EOFError("an empty file")
    plain = decompressed(packed, magic)
    head = plain.read(HEAD_BYTES)
    if encoding := _UTF16_MARKS.get(head[:2]):
        plain = buffered(utf8_from_utf16(head[2:], plain, encoding))
        head = plain.read(HEAD_BYTES)
    head = head.removeprefix(_UTF8_MARK)
    return Source(name, pushed_back(head, plain), head, path, plain is not packed)


def _unreadable(error: Exception) -> Problem:
    if isinstance(error, FileNotFoundError):
        return Problem("no such file or folder", "", "check the path")
    if isinstance(error, PermissionError):
        return Problem("permission denied", repr(error.filename), "check the permissions")
    if isinstance(error, EOFError):
        return Problem("compressed data that is cut short", str(error), "download or compress the file again")
    return Problem("cannot be read", str(error), "check the file, or download it again")
