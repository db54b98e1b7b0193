"""``manifest.json``: what an artifact holds, and which data folder and journal beside it count."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from errno import EINVAL, ENOTSUP
from itertools import chain, count
from pathlib import Path
from typing import Any, Self

from recommender.errors import ArtifactError

__all__ = ["FORMAT", "MANIFEST", "OWN_NAME", "SCHEMA", "Manifest", "facts_checksum", "sync_folder"]

FORMAT = "recommender-artifact"
SCHEMA = 11
MANIFEST = "manifest.json"

OWN_NAME = re.compile(
    r"data-(part-\w{8}|[0-9a-f]{16}(-\d+)?)|updates-[0-9a-f]{16}(-\d+)?\.sqlite(-wal|-shm|-journal)?|manifest\.part"
)
"""Names in an artifact beside ``manifest.json`` and the lock file. What the manifest does not name was left by a crash."""

_DATA = re.compile(r"data-[0-9a-f]{16}(-\d+)?")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_ARRAY = re.compile(r"\w+")
_DTYPES = (
    "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32", "float64",
)  # fmt: skip
_LARGEST = 2**62


@dataclass(frozen=True)
class Manifest:
    """What ``manifest.json`` says.

    Parameters
    ----------
    base : str
        sha256 of version, files and facts, in hexadecimal. The chain of updates starts with it.
    version : int
        Version of the base. Each update adds 1.
    data : str
        Name of the data folder.
    journal : str or None
        Name of the file of updates, once there is an update.
    files : mapping
        ``file``, ``bytes``, ``sha256``, ``crc32``, ``dtype`` and ``shape`` of each array.
    facts : dict
    """

    base: str
    version: int
    data: str
    journal: str | None
    files: Mapping[str, Mapping[str, Any]]
    facts: dict[str, Any]

    @classmethod
    def of(
        cls, path: Path, version: int, files: Mapping[str, Mapping[str, Any]], facts: Mapping[str, Any]
    ) -> Self:
        """Return the manifest of a new base. No other version has its name, and nothing in the folder `path`."""
        base = facts_checksum({"version": version, "files": files, "facts": facts})
        stem = f"data-{base[:16]}"
        names = chain([stem], (f"{stem}-{number}" for number in count(2)))
        data = next(name for name in names if not (path / name).exists())
        return cls(base, version, data, None, files, dict(facts))

    @property
    def journal_name(self) -> str:
        """The name that the file of updates has or will have."""
        return f"updates-{self.data.removeprefix('data-')}.sqlite"

    @property
    def names(self) -> frozenset[str]:
        """The names in the folder that count."""
        journal = self.journal and {self.journal + end for end in ("", "-wal", "-shm")}
        return frozenset({MANIFEST, self.data, *(journal or ())})

    def with_journal(self) -> Self:
        """Return the manifest with its journal named."""
        return replace(self, journal=self.journal_name)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read the manifest of an artifact.

        Raises
        ------
        ArtifactError
            If there is no artifact, or its manifest is damaged or of another schema.
        """
        return cls._of(path, _content(path))

    @classmethod
    def read_again(cls, path: Path, before: tuple[bytes, Self] | None) -> tuple[bytes, Self]:
        """Return the bytes of the manifest and what they say. It is parsed only if the bytes differ from those `before`."""
        spelling = _spelling(path)
        if before is not None and before[0] == spelling:
            return before
        return spelling, cls._of(path, _parsed(path, spelling))

    @classmethod
    def _of(cls, path: Path, content: dict[str, Any]) -> Self:
        file = path / MANIFEST
        if content.get("schema") != SCHEMA:
            raise ArtifactError(
                f"{path}: wanted an artifact of schema {SCHEMA}, got schema {content.get('schema')}; this version does "
                f"not migrate others: build it again with: recommender build ARTICLES -o {path}"
            )
        if content.get("sha256") != _sha256_of(_unsigned(content)):
            raise ArtifactError(f"{file}: is damaged (sha256 differs); build the artifact again")
        try:
            manifest = cls(
                *(content[name] for name in ("base", "version", "data", "journal", "files", "facts"))
            )
        except KeyError as error:
            raise ArtifactError(f"{file}: has no {error}; build the artifact again") from error
        for what in manifest._wrong():
            raise ArtifactError(f"{file}: {what}; build the artifact again")
        return manifest

    def _wrong(self) -> Iterator[str]:
        """Yield what no writer of this package says, such as a name that leads out of the folder."""
        if not (isinstance(self.data, str) and _DATA.fullmatch(self.data)):
            yield f"names the data folder {self.data!r:.60}, which is not one"
        elif self.journal not in (None, self.journal_name):
            yield f"names the updates {self.journal!r:.60}, wanted {self.journal_name}"
        if not (isinstance(self.base, str) and _SHA256.fullmatch(self.base)):
            yield f"has the checksum {self.base!r:.60} of the base, which is none"
        if not _is_count(self.version):
            yield f"has the version {self.version!r:.60}, which is none"
        if not (isinstance(self.files, dict) and isinstance(self.facts, dict)):
            yield "does not say which files there are, or nothing of them"
            return
        for name, record in self.files.items():
            if not _is_record(name, record):
                yield f"says of the array {name!r:.60} what no writer does"

    @staticmethod
    def is_at(path: Path) -> bool:
        """Return whether a folder holds an artifact of any schema, damaged or not."""
        try:
            _content(path)
        except ArtifactError:
            return False
        return True

    def write(self, path: Path) -> None:
        """Write the manifest aside and swap it in. It is on disk when this returns."""
        part = path / "manifest.part"
        with part.open("wb") as out:
            out.write(self.to_bytes())
            out.flush()
            os.fsync(out.fileno())
        part.replace(path / MANIFEST)
        sync_folder(path)

    def to_bytes(self) -> bytes:
        """Return the content of ``manifest.json``."""
        content: dict[str, Any] = {"format": FORMAT, "schema": SCHEMA, **vars(self)}
        content["sha256"] = _sha256_of(content)
        return json.dumps(content, indent=1, ensure_ascii=False).encode()


