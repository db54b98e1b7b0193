"""Updates as rows of a table, in a chain of checksums."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, Self

from numpy.typing import NDArray

from recommender.errors import ArtifactError
from recommender.store.update_payload import decode_payload

__all__ = ["WAIT_S", "Position", "Row", "Update", "create_table", "insert", "sqlite_errors"]

WAIT_S = 10
"""How long to wait for SQLite's own locks, which are held for milliseconds."""

_TABLE = """CREATE TABLE updates (version INTEGER PRIMARY KEY, time INTEGER NOT NULL, payload BLOB NOT NULL,
previous TEXT NOT NULL, checksum TEXT NOT NULL)"""


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


class Row(NamedTuple):
    """A row of the table, as `Update` describes it; `previous` is the checksum of the row before or of the base."""

    version: int
    time: int
    payload: bytes
    previous: str
    checksum: str

    @classmethod
    def of(cls, payload: bytes, before: Position) -> Self:
        """Return the row of an update of a state."""
        now = int(datetime.now(UTC).timestamp() * 1e6)
        row = cls(before.version + 1, now, payload, before.checksum, "")
        return row._replace(checksum=row.sha256())

    @property
    def position(self) -> Position:
        """The state after this row."""
        return Position(self.version, self.checksum)

    def sha256(self) -> str:
        """Return the checksum that the row should have."""
        digest = hashlib.sha256(f"{self.previous} {self.version} {self.time} ".encode())
        digest.update(self.payload)
        return digest.hexdigest()

    def follows(self, before: Position) -> bool:
        """Return whether the row is whole and leads on from a state."""
        return (self.version, self.previous) == (before.version + 1, before.checksum) and (
            self.checksum == self.sha256()
        )

    def update(self) -> Update:
        """Return the row as an update. Raises ValueError if its payload is none."""
        return Update(self.version, self.time, *decode_payload(self.payload), self.checksum)


def create_table(connection: sqlite3.Connection) -> None:
    """Make the table of updates."""
    connection.execute(_TABLE)


def insert(connection: sqlite3.Connection, row: Row, base: Position) -> None:
    """Add a row, and count it where a reader looks first."""
    connection.execute("INSERT INTO updates VALUES (?, ?, ?, ?, ?)", row)
    connection.execute(f"PRAGMA user_version = {row.version - base.version}")


@contextmanager
def sqlite_errors(file: Path) -> Iterator[None]:
    """Turn errors of SQLite into `ArtifactError`."""
    try:
        yield
    except (sqlite3.Error, OverflowError) as error:  # OverflowError: an update of gigabytes
        raise ArtifactError(
            f"{file}: SQLite says: {error}; the last complete update counts; make room, check the permissions, or "
            "restore a backup"
        ) from error
