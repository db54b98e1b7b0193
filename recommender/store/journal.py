"""The updates of a base: one row each in an SQLite file, in a chain of checksums that starts with the base.

Writers hold the artifact's lock and write by SQLite's write-ahead log. Readers open the file, read it, check the whole
chain and close it; they create nothing. Where no log lies beside the file they read it without SQLite's locks, which
works in a read-only folder. Should a writer start meanwhile, the chain shows it, and they read again.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote
from weakref import WeakSet

from numpy.typing import NDArray

from recommender.errors import ArtifactError
from recommender.store.update_payload import decode_payload, encode_payload

__all__ = ["Journal", "JournalWriter", "Position", "Update"]

_TABLE = """CREATE TABLE updates (version INTEGER PRIMARY KEY, time INTEGER NOT NULL, payload BLOB NOT NULL,
previous TEXT NOT NULL, checksum TEXT NOT NULL)"""
_WAIT_S = 10  # for SQLite's own locks, which are held for milliseconds
_TRIES = 6
_IN_MOTION = 0.02  # of a try, where somebody writes
_PAUSE_S = 0.005


class Position(NamedTuple):
    """A state of an artifact: its version, and the checksum of the update that led to it or of the base."""

    version: int
    checksum: str


@dataclass(frozen=True, eq=False)
class Update:
    """One update.

    Parameters
    ----------
    version : int
    time : int
        Microseconds since 1970-01-01 UTC at which it was written.
    arrays : mapping of str to ndarray
        Read-only.
    facts : mapping
        As JSON can hold them.
    checksum : str
        sha256 of the checksum before, version, time and payload, in hexadecimal.
    """

    version: int
    time: int
    arrays: Mapping[str, NDArray[Any]]
    facts: Mapping[str, Any]
    checksum: str

    @property
    def position(self) -> Position:
        """The state after this update."""
        return Position(self.version, self.checksum)


class _Row(NamedTuple):
    version: int
    time: int
    payload: bytes
    previous: str
    checksum: str

    @classmethod
    def of(cls, payload: bytes, before: Position) -> _Row:
        now = int(datetime.now(UTC).timestamp() * 1e6)
        row = cls(before.version + 1, now, payload, before.checksum, "")
        return row._replace(checksum=row.sha256())

    @property
    def position(self) -> Position:
        return Position(self.version, self.checksum)

    def sha256(self) -> str:
        digest = hashlib.sha256(f"{self.previous} {self.version} {self.time} ".encode())
        digest.update(self.payload)
        return digest.hexdigest()

    def follows(self, before: Position) -> bool:
        return (self.version, self.previous) == (before.version + 1, before.checksum) and (
            self.checksum == self.sha256()
        )

    def update(self) -> Update:
        return Update(self.version, self.time, *decode_payload(self.payload), self.checksum)


class _InconsistentError(Exception):
    """The rows are no chain."""


class _ElsewhereError(Exception):
    """The journal does not hold the state that was asked for."""


@dataclass(frozen=True)
class Journal:
    """The file of updates of one base, to be read.

    Parameters
    ----------
    file : Path
    base : Position
        Version and checksum of the base.
    """

    file: Path
    base: Position

    def updates(self, after: Position) -> list[Update] | None:
        """Return the updates after a state, oldest first. None if the journal does not hold that state.

        Raises
        ------
        ArtifactError
            If the file is missing, damaged or locked.
        """
        rows = self._rows(after)
        try:
            return None if rows is None else [row.update() for row in rows]
        except ValueError as error:
            raise self._damaged(error) from error

    def verify(self) -> None:
        """Read everything and check every checksum, and SQLite's own structure. Raises `ArtifactError`."""
        self.updates(self.base)
        with _errors(self.file), closing(_reading(self.file, self._has_log())) as connection:
            found = [str(each) for (each,) in connection.execute("PRAGMA integrity_check(1)")]
        if found != ["ok"]:
            raise self._damaged(" ".join(found))

    def image(self) -> bytes:
        """Return an SQLite file with the same updates, consistent whoever writes meanwhile."""
        with _errors(self.file), closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
            _create(copy)
            for row in self._rows(self.base) or ():
                _insert(copy, row, self.base)
            return copy.serialize()

    def _rows(self, after: Position) -> list[_Row] | None:
        """Read until what was read is consistent, which it is at once unless a writer moves pages meanwhile."""
        left, found = float(_TRIES), ""
        while True:
            before = self._state()
            for has_log in (True, False) if self._has_log() else (False,):
                try:
                    with closing(_reading(self.file, has_log)) as connection:
                        return self._chain(connection, after)
                except (sqlite3.Error, _InconsistentError) as error:
                    found = str(error)
                except _ElsewhereError:
                    found = ""
            left -= 1 if self._state() == before else _IN_MOTION
            if not self.file.is_file():
                raise ArtifactError(f"{self.file}: is missing; copy the artifact anew or build it again")
            if left <= 0:
                if found:
                    raise self._damaged(found)
                return None
            time.sleep(_PAUSE_S)

    def _chain(self, connection: sqlite3.Connection, after: Position) -> list[_Row]:
        (count,) = connection.execute("PRAGMA user_version").fetchone()
        if after != self.base:
            held = connection.execute(
                "SELECT checksum FROM updates WHERE version = ?", [after.version]
            ).fetchone()
            if held != (after.checksum,):
                raise _ElsewhereError
        rows, place = [], after
        query = "SELECT version, time, payload, previous, checksum FROM updates WHERE version > ? ORDER BY version"
        for values in connection.execute(query, [after.version]):
            row = _Row(*values)
            if not isinstance(row.payload, bytes) or not row.follows(place):
                raise _InconsistentError(f"version {place.version + 1}: its checksum differs")
            rows.append(row)
            place = row.position
        if place.version != self.base.version + count:
            raise _InconsistentError(f"wanted {count} updates, got {place.version - self.base.version}")
        return rows

    def _has_log(self) -> bool:
        try:
            return Path(f"{self.file}-wal").stat().st_size > 0
        except OSError:
            return False

    def _state(self) -> tuple[tuple[int, ...] | None, ...]:
        """Return what changes when somebody writes."""
        return _signature(self.file), _signature(Path(f"{self.file}-wal"))

    def _damaged(self, found: object) -> ArtifactError:
        return ArtifactError(
            f"{self.file}: is damaged ({found}); copy the artifact anew, restore a backup or build it again"
        )


