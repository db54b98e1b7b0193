"""Plain arrays in a folder, memory-mapped, and checked against their checksums."""

from __future__ import annotations

import hashlib
import math
import mmap
import os
import stat
import sys
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.errors import ArtifactError

__all__ = ["ArrayFolder", "write_array"]

_MEGABYTE = 2**20
_READ_AT_ONCE = 32 * _MEGABYTE  # some 3,000 articles; takes up to 30 ms
_SMALL_FILE = 2**18  # bytes


class ArrayFolder(Mapping[str, NDArray[Any]]):
    """Arrays of an artifact by name. They are memory-mapped at once and stay whole if the artifact is replaced.

    An artifact of up to 32 MiB, and of a larger one each file of up to 256 KiB, is read into memory instead. A map costs
    a file descriptor before Python 3.13, and a process ends that reads in a map behind the end of a file, if somebody
    cut it meanwhile.

    Raises
    ------
    ArtifactError
        Naming every file that is missing or has another size than was written.
    """

    def __init__(self, path: Path, files: Mapping[str, Mapping[str, Any]]) -> None:
        self._path = path
        self._files = files
        self._verified: set[str] = set()
        self._done: set[tuple[str, ...]] = set()
        self.check()
        is_small = sum(record["bytes"] for record in files.values()) <= _READ_AT_ONCE
        longest = _READ_AT_ONCE if is_small else _SMALL_FILE
        self._maps = {name: self._content(record, longest) for name, record in files.items()}
        # plain arrays: np.memmap takes longer at each access than the rest of a look-up
        self._arrays = {name: _array(self._maps[name], record) for name, record in files.items()}
        if is_small:
            self.verify()

    @property
    def is_verified(self) -> bool:
        """Whether the contents of all arrays were compared with their checksums."""
        return () in self._done

    def release(self, names: Iterable[str]) -> None:
        """Let the pages of arrays that were read go. They are read again where they are needed."""
        for name in names:
            content = self._maps[name]
            if isinstance(content, mmap.mmap) and hasattr(content, "madvise"):
                content.madvise(mmap.MADV_DONTNEED)

    def _content(self, record: Mapping[str, Any], longest: int) -> mmap.mmap | bytes:
        """Return the bytes of a file, read if they are no more than `longest` and else mapped."""
        file = self._path / record["file"]
        try:
            with file.open("rb") as stream:
                if record["bytes"] <= longest:
                    return bytes(stream.read())
                if sys.version_info >= (3, 13):  # without a descriptor of its own
                    return mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ, trackfd=False)
                return mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise ArtifactError(f"{file}: cannot be read ({error}); build the artifact again") from error

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self._arrays[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def check(self, *, contents: bool = False) -> None:
        """Compare each file's size, and with `contents` its sha256, with the manifest.

        Raises
        ------
        ArtifactError
            Naming every file that differs.
        """
        wrong = []
        for record in self._files.values():
            file = self._path / record["file"]
            size = _size(file)
            if size is None:
                wrong.append(f"{file}: is missing")
            elif size != record["bytes"]:
                wrong.append(f"{file}: wanted {record['bytes']:,} bytes, got {size:,}")
            elif contents and _checksums(file)["sha256"] != record["sha256"]:
                wrong.append(_differs(file, "sha256"))
        _raise_if(wrong)

    def verify(self, *groups: str) -> None:
        """Compare the contents of arrays whose names begin so, or of all, with their CRC-32. Each is read once.

        A site of up to 32 MiB is verified whole on opening. Reads about 1 GB a second where the files are cached.

        Raises
        ------
        ArtifactError
            Naming every file that differs.
        """
        if groups in self._done or () in self._done:
            return
        begin = groups or ("",)
        names = [name for name in self._files if name.startswith(begin) and name not in self._verified]
        wrong = []
        for name in names:
            if _crc32(self._maps[name]) != self._files[name]["crc32"]:
                wrong.append(_differs(self._path / self._files[name]["file"], "CRC-32"))
        _raise_if(wrong)
        self._verified.update(names)
        self._done.add(groups)


def write_array(file: Path, array: NDArray[Any]) -> dict[str, Any]:
    """Write an array, and return what the manifest says of it."""
    with file.open("wb") as out:
        np.save(out, np.ascontiguousarray(array), allow_pickle=False)
        out.flush()
        os.fsync(out.fileno())
    return {
        "file": file.name,
        "bytes": file.stat().st_size,
        **_checksums(file),
        "dtype": str(array.dtype),
        "shape": list(array.shape),
    }


def _size(file: Path) -> int | None:
    """Return the bytes of a file; None if there is none, also where it goes away under the look."""
    try:
        found = file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found.st_size if stat.S_ISREG(found.st_mode) else None


def _array(content: mmap.mmap | bytes, record: Mapping[str, Any]) -> NDArray[Any]:
    """Return a mapped file as the array that the manifest describes. NumPy's header in the file is not needed."""
    dtype, shape = np.dtype(record["dtype"]), tuple(record["shape"])
    count = math.prod(shape)
    start = len(content) - dtype.itemsize * count
    if start < 0:
        raise ArtifactError(f"{record['file']}: is too short for its shape; build the artifact again")
    array: NDArray[Any] = np.frombuffer(content, dtype, count, start)
    return array.reshape(shape)


def _checksums(file: Path) -> dict[str, Any]:
    digest, crc32 = hashlib.sha256(), 0
    with file.open("rb") as stream:
        while block := stream.read(4 * _MEGABYTE):
            digest.update(block)
            crc32 = zlib.crc32(block, crc32)
    return {"sha256": digest.hexdigest(), "crc32": crc32}


def _crc32(content: mmap.mmap | bytes) -> int:
    """Return the CRC-32 of a mapped file; its pages do not stay in the memory of the process."""
    value, step = 0, 16 * _MEGABYTE
    with memoryview(content) as view:
        for start in range(0, len(view), step):
            value = zlib.crc32(view[start : start + step], value)
            if isinstance(content, mmap.mmap) and hasattr(content, "madvise"):
                content.madvise(mmap.MADV_DONTNEED, start, min(step, len(view) - start))
    return value


def _differs(file: Path, checksum: str) -> str:
    return f"{file}: its bytes differ from those that were written ({checksum} differs)"


def _raise_if(wrong: Sequence[str]) -> None:
    if wrong:
        raise ArtifactError("\n".join(wrong) + "\nthe artifact is damaged; build it again or copy it anew")
