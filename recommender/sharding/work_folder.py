"""The work folder: where the tasks of a build leave their parts, on a disk or in object storage.

The name of a part is made of what it is computed from. So a part that is there and whole need not be made again, and one
of another input is never taken for it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from numpy.typing import NDArray

from recommender.errors import MissingExtraError, RecommenderError
from recommender.sharding.part_file import BadPart, Part, opened_part, part_blocks

__all__ = ["WorkFolder", "absolute_url", "forget_checks", "open_work_folder", "part_name", "remove_parts"]

_FORMAT = 1  # raised when a task computes something else from the same input
_OURS = re.compile(r"[\w-]+-[0-9a-f]{32}\.(?:part|\w+\.writing)")
_VERIFIED: dict[
    Path, tuple[int, int]
] = {}  # size and time of files whose checksum was compared by this process


def part_name(kind: str, *inputs: Any) -> str:
    """Return the name of the part of a kind that is computed from some inputs: names, numbers, or JSON values."""
    content = json.dumps([_FORMAT, kind, inputs], sort_keys=True, default=str)
    return f"{kind}-{hashlib.blake2b(content.encode(), digest_size=16).hexdigest()}"


def forget_checks() -> None:
    """Have each file of this process compared with its checksum again."""
    _VERIFIED.clear()


def remove_parts(folder: Path) -> None:
    """Remove the parts in a folder with what killed tasks left, and the folder if it holds nothing else."""
    for file in folder.glob("*"):
        if _OURS.fullmatch(file.name):
            file.unlink(missing_ok=True)
    with suppress(OSError):
        folder.rmdir()


class WorkFolder(Protocol):
    """A place for parts."""

    url: str

    def write(self, name: str, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> None:
        """Write a part whole, or not at all."""
        ...

    def read(self, name: str) -> Part:
        """Return a part. Raises `BadPart` if it is not there, or is not what was written under this name."""
        ...

    def holds(self, name: str) -> bool:
        """Return whether a part is there and whole. What is there and is not the part is removed."""
        ...

    def n_bytes(self) -> int:
        """Return the bytes of all parts."""
        ...


class _Folder:
    def __init__(self, url: str) -> None:
        self.url = url

    def read(self, name: str) -> Part:
        try:
            file = self._file(name)
            state = file.stat()
            seen = state.st_size, state.st_mtime_ns
            part = opened_part(file, name, verify=_VERIFIED.get(file) != seen)
        except OSError as error:
            raise BadPart(f"{self.url}: holds no part {name} ({error.strerror})") from error
        _VERIFIED[file] = seen
        return part

    def holds(self, name: str) -> bool:
        try:
            self.read(name)
        except BadPart:
            self._remove(name)
            return False
        return True

    def _file(self, name: str) -> Path:
        raise NotImplementedError

    def _remove(self, name: str) -> None:
        raise NotImplementedError


class LocalFolder(_Folder):
    """A folder of this machine, or one that several machines share."""

    def write(self, name: str, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> None:
        folder = Path(self.url)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            number, temporary = tempfile.mkstemp(prefix=f"{name}.", suffix=".writing", dir=folder)
            try:
                with os.fdopen(number, "wb") as out:
                    for block in part_blocks(name, arrays, facts):
                        out.write(block)  # not synced: what a power failure cuts off fails its checksum
                Path(temporary).replace(self._file(name))
            finally:
                Path(temporary).unlink(missing_ok=True)
        except OSError as error:
            raise _unwritable(self.url, error) from error

    def n_bytes(self) -> int:
        return sum(file.stat().st_size for file in Path(self.url).glob("*.part"))

    def _file(self, name: str) -> Path:
        return Path(self.url) / f"{name}.part"

    def _remove(self, name: str) -> None:
        self._file(name).unlink(missing_ok=True)


class ObjectFolder(_Folder):
    """A folder that fsspec opens, such as ``s3://bucket/work``. A part is copied to this machine when it is read."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        try:
            from fsspec.core import url_to_fs
        except ImportError as error:
            raise MissingExtraError(f"The work folder {url}", "fsspec", "shards", error) from error
        self._files, self._root = url_to_fs(url)
        self._copies = tempfile.TemporaryDirectory(prefix="recommender-parts-")

    def write(self, name: str, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> None:
        try:
            self._files.makedirs(self._root, exist_ok=True)
            with self._files.open(self._place(name), "wb") as out:  # objects appear when they are closed
                for block in part_blocks(name, arrays, facts):
                    out.write(block)
        except OSError as error:
            raise _unwritable(self.url, error) from error

    def n_bytes(self) -> int:
        return int(self._files.du(self._root))

    def _file(self, name: str) -> Path:
        copy = Path(self._copies.name) / name
        if not copy.exists():
            number, temporary = tempfile.mkstemp(dir=self._copies.name)
            os.close(number)
            self._files.get_file(self._place(name), temporary)
            Path(temporary).replace(copy)
        return copy

    def _remove(self, name: str) -> None:
        (Path(self._copies.name) / name).unlink(missing_ok=True)
        with suppress(FileNotFoundError):
            self._files.rm_file(self._place(name))

    def _place(self, name: str) -> str:
        return f"{self._root}/{name}.part"


def _unwritable(url: str, error: OSError) -> RecommenderError:
    return RecommenderError(
        f"{url}: cannot be written ({error.strerror or error}); make room or choose another --work; "
        "the same command goes on from the parts that are there"
    )


def absolute_url(url: str) -> str:
    """Return the address of a folder that means the same in every process of this machine."""
    if "://" in url:
        return url
    return str(Path(url).absolute())


@lru_cache(maxsize=8)
def open_work_folder(url: str) -> WorkFolder:
    """Return the work folder at a path or an address that fsspec knows. A process opens each once."""
    if "://" in url and not url.startswith("file://"):
        return ObjectFolder(url)
    return LocalFolder(url.removeprefix("file://"))