def facts_checksum(content: Mapping[str, Any]) -> str:
    """Return what ``base`` of a manifest is: the sha256 of its version, files and facts."""
    return _sha256_of({name: content[name] for name in ("version", "files", "facts")})


def sync_folder(path: Path) -> None:
    """Flush the names in a folder to disk, where the system and the file system can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (EINVAL, ENOTSUP):
            raise
    finally:
        os.close(descriptor)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _LARGEST


def _is_record(name: str, record: object) -> bool:
    """Return whether a record of an array has what `write_array` says, and the file that the array is written to."""
    if not (isinstance(record, dict) and _ARRAY.fullmatch(name) and record.get("file") == f"{name}.npy"):
        return False
    shape = record.get("shape")
    return (
        record.get("dtype") in _DTYPES
        and isinstance(shape, list)
        and all(map(_is_count, [record.get("bytes"), record.get("crc32"), *shape]))
        and isinstance(record.get("sha256"), str)
    )


def _content(path: Path) -> dict[str, Any]:
    return _parsed(path, _spelling(path))


def _spelling(path: Path) -> bytes:
    file = path / MANIFEST
    try:
        return file.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        there = "is not an artifact (it has no manifest.json)" if path.exists() else "does not exist"
        raise ArtifactError(f"{path}: {there}; make one with: recommender build ARTICLES -o {path}") from None
    except OSError as error:
        raise ArtifactError(f"{file}: cannot be read ({error}); build the artifact again") from error


def _parsed(path: Path, spelling: bytes) -> dict[str, Any]:
    file = path / MANIFEST
    try:
        content = json.loads(spelling)
    except (ValueError, RecursionError) as error:
        raise ArtifactError(f"{file}: cannot be read ({error}); build the artifact again") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ArtifactError(f"{file}: is not the manifest of an artifact; choose another folder")
    return content


def _unsigned(content: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name != "sha256"}


def _sha256_of(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
