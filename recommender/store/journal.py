"""The updates of a base: one row each in an SQLite file, in a chain of checksums that starts with the base.

Writers hold the artifact's lock and write by SQLite's write-ahead log. Readers open the file, read it, check the whole
chain and close it; they create nothing. Where no log lies beside the file they read it without SQLite's locks, which
works in a read-only folder. Should a writer start meanwhile, the chain shows it, and they read again.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from recommender.errors import ArtifactError
from recommender.store.update_rows import (
    SQLITE_ERRORS,
    WAIT_S,
    Merged,
    Position,
    Row,
    Update,
    create_table,
    insert,
    newest_merged,
    sqlite_errors,
)  # fmt: skip

__all__ = ["Journal", "is_settled"]

_Read = TypeVar("_Read")

_NEWEST = 2**62  # above each version
_CLOCK_TICK_NS = 2 * 10**9  # of the coarsest file system
_TRIES = 6
_IN_MOTION = 0.02  # of a try, where somebody writes
_PAUSE_S = 0.005


class _InconsistentError(Exception):
    """The rows are no chain."""


class _ElsewhereError(Exception):
    """The journal does not hold the state that was asked for."""


_FAILURES = (*SQLITE_ERRORS, _InconsistentError, _ElsewhereError)


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

    def updates(self, after: Position, *, heads: bool = False) -> list[Update] | None:
        """Return the updates after a state, oldest first. None if the journal does not hold that state.

        With `heads`, only what look-ups of lists need is read.

        Raises
        ------
        ArtifactError
            If the file is missing, damaged or locked.
        """
        rows = self._rows(after, heads=heads)
        try:
            return None if rows is None else [row.update() for row in rows]
        except ValueError as error:
            raise self._damaged(error) from error

    def heads(self, until: int = _NEWEST) -> list[Update]:
        """Return the heads of the updates of the base, oldest first. The first may stand for those before it.

        Where heads are merged up to a version that is not above `until`, those that are merged are not read. What stands
        for them has the fact ``merged``.

        Raises
        ------
        ArtifactError
            If the file is missing, damaged or locked.
        """
        merged, rows = self._consistent(lambda connection: self._since_merged(connection, until))
        try:
            return [*(each.update() for each in merged), *(row.update() for row in rows)]
        except ValueError as error:
            raise self._damaged(error) from error

    def verify(self) -> None:
        """Read everything and check every checksum, and SQLite's own structure. Raises `ArtifactError`."""
        self.updates(self.base)
        self.heads()
        self._consistent(_check_structure)

    def image(self) -> tuple[bytes, Position]:
        """Return an SQLite file with the same updates, and the state that they lead to, whoever writes meanwhile."""
        position = self.base
        with sqlite_errors(self.file), closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
            create_table(copy)
            for row in self._rows(self.base) or ():
                insert(copy, row, self.base)
                position = row.position
            return copy.serialize(), position

    def remains(self) -> tuple[list[Mapping[str, Any]], bool]:
        """Return the facts of the heads that can be read, oldest first, and whether these are all that there were.

        Where the file is damaged, a head counts if its own checksum is right.
        """
        try:
            return [update.facts for update in self.updates(self.base, heads=True) or ()], True
        except ArtifactError:
            pass
        found: list[Mapping[str, Any]] = []
        with (
            suppress(*SQLITE_ERRORS, ValueError, OSError),
            closing(_reading(self.file, self._has_log())) as connection,
        ):
            columns = ", ".join([*Row._fields[:-1], "NULL"])
            for values in connection.execute(f"SELECT {columns} FROM updates ORDER BY version"):  # noqa: S608
                row = Row(*values)
                if isinstance(row.head, bytes) and row.checksum == row.sha256():
                    found.append(row.update().facts)
        return found, False

    def _rows(self, after: Position, *, heads: bool = False) -> list[Row] | None:
        try:
            return self._consistent(lambda connection: self._chain(connection, after, heads=heads))
        except _ElsewhereError:
            return None

    def _consistent(self, read: Callable[[sqlite3.Connection], _Read]) -> _Read:
        """Read until what was read is consistent, which it is at once unless a writer moves pages meanwhile.

        Without its log the file holds an older state. That counts only where the log cannot be read in any try.
        """
        left = float(_TRIES)
        while True:
            before, has_log = self.state(), self._has_log()
            try:
                return self._read(read, has_log=has_log)
            except _FAILURES as error:
                found = error
            left -= 1 if self.state() == before else _IN_MOTION
            if not self.file.is_file():
                raise ArtifactError(f"{self.file}: is missing; copy the artifact anew or build it again")
            if left <= 0 and has_log:
                with suppress(*_FAILURES):
                    return self._read(read, has_log=False)
            if left <= 0 and isinstance(found, _ElsewhereError):
                raise found
            if left <= 0:
                raise self._damaged(found) from found
            time.sleep(_PAUSE_S)

    def _read(self, read: Callable[[sqlite3.Connection], _Read], *, has_log: bool) -> _Read:
        with closing(_reading(self.file, has_log)) as connection:
            connection.execute("BEGIN")
            return read(connection)

    def _chain(self, connection: sqlite3.Connection, after: Position, *, heads: bool) -> list[Row]:
        (count,) = connection.execute("PRAGMA user_version").fetchone()
        if after != self.base:
            held = connection.execute(
                "SELECT checksum FROM updates WHERE version = ?", [after.version]
            ).fetchone()
            if held != (after.checksum,):
                raise _ElsewhereError
        rows, place = [], after
        columns = [*Row._fields[:-1], "NULL" if heads else "payload"]
        query = f"SELECT {', '.join(columns)} FROM updates WHERE version > ? ORDER BY version"  # noqa: S608
        for values in connection.execute(query, [after.version]):
            row = Row(*values)
            if not row.follows(place):
                raise _InconsistentError(f"version {place.version + 1}: its checksum differs")
            rows.append(row)
            place = row.position
        if place.version != self.base.version + count:
            raise _InconsistentError(f"wanted {count} updates, got {place.version - self.base.version}")
        return rows

    def _since_merged(self, connection: sqlite3.Connection, until: int) -> tuple[list[Merged], list[Row]]:
        merged = newest_merged(connection, until)
        if merged is None:
            return [], self._chain(connection, self.base, heads=True)
        if not merged.is_whole:
            raise _InconsistentError(
                f"the merged updates up to version {merged.version}: their checksum differs"
            )
        try:
            return [merged], self._chain(connection, Position(merged.version, merged.checksum), heads=True)
        except _ElsewhereError:
            raise _InconsistentError(
                f"updates up to version {merged.version} are merged and not there"
            ) from None

    def state(self) -> tuple[tuple[int, ...] | None, ...]:
        """Return what changes when somebody writes: inode, size and time of the file and its log."""
        return _signature(self.file), _signature(Path(f"{self.file}-wal"))

    def _has_log(self) -> bool:
        try:
            return Path(f"{self.file}-wal").stat().st_size > 0
        except OSError:
            return False

    def _damaged(self, found: object) -> ArtifactError:
        return ArtifactError(
            f"{self.file}: is damaged ({found}); copy the artifact anew, restore a backup or build it again"
        )


def _check_structure(connection: sqlite3.Connection) -> None:
    found = [str(each) for (each,) in connection.execute("PRAGMA integrity_check(1)")]
    if found != ["ok"]:
        raise _InconsistentError(" ".join(found))


def _signature(file: Path) -> tuple[int, ...] | None:
    try:
        stat = file.stat()
    except OSError:
        return None
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


def _reading(file: Path, has_log: bool) -> sqlite3.Connection:
    options = "mode=ro" if has_log else "mode=ro&immutable=1"
    return sqlite3.connect(
        f"file:{quote(str(file.absolute()))}?{options}", uri=True, timeout=WAIT_S, isolation_level=None
    )


def is_settled(state: Sequence[Sequence[int] | None]) -> bool:
    """Return whether files are so old that a later write would give them another time."""
    newest = max((each[-1] for each in state if each is not None), default=0)
    return newest < time.time_ns() - _CLOCK_TICK_NS
