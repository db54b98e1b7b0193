"""A site in a folder: an immutable base and the updates that follow it.

A state of the site is a position: a version, and the checksum of what led to it. Readers hold a state until they ask
for a newer one. Writers hold the lock, read the newest state and either append an update to it or replace the base.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from recommender.errors import ArtifactError
from recommender.store.array_folder import ArrayFolder
from recommender.store.artifact_folder import open_base, save_folder, sweep
from recommender.store.journal import Journal, is_settled
from recommender.store.journal_writer import JournalWriter, Part
from recommender.store.manifest import Manifest
from recommender.store.update_rows import Position, Unmerged, Update
from recommender.store.write_lock import holds_lock, write_lock

__all__ = ["Base", "Part", "Position", "SiteStore", "Update"]


@dataclass(frozen=True, eq=False)
class Base:
    """An opened base.

    Parameters
    ----------
    arrays : ArrayFolder
        Memory-mapped, and whole also after the base is replaced.
    facts : mapping
    position : Position
        Version and checksum of the base.
    """

    arrays: ArrayFolder
    facts: dict[str, Any]
    position: Position

    @property
    def version(self) -> int:
        """The version of the base."""
        return self.position.version


class SiteStore:
    """The folder of a site.

    Reading creates nothing. A store may be shared by threads and carried over a fork.

    Parameters
    ----------
    path : Path

    Examples
    --------
    A reader::

        store = SiteStore(path)
        base, updates = store.load()             # the newest state, updates oldest first
        ...
        newer = store.updates(base, position)    # position: that of the last update, or of the base
        if newer is None:                        # the base was replaced
            base, updates = store.load()

    A writer::

        with store.lock():
            base, updates = store.load()
            position = store.append(base, position, (arrays, facts))
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writer: JournalWriter | None = None
        self._seen: tuple[bytes, Manifest] | None = None
        self._newest: tuple[object, Position] | None = (
            None  # files of a journal that hold nothing after a state
        )

    def open(self) -> Base:
        """Open the base. Raises `ArtifactError`."""
        manifest, arrays = open_base(self.path)
        return Base(arrays, manifest.facts, _position(manifest))

    def load(self, *, heads: bool = False) -> tuple[Base, list[Update]]:
        """Open the base and read its updates, as they were at one moment, or see `heads`. Raises `ArtifactError`."""
        while True:
            base = self.open()
            updates = self.heads(base) if heads else self.updates(base, base.position)
            if updates is not None:
                return base, updates

    def heads(self, base: Base, until: int | None = None) -> list[Update] | None:
        """Return what look-ups of lists need of the updates of a base, oldest first. None if the base was replaced.

        The first may be what updates up to `until` at most were merged to, see `merge`. Raises `ArtifactError`.
        """
        return self._read(base, lambda journal: journal.heads(*(() if until is None else [until])), [])

    def updates(self, base: Base, after: Position, *, heads: bool = False) -> list[Update] | None:
        """Return the updates after a state of a base, oldest first. None if that state is gone: load again.

        With `heads`, only what look-ups of lists need is read. Takes .2 ms where nothing is new.

        Raises
        ------
        ArtifactError
            If the journal is damaged.
        """
        none: list[Update] | None = [] if after == base.position else None
        return self._read(base, lambda journal: self._newer(journal, after, heads=heads), none)

    def _read(
        self, base: Base, read: Callable[[Journal], list[Update] | None], none: list[Update] | None
    ) -> list[Update] | None:
        """Return what is read of the journal of a base. None if the base was replaced, and `none` without updates."""
        while True:
            manifest = self._manifest()
            if manifest.base != base.position.checksum:
                return None
            if manifest.journal is None:
                return none
            try:
                return read(self._journal(manifest))
            except ArtifactError:
                if Manifest.read(self.path).base == manifest.base:
                    raise

    def sizes(self, base: Base) -> tuple[int, int]:
        """Return the bytes of a base, and those of the updates that were stored since."""
        name = self._manifest().journal
        written = 0
        for file in (self.path / f"{name}{end}" for end in ("", "-wal") if name):
            with suppress(FileNotFoundError):
                written += file.stat().st_size
        return sum(each.nbytes for each in base.arrays.values()), written

    @contextmanager
    def lock(self, wait_s: float = 0) -> Iterator[None]:
        """Be the only writer. The thread that holds the lock may take it again.

        What a killed writer left is removed first.

        Raises
        ------
        BusyError
            If somebody else writes for longer than `wait_s` seconds.
        ArtifactError
            If there is no artifact, or its folder cannot be written.
        """
        if holds_lock(self.path):
            yield
            return
        self._manifest()  # makes no lock file in a folder that is not an artifact
        with write_lock(self.path, wait_s):
            manifest = self._manifest()
            if manifest.journal:
                self._writer_of(manifest).recover()
            else:
                self.close()
            sweep(self.path, manifest)
            yield

    def append(self, base: Base, after: Position, payload: Part, head: Part = ({}, {})) -> Position:
        """Write an update of a state, and return the state that it leads to. It is on disk when this returns.

        `head` is what look-ups of lists need, and `payload` the rest: arrays and facts by names of their own. Takes the
        lock, unless this thread holds it.

        Raises
        ------
        ArtifactError
            If the site is in another state than `after`, or the disk refuses. Nothing has changed then.
        """
        with self.lock():
            manifest = self._manifest()
            position = None
            if manifest.base == base.position.checksum:
                position = self._appended(manifest, after, head, payload)
            if position is None:
                raise ArtifactError(f"{self.path}: was changed meanwhile; load it and update it again")
            return position

    def unmerged(self, base: Base) -> Unmerged:
        """Return how much was written since heads were last merged; nothing where the site has another base."""
        manifest = self._manifest()
        ours = manifest.base == base.position.checksum and manifest.journal is not None
        return self._writer_of(manifest).unmerged() if ours else Unmerged(0, 0, 0)

    def merge(self, base: Base, position: Position, head: Part) -> None:
        """Write what the updates up to the newest state lead to, as one head, so that opening reads it alone.

        Nothing else reads it. Nothing is written if the site is in another state. Raises `ArtifactError`.
        """
        with self.lock():
            manifest = self._manifest()
            if manifest.base == base.position.checksum and manifest.journal is not None:
                self._writer_of(manifest).merge(head, position)

    def replace(
        self, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any], version: int | None = None
    ) -> Base:
        """Write a new base and swap it in, then remove the old one and its updates; see `save_folder`."""
        self.close()
        save_folder(self.path, arrays, facts, version)
        return self.open()

    def verify(self) -> None:
        """Read every file and check every checksum.

        Raises
        ------
        ArtifactError
            Naming every damaged file.
        """
        while True:
            manifest, arrays = open_base(self.path)
            checks: list[Callable[[], None]] = [partial(arrays.check, contents=True)]
            if manifest.journal:
                checks.append(self._journal(manifest).verify)
            wrong = []
            for check in checks:
                try:
                    check()
                except ArtifactError as error:
                    wrong.append(str(error))
            if not wrong:
                return
            if Manifest.read(self.path).base == manifest.base:
                raise ArtifactError("\n".join(wrong))

    def backup(self, file: Path) -> Position:
        """Copy the site, as it is at one moment, into a tar file; see `recommender.store.backup`."""
        from recommender.store.backup import backup

        return backup(self.path, file)

    def close(self) -> None:
        """Close what a writer keeps open between updates. The store may be used again."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _appended(self, manifest: Manifest, after: Position, head: Part, payload: Part) -> Position | None:
        try:
            position = self._writer_of(manifest).append(head, payload, after)
            if position is not None and manifest.journal is None:
                manifest.with_journal().write(self.path)  # from here on its loss is an error
            return position
        except BaseException as error:
            if Manifest.read(self.path).journal is None:
                self.close()
                sweep(self.path)
            if isinstance(error, OSError):
                raise ArtifactError(
                    f"{self.path}: cannot be written ({error.strerror or error}); the previous content is unchanged; "
                    "make room"
                ) from error
            raise

    def _newer(self, journal: Journal, after: Position, *, heads: bool) -> list[Update] | None:
        before = journal.state(), after
        if before == self._newest:
            return []
        found = journal.updates(after, heads=heads)
        if found == [] and is_settled(before[0]):
            self._newest = before
        return found

    def _manifest(self) -> Manifest:
        self._seen = seen = Manifest.read_again(self.path, self._seen)
        return seen[1]

    def _journal(self, manifest: Manifest) -> Journal:
        return Journal(self.path / manifest.journal_name, _position(manifest))

    def _writer_of(self, manifest: Manifest) -> JournalWriter:
        journal = self._journal(manifest)
        if self._writer is None or self._writer.journal != journal:
            self.close()
            self._writer = JournalWriter(journal)
        return self._writer


def _position(manifest: Manifest) -> Position:
    return Position(manifest.version, manifest.base)
