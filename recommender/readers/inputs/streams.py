"""Byte streams: buffering, decompression and conversion from UTF-16."""

from __future__ import annotations

import codecs
import gzip
import io
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

__all__ = ["CHUNK", "buffered", "decompressed", "most_unpacked", "pushed_back", "utf8_from_utf16"]

CHUNK = 128 * 2**10
_FREE_BYTES = 32 * 2**20
_MOST_TIMES = 1_000  # text is packed to a tenth or less; gzip can reach 1,030, zstd 30,000
_ZSTD_CHUNK = 4 * 2**10  # in the worst case 4 bytes expand to 128 KiB: limits a bomb to 128 MiB per chunk


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


def buffered(chunks: Iterable[bytes]) -> io.BufferedReader:
    """Return an iterable of chunks as a buffered binary file."""
    return io.BufferedReader(_Chunks(chunks), CHUNK)


def decompressed(packed: io.BufferedReader, magic: bytes) -> BinaryIO:
    """Return a stream that decompresses gzip or zstd, chosen by the first four bytes, or `packed` itself.

    Reading raises OSError where it unpacks to more than `most_unpacked`.
    """
    if magic[:2] == b"\x1f\x8b":
        return buffered(_limited(packed, _gzip_chunks))
    return buffered(_limited(packed, _zstd_chunks)) if magic == b"\x28\xb5\x2f\xfd" else packed


def most_unpacked(n_packed: int) -> int:
    """Return how many bytes some compressed bytes may become. Only bombs become more."""
    return _FREE_BYTES + _MOST_TIMES * n_packed


def pushed_back(head: bytes, stream: BinaryIO) -> io.BufferedReader:
    """Return a stream of `head` followed by the rest of `stream`."""
    return buffered(chain([head], iter(partial(stream.read, CHUNK), b"")))


def utf8_from_utf16(head: bytes, stream: BinaryIO, encoding: str) -> Iterator[bytes]:
    """Yield UTF-16 bytes, as Excel and Windows write them, as UTF-8. Lone surrogates are replaced."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    for chunk in chain([head], iter(partial(stream.read, CHUNK), b"")):
        yield decoder.decode(chunk).encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def _limited(packed: BinaryIO, unpacked: Callable[[io.BufferedReader], Iterator[bytes]]) -> Iterator[bytes]:
    """Yield what `unpacked` makes of a stream. Raise OSError if it becomes too much."""
    n_packed = n_unpacked = 0

    def counted() -> Iterator[bytes]:
        nonlocal n_packed
        for chunk in iter(partial(packed.read, CHUNK), b""):
            n_packed += len(chunk)
            yield chunk

    for chunk in unpacked(buffered(counted())):
        n_unpacked += len(chunk)
        if n_unpacked > most_unpacked(n_packed):
            raise OSError(f"unpacks to more than {_MOST_TIMES:,} times its size")
        yield chunk


def _gzip_chunks(packed: io.BufferedReader) -> Iterator[bytes]:
    with gzip.GzipFile(fileobj=packed, mode="rb") as plain:
        yield from iter(partial(plain.read, CHUNK), b"")


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
