"""A folder of plain arrays with a manifest. It is written whole, swapped in, and memory-mapped on opening.

``site.rec/manifest.json`` names a data folder beside it, and each array in it with its size and sha256. A save
writes a new data folder, then replaces the manifest in one step, then removes the old data folder. A reader
sees the old artifact or the new one, whatever happens in between. Writers hold a lock, and the next one removes what
a killed one left.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from recommender.errors import ArtifactError
from recommender.store.array_folder import ArrayFolder, write_array
from recommender.store.journal import Journal
from recommender.store.manifest import MANIFEST, OWN_NAME, Manifest, sync_folder
from recommender.store.update_rows import Position
from recommender.store.write_lock import LOCK_FILE, write_lock

__all__ = ["check_place", "open_base", "open_folder", "save_folder", "sweep"]

_WAIT_S = 60  # a build that took minutes waits for an update that takes seconds


def open_folder(path: Path) -> tuple[ArrayFolder, dict[str, Any]]:
    """Return the arrays and facts that `save_folder` wrote. Takes a few milliseconds at any size."""
    manifest, arrays = open_base(path)
    return arrays, manifest.facts


def open_base(path: Path) -> tuple[Manifest, ArrayFolder]:
    """Return the manifest of an artifact and the arrays that it names."""
    manifest = Manifest.read(path)
    while True:
        try:
            return manifest, ArrayFolder(path / manifest.data, manifest.files)
        except ArtifactError:
            newer = Manifest.read(path)  # another process may have replaced it since the manifest was read
            if newer.base == manifest.base:
                raise
            manifest = newer


def check_place(path: Path) -> None:
    """Raise `ArtifactError` if an artifact cannot be written: something else is there, or the folder is not writable."""
    if path.exists() and not Manifest.is_at(path) and not _is_free(path):
        raise ArtifactError(f"{path}: exists and is not an artifact; choose another name or remove it")
    parent = next(folder for folder in (path, *path.absolute().parents) if folder.exists())
    if not parent.is_dir() or not os.access(parent, os.W_OK | os.X_OK):
        raise ArtifactError(
            f"{path}: cannot be written, because {parent} is not a writable folder; choose another place"
        )


def save_folder(
    path: Path, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any], version: int | None = None
) -> Manifest:
    """Write arrays and facts as an artifact. An older artifact there, with its updates, is replaced.

    `version` is that of the new base, not below the newest one there; None counts on from it, or from 1.

    Raises
    ------
    ArtifactError
        If something else is at `path`, another process writes it for more than a minute, or the disk is full or
        read-only. The previous content is unchanged.
    """
    check_place(path)
    is_new = not path.exists()
    try:
        path.mkdir(parents=True, exist_ok=True)
        with write_lock(path, _WAIT_S):
            try:
                return _replace(path, arrays, facts, version)
            except BaseException:
                if is_new:
                    _remove_empty(path)
                raise
    except OSError as error:
        what = error.strerror or f"the disk is full: {error}"  # NumPy's errors have no number
        raise ArtifactError(
            f"{path}: cannot be written ({what}); the previous content is unchanged; "
            "make room or choose another place"
        ) from error


def sweep(path: Path, manifest: Manifest | None = None) -> None:
    """Remove what a writer left beside what the manifest names. The caller holds the lock, and may have read it.

    Where the manifest cannot be read, nobody knows what it names, and everything stays.
    """
    manifest = manifest or _readable(path)
    if manifest is None and (path / MANIFEST).exists():
        return
    kept = manifest.names if manifest else ()
    for child in list(path.iterdir()):
        if child.name in kept or not OWN_NAME.fullmatch(child.name):
            continue
        if child.is_dir():
            shutil.rmtree(child, ignore_errors=True)
        else:
            with suppress(OSError):
                child.unlink()


def _replace(
    path: Path, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any], version: int | None
) -> Manifest:
    existing = _readable(path)
    newest = _newest_version(path, existing)
    if version is None:
        version = newest + 1
    elif version < newest:
        raise ValueError(f"wanted a version of {newest} or more, got {version}")
    sweep(path)
    part = Path(tempfile.mkdtemp(prefix="data-part-", dir=path))
    try:
        files = {name: write_array(part / f"{name}.npy", array) for name, array in sorted(arrays.items())}
        manifest = Manifest.of(path, version, files, facts)
        part.chmod(0o755)
        sync_folder(part)
        part.rename(path / manifest.data)  # from here on nothing in it is written
        manifest.write(path)
        return manifest
    finally:
        shutil.rmtree(part, ignore_errors=True)
        sweep(path)


def _readable(path: Path) -> Manifest | None:
    try:
        return Manifest.read(path)
    except ArtifactError:
        return None


def _newest_version(path: Path, existing: Manifest | None) -> int:
    if existing is None:
        return 0
    updates = None
    if existing.journal:
        base = Position(existing.version, existing.base)
        with suppress(ArtifactError):  # a build replaces a damaged journal
            updates = Journal(path / existing.journal, base).updates(base, heads=True)
    return existing.version + len(updates or ())


def _remove_empty(path: Path) -> None:
    with suppress(OSError):
        if [child.name for child in path.iterdir()] == [LOCK_FILE]:
            (path / LOCK_FILE).unlink()
            path.rmdir()


def _is_free(path: Path) -> bool:
    """Return whether a folder is empty, or holds only what a save left behind when it was killed.

    The same goes for a manifest that nobody can read beside data that only an artifact has.
    """
    if not path.is_dir():
        return False
    names = {child.name for child in path.iterdir()} - {LOCK_FILE}
    ours = {name for name in names if OWN_NAME.fullmatch(name)}
    return names - ours <= ({MANIFEST} if ours else set())
