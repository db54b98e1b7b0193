"""A consistent copy of an artifact in one tar file, made while others read and write."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from recommender.errors import ArtifactError
from recommender.store.journal import Journal
from recommender.store.manifest import FORMAT, MANIFEST, Manifest, sync_folder
from recommender.store.update_rows import Position
from recommender.store.write_lock import open_locked

__all__ = ["backup"]


def backup(path: Path, file: Path) -> Position:
    """Copy an artifact, as it is at one moment, into a tar file; ``tar xf`` gives an artifact of the same name.

    It is written aside as ``FILE.part`` and swapped in. The checksum of every file is compared on the way. Takes no
    lock of the artifact, so writers go on. Returns the version that was copied.

    Raises
    ------
    BusyError
        If another backup writes the same file.
    ArtifactError
        If the artifact is damaged, `file` is something else than a backup, or the disk refuses. What was there is
        unchanged.
    """
    _check_place(file)
    while True:
        manifest = Manifest.read(path)
        try:
            with ExitStack() as stack:
                streams = {  # open files stay whole if the artifact is replaced meanwhile
                    record["file"]: stack.enter_context((path / manifest.data / record["file"]).open("rb"))
                    for record in manifest.files.values()
                }
                image, position = _updates(path, manifest)
                with _aside(file) as out, tarfile.open(fileobj=out, mode="w") as tar:
                    _write(tar, path.resolve().name, manifest, streams, image)
                return position
        except (OSError, ArtifactError) as error:
            if Manifest.read(path).base != manifest.base:
                continue  # it was replaced before all its files were open
            if isinstance(error, ArtifactError):
                raise
            raise ArtifactError(
                f"{error.filename or file}: {error.strerror or error}; no backup was made and what was there is "
                "unchanged; make room, choose another place, or check the artifact with: recommender inspect --verify"
            ) from error


def _updates(path: Path, manifest: Manifest) -> tuple[bytes | None, Position]:
    """Return the journal as a file of its own, and the version that it leads to."""
    base = Position(manifest.version, manifest.base)
    if manifest.journal is None:
        return None, base
    return Journal(path / manifest.journal, base).image()


def _write(
    tar: tarfile.TarFile, name: str, manifest: Manifest, streams: dict[str, IO[bytes]], image: bytes | None
) -> None:
    _add(tar, f"{name}/{MANIFEST}", io.BytesIO(content := manifest.to_bytes()), len(content))
    for record in manifest.files.values():
        reading = _Reading(streams[record["file"]])
        _add(tar, f"{name}/{manifest.data}/{record['file']}", reading, record["bytes"])
        if reading.digest.hexdigest() != record["sha256"]:
            raise ArtifactError(
                f"{streams[record['file']].name}: its bytes differ from those that were written (sha256 differs); no "
                "backup was made; build the artifact again or restore a backup"
            )
    if manifest.journal and image is not None:
        _add(tar, f"{name}/{manifest.journal}", io.BytesIO(image), len(image))


class _Reading:
    """A stream that hashes what is read from it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        content = self._stream.read(size)
        self.digest.update(content)
        return content


def _add(tar: tarfile.TarFile, name: str, content: Any, size: int) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o644
    member.mtime = int(time.time())
    tar.addfile(member, content)


@contextmanager
def _aside(file: Path) -> Iterator[IO[bytes]]:
    """Write a file beside another one and swap it in. What a killed backup left there is overwritten."""
    part = file.with_name(f".{file.name}.backup-part")
    with os.fdopen(open_locked(part), "r+b") as out:
        try:
            out.truncate(0)
            yield out
            out.flush()
            os.fsync(out.fileno())
            part.replace(file)
        except BaseException:
            with suppress(OSError):
                part.unlink()
            raise
    sync_folder(file.absolute().parent)


def _check_place(file: Path) -> None:
    if not file.absolute().parent.is_dir():
        raise ArtifactError(f"{file}: cannot be written, because {file.absolute().parent} is not a folder")
    if file.exists() and not _is_backup(file):
        raise ArtifactError(f"{file}: exists and is not a backup; choose another name or remove it")


def _is_backup(file: Path) -> bool:
    try:
        with tarfile.open(file, "r:") as tar:
            member = tar.next()
            if (
                member is None
                or Path(member.name).name != MANIFEST
                or not (stream := tar.extractfile(member))
            ):
                return False
            content = json.loads(stream.read())
            return isinstance(content, dict) and content.get("format") == FORMAT
    except (tarfile.TarError, OSError, ValueError):
        return False
