"""Parts: what a task writes and another reads, as one file each.

A file begins with eight bytes that name the format, and eight that hold the length of the header: a JSON document with
the ``name`` of the part, its ``facts``, and dtype, shape and place of each array. The arrays follow, each at a multiple
of 64 bytes, and a CRC-32 of all that ends the file. So arrays can be memory-mapped, and a file that was cut, changed or
moved to the place of another part is told from one that was written whole.
"""

from __future__ import annotations

import json
import math
import mmap
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray

from recommender.index.kernels.large_arrays import mapped

__all__ = ["BadPart", "Part", "opened_part", "part_blocks"]

_MAGIC = b"RECPART2"
_ALIGN = 64
_CHECKSUM = 4  # bytes
_BLOCK = 2**24  # bytes written or checked at a time


class BadPart(Exception):  # noqa: N818 - never leaves the stage: such a part is made again
    """A file that is not the part that it should be."""


class Part(NamedTuple):
    """Plain arrays by name, read-only, and facts as JSON can hold them."""

    arrays: Mapping[str, NDArray[Any]]
    facts: Mapping[str, Any]


def part_blocks(name: str, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> Iterator[bytes]:
    """Yield the bytes of the file of a part, in blocks. The same contents give the same bytes."""
    described, end = {}, 0
    for key, array in sorted(arrays.items()):
        if array.dtype.hasobject:
            raise ValueError(f"wanted plain numbers, got objects in the array {key!r}")
        described[key] = [array.dtype.newbyteorder("<").str, list(array.shape), end]
        end += array.nbytes + -array.nbytes % _ALIGN
    header = json.dumps(
        {"name": name, "arrays": described, "facts": dict(facts)}, ensure_ascii=False
    ).encode()
    header += b" " * (-(16 + len(header)) % _ALIGN)
    checksum = 0
    for block in _contents(header, arrays):
        checksum = zlib.crc32(block, checksum)
        yield block
    yield checksum.to_bytes(_CHECKSUM, "little")


def _contents(header: bytes, arrays: Mapping[str, NDArray[Any]]) -> Iterator[bytes]:
    yield _MAGIC + len(header).to_bytes(8, "little") + header
    for _, array in sorted(arrays.items()):
        flat = np.ascontiguousarray(array).reshape(-1)
        step = max(1, _BLOCK // max(flat.dtype.itemsize, 1))
        for start in range(0, len(flat), step):
            block = flat[start : start + step]
            yield block.astype(flat.dtype.newbyteorder("<"), copy=False).tobytes()
        yield bytes(-array.nbytes % _ALIGN)


def opened_part(file: Path, name: str, *, verify: bool = True) -> Part:
    """Return the part in a file, memory-mapped.

    Raises
    ------
    BadPart
        If the file is not the part of that name, or its bytes are not those that were written.
    """
    try:
        with file.open("rb") as stream:
            content = mapped(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))
            if verify:
                _check(stream)
    except (OSError, ValueError) as error:
        raise BadPart(f"{file}: cannot be read ({error})") from error
    start = 16 + int.from_bytes(content[8:16], "little")
    try:
        header = orjson.loads(content[16:start])
        if content[:8] != _MAGIC or header["name"] != name:
            raise BadPart(f"{file}: holds another part")
        arrays = {
            key: np.frombuffer(content, dtype, math.prod(shape), start + place).reshape(shape)
            for key, (dtype, shape, place) in header["arrays"].items()
        }
        return Part(arrays, header["facts"])
    except (ValueError, KeyError, TypeError) as error:
        raise BadPart(f"{file}: is no part ({error})") from error


def _check(stream: IO[bytes]) -> None:
    """Compare a file with the checksum at its end, in blocks, so that its pages do not count as memory in use."""
    checksum, held = 0, b""
    while block := stream.read(_BLOCK):
        held += block
        checksum = zlib.crc32(memoryview(held)[:-_CHECKSUM], checksum)
        held = held[-_CHECKSUM:]
    if held != checksum.to_bytes(_CHECKSUM, "little"):
        raise BadPart(f"{stream.name}: its bytes differ from those that were written")
