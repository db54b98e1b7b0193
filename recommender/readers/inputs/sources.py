"""Open paths, standard input and binary files as streams of uncompressed bytes."""

from __future__ import annotations

import codecs
import gzip
import io
import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeAlias

from recommender.errors import InputError, Problem

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

__all__ = [
    "HEAD_BYTES",
    "MAX_DOCUMENT_BYTES",
    "MAX_LINE_BYTES",
    "Given",
    "Source",
    "lines_of",
    "not_utf8",
    "open_source",
    "read_whole",
]

Given: TypeAlias = str | Path | BinaryIO

MAX_LINE_BYTES = 64 * 2**20  # fits the longest allowed body even if every character is an escape
MAX_DOCUMENT_BYTES = 256 * 2**20  # for formats that are parsed whole, such as feeds and pages
HEAD_BYTES = 64 * 2**10  # inspected to recognise the format
_CHUNK = 128 * 2**10
_ZSTD_CHUNK = 4 * 2**10  # in the worst case 4 bytes expand to 128 KiB: limits a bomb to 128 MiB per chunk
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
                    yield Source(name, _buffered([]), path=path)
                    return
                yield _unpacked(opened.enter_context(path.open("rb")), name, path)
            else:
                yield _unpacked(sys.stdin.buffer if isinstance(given, str | Path) else given, name, None)
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
            while (rest := source.stream.readline(_CHUNK)) and not rest.endswith(b"\n"):
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
    return Problem("not UTF-8", got, "convert the file to UTF-8")


def _unpacked(stream: BinaryIO, name: str, path: Path | None) -> Source:
    if isinstance(stream, io.TextIOBase):
        raise ValueError(f"a source must be a binary file object, got text from {name!r}; open it with 'rb'")
    packed = _buffered(iter(partial(stream.read, _CHUNK), b""))
    magic = packed.read(4)
    packed = _pushed_back(magic, packed)
    plain: BinaryIO = packed
    if magic[:2] == b"\x1f\x8b":
        plain = gzip.GzipFile(fileobj=packed, mode="rb")  # type: ignore[assignment]
    elif magic == b"\x28\xb5\x2f\xfd":
        plain = _buffered(_zstd_chunks(packed))
    elif not magic and name.endswith((".gz", ".zst")):
        raise EOFError("an empty file")
    head = plain.read(HEAD_BYTES)
    if encoding := _UTF16_MARKS.get(head[:2]):
        plain = _buffered(_recoded(head[2:], plain, encoding))
        head = plain.read(HEAD_BYTES)
    head = head.removeprefix(_UTF8_MARK)
    return Source(name, _pushed_back(head, plain), head, path, plain is not packed)


class _Chunks(io.RawIOBase):
    """A file whose bytes come from an iterable of chunks."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._left = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        while not self._left:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._left = memoryview(chunk)
        view = memoryview(buffer)
        size = min(len(view), len(self._left))
        view[:size], self._left = self._left[:size], self._left[size:]
        return size


def _buffered(chunks: Iterable[bytes]) -> io.BufferedReader:
    return io.BufferedReader(_Chunks(chunks), _CHUNK)


def _pushed_back(head: bytes, stream: BinaryIO) -> io.BufferedReader:
    return _buffered(chain([head], iter(partial(stream.read, _CHUNK), b"")))


def _recoded(head: bytes, stream: BinaryIO, encoding: str) -> Iterator[bytes]:
    """Yield UTF-16 bytes, as Excel and Windows write them, as UTF-8. Lone surrogates are replaced."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    for chunk in chain([head], iter(partial(stream.read, _CHUNK), b"")):
        yield decoder.decode(chunk).encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def _zstd_chunks(packed: BinaryIO) -> Iterator[bytes]:
    """Decompress all frames.

    Raise EOFError if the last frame is cut short, which zstandard's reader ignores.
    """
    import zstandard

    decoder = zstandard.ZstdDecompressor().decompressobj()
    for chunk in iter(partial(packed.read, _ZSTD_CHUNK), b""):
        while chunk:
            if decoder.eof:
                decoder = zstandard.ZstdDecompressor().decompressobj()
            try:
                yield decoder.decompress(chunk)
            except zstandard.ZstdError as error:
                raise OSError(f"damaged zstd data: {error}") from error
            chunk = decoder.unused_data
    if not decoder.eof:
        raise EOFError("zstd data without its end")


def _unreadable(error: Exception) -> Problem:
    if isinstance(error, FileNotFoundError):
        return Problem("no such file or folder", "", "check the path")
    if isinstance(error, PermissionError):
        return Problem("permission denied", repr(error.filename), "check the permissions")
    if isinstance(error, EOFError):
        return Problem("compressed data that is cut short", str(error), "download or compress the file again")
    return Problem("cannot be read", str(error), "check the file, or download it again")
