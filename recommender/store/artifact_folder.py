"""A folder of plain arrays with a manifest. It is written whole, swapped in, and memory-mapped on opening.

``site.rec/manifest.json`` names a data folder beside it, and each array in it with its size and sha256. A save
writes a new data folder, then replaces the manifest in one step, then removes the old data folder. A reader
sees the old artifact or the new one, whatever happens in between.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.errors import ArtifactError

__all__ = ["ArrayFolder", "check_place", "open_folder", "save_folder"]

FORMAT = "recommender-artifact"
SCHEMA = 8
_MANIFEST = "manifest.json"
_MEGABYTE = 2**20
_LEFTOVER = re.compile(r"data-(part-\w{8}|[0-9a-f]{16}(-\d+)?)")


class ArrayFolder(Mapping[str, NDArray[Any]]):
    """Arrays of an artifact by name. They are memory-mapped at once and stay whole if the artifact is replaced.

    Raises
    ------
    ArtifactError
        Naming every file that is missing or has another size than was written.
    """

    def __init__(self, path: Path, files: Mapping[str, Mapping[str, Any]]) -> None:
        self._path = path
        self._files = files
        self.check()
        # plain views: np.memmap takes longer at each access than the rest of a look-up
        self._arrays = {name: self._map(record["file"]).view(np.ndarray) for name, record in files.items()}

    def _map(self, name: str) -> NDArray[Any]:
        try:
            return np.asarray(np.load(self._path / name, mmap_mode="r", allow_pickle=False))
        except Exception as error:  # numpy's parser raises many types for a damaged header
            raise ArtifactError(
                f"{self._path / name}: cannot be read ({error}); build the artifact again"
            ) from error

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
            size = file.stat().st_size if file.is_file() else None
            if size is None:
                wrong.append(f"{file}: is missing")
            elif size != record["bytes"]:
                wrong.append(f"{file}: wanted {record['bytes']:,} bytes, got {size:,}")
            elif contents and _sha256(file) != record["sha256"]:
                wrong.append(f"{file}: its bytes differ from those that were written (sha256 differs)")
        if wrong:
            raise ArtifactError(
                "\n".join(wrong) + "\nthe artifact is damaged; build it again or copy it anew"
            )


def open_folder(path: Path) -> tuple[ArrayFolder, dict[str, Any]]:
    """Return the arrays and facts that `save_folder` wrote. Takes a few milliseconds at any size."""
    manifest = _read_manifest(path)
    try:
        return ArrayFolder(path / manifest["data"], manifest["files"]), manifest["facts"]
    except ArtifactError:
        newer = _read_manifest(path)  # another process may have replaced it since the manifest was read
        if newer["data"] == manifest["data"]:
            raise
        return ArrayFolder(path / newer["data"], newer["files"]), newer["facts"]


def check_place(path: Path) -> None:
    """Raise `ArtifactError` if an artifact cannot be written: something else is there, or the folder is not writable."""
    if path.exists() and not _is_artifact(path) and not _is_free(path):
        raise ArtifactError(f"{path}: exists and is not an artifact; choose another name or remove it")
    parent = next(folder for folder in (path, *path.absolute().parents) if folder.exists())
    if not parent.is_dir() or not os.access(parent, os.W_OK | os.X_OK):
        raise ArtifactError(
            f"{path}: cannot be written, because {parent} is not a writable folder; choose another place"
        )


def save_folder(path: Path, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> None:
    """Write arrays and facts as an artifact. An older artifact there is replaced.

    Raises
    ------
    ArtifactError
        If something else is at `path`, or the disk is full or read-only. The previous content is unchanged.
    """
    check_place(path)
    is_new = not path.exists()
    try:
        path.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix="data-part-", dir=path))
        try:
            _write(path, part, arrays, facts)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            if is_new:
                with suppress(OSError):
                    path.rmdir()
            raise
    except OSError as error:
        raise ArtifactError(
            f"{path}: cannot be written ({error.strerror or error}); the previous content is unchanged; "
            "make room or choose another place"
        ) from error


def _write(path: Path, part: Path, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> None:
    files = {name: _write_array(part / f"{name}.npy", array) for name, array in sorted(arrays.items())}
    digest = hashlib.sha256("".join(record["sha256"] for record in files.values()).encode()).hexdigest()[:16]
    data = next(name for name in _names(f"data-{digest}") if not (path / name).exists())
    manifest = {"format": FORMAT, "schema": SCHEMA, "data": data, "facts": facts, "files": files}
    manifest["sha256"] = _manifest_sha256(manifest)
    with (part / _MANIFEST).open("w", encoding="utf-8") as out:
        json.dump(manifest, out, indent=1, ensure_ascii=False)
        out.flush()
        os.fsync(out.fileno())
    part.chmod(0o755)
    part.rename(path / data)  # from here on nothing is written
    (path / data / _MANIFEST).replace(path / _MANIFEST)
    for old in path.glob("data-*"):
        if old.name != data:
            shutil.rmtree(old, ignore_errors=True)


def _names(stem: str) -> Iterator[str]:
    yield stem
    for number in range(2, 1_000_000):
        yield f"{stem}-{number}"


def _write_array(file: Path, array: NDArray[Any]) -> dict[str, Any]:
    with file.open("wb") as out:
        np.save(out, np.ascontiguousarray(array), allow_pickle=False)
        out.flush()
        os.fsync(out.fileno())
    return {
        "file": file.name,
        "bytes": file.stat().st_size,
        "sha256": _sha256(file),
        "dtype": str(array.dtype),
        "shape": list(array.shape),
    }


def _sha256(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(4 * _MEGABYTE):
            digest.update(block)
    return digest.hexdigest()


def _is_free(path: Path) -> bool:
    """Return whether a folder is empty, or holds only what a save left behind when it was killed."""
    return path.is_dir() and all(_LEFTOVER.fullmatch(child.name) for child in path.iterdir())


def _is_artifact(path: Path) -> bool:
    try:
        _read_manifest(path, any_schema=True)
    except ArtifactError:
        return False
    return True


def _read_manifest(path: Path, *, any_schema: bool = False) -> dict[str, Any]:
    file = path / _MANIFEST
    try:
        manifest = json.loads(file.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        there = "is not an artifact (it has no manifest.json)" if path.exists() else "does not exist"
        raise ArtifactError(f"{path}: {there}; make one with: recommender build ARTICLES -o {path}") from None
    except (OSError, ValueError, RecursionError) as error:
        raise ArtifactError(f"{file}: cannot be read ({error}); build the artifact again") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise ArtifactError(f"{file}: is not the manifest of an artifact; choose another folder")
    if manifest.get("schema") != SCHEMA and not any_schema:
        raise ArtifactError(
            f"{path}: wanted an artifact of schema {SCHEMA}, got schema {manifest.get('schema')}; "
            "build it again with this version"
        )
    if not any_schema and manifest.get("sha256") != _manifest_sha256(manifest):
        raise ArtifactError(f"{file}: is damaged (sha256 differs); build the artifact again")
    data = str(manifest.get("data", ""))
    if not data.startswith("data-") or Path(data).name != data:
        raise ArtifactError(
            f"{file}: names the data folder {data!r}, which is not one; build the artifact again"
        )
    return manifest


def _manifest_sha256(manifest: Mapping[str, Any]) -> str:
    content = {name: value for name, value in manifest.items() if name != "sha256"}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