class JournalWriter:
    """Appends updates to the journal of a base. Its user holds the artifact's lock.

    The connection stays open between updates, which saves a writer four flushes each. It is closed before a fork.
    """

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self._mutex = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        _writers.add(self)

    def append(
        self, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any], after: Position
    ) -> Position | None:
        """Write an update of a state. It is on disk when this returns. None if the journal is in another state.

        Raises
        ------
        ArtifactError
            If the disk refuses. Nothing has changed then.
        """
        payload = encode_payload(arrays, facts)
        with self._mutex, _errors(self.journal.file):
            try:
                connection = self._connected()
                connection.execute("BEGIN IMMEDIATE")
                if self._newest(connection) != after:
                    connection.execute("ROLLBACK")
                    return None
                row = _Row.of(payload, after)
                _insert(connection, row, self.journal.base)
                connection.execute("COMMIT")
                return row.position
            except BaseException:
                self._disconnect()  # rolls back
                raise

    def recover(self) -> None:
        """Take over what a killed writer left in the log."""
        with self._mutex, _errors(self.journal.file):
            self._connected()

    def close(self) -> None:
        """Move the log into the file and close it."""
        with self._mutex:
            self._disconnect()

    def _connected(self) -> sqlite3.Connection:
        if self._connection is None:
            is_new = not self.journal.file.exists()
            self._connection = sqlite3.connect(
                self.journal.file, timeout=_WAIT_S, isolation_level=None, check_same_thread=False
            )
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")
            if is_new:
                _create(self._connection)
        return self._connection

    def _newest(self, connection: sqlite3.Connection) -> Position:
        query = "SELECT version, checksum FROM updates ORDER BY version DESC LIMIT 1"
        newest = connection.execute(query).fetchone()
        return Position(*newest) if newest else self.journal.base

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


_writers: WeakSet[JournalWriter] = WeakSet()


def _close_all() -> None:
    for writer in list(_writers):
        writer.close()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_close_all)


def _signature(file: Path) -> tuple[int, ...] | None:
    try:
        stat = file.stat()
    except OSError:
        return None
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


def _create(connection: sqlite3.Connection) -> None:
    connection.execute(_TABLE)


def _insert(connection: sqlite3.Connection, row: _Row, base: Position) -> None:
    """Add a row, and count it where a reader looks first."""
    connection.execute("INSERT INTO updates VALUES (?, ?, ?, ?, ?)", row)
    connection.execute(f"PRAGMA user_version = {row.version - base.version}")


def _reading(file: Path, has_log: bool) -> sqlite3.Connection:
    options = "mode=ro" if has_log else "mode=ro&immutable=1"
    return sqlite3.connect(
        f"file:{quote(str(file.absolute()))}?{options}", uri=True, timeout=_WAIT_S, isolation_level=None
    )


@contextmanager
def _errors(file: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OverflowError) as error:  # OverflowError: an update of gigabytes
        raise ArtifactError(
            f"{file}: SQLite says: {error}; the last complete update counts; make room, check the permissions, or "
            "restore a backup"
        ) from error
