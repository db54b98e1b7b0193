"""Updates as rows of a table, in a chain of checksums.

A row has two parts: the head is what look-ups of lists need, and the payload is the rest. The chain holds the checksum
of each payload, so that a reader of lists verifies what it reads without reading all.
"""

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

__all__ = [
    "SQLITE_ERRORS", "WAIT_S", "Merged", "Position", "Row", "Unmerged", "Update", "create_table", "insert", "newest_merged",
    "replace_merged", "sqlite_errors", "unmerged",
]  # fmt: skip

SQLITE_ERRORS = (sqlite3.Error, UnicodeDecodeError)
"""What a damaged file raises: SQLite quotes its schema in messages, which need not be UTF-8 then."""

WAIT_S = 10
"""How long to wait for SQLite's own locks, which are held for milliseconds."""

_TABLE = """CREATE TABLE updates (version INTEGER PRIMARY KEY, time INTEGER NOT NULL, previous TEXT NOT NULL,
checksum TEXT NOT NULL, digest TEXT NOT NULL, head BLOB NOT NULL, payload BLOB NOT NULL)"""


_MERGED = """CREATE TABLE IF NOT EXISTS merged (version INTEGER PRIMARY KEY, checksum TEXT NOT NULL,
digest TEXT NOT NULL, head BLOB NOT NULL)"""


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
        Of the head and, unless heads alone were read, of the payload. Read-only.
    facts : mapping
        As JSON can hold them.
    checksum : str
        sha256 of the checksum before, version, time, the payload's sha256, and the head, in hexadecimal.
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
    """A row of the table, as `Update` describes it.

    `previous` is the checksum of the row before or of the base, `digest` the payload's sha256. The payload may be left
    unread.
    """

    version: int
    time: int
    previous: str
    checksum: str
    digest: str
    head: bytes
    payload: bytes | None

    @classmethod
    def of(cls, head: bytes, payload: bytes, before: Position) -> Self:
        """Return the row of an update of a state."""
        now = int(datetime.now(UTC).timestamp() * 1e6)
        digest = hashlib.sha256(payload).hexdigest()
        row = cls(before.version + 1, now, before.checksum, "", digest, head, payload)
        return row._replace(checksum=row.sha256())

    @property
    def position(self) -> Position:
        """The state after this row."""
        return Position(self.version, self.checksum)

    def sha256(self) -> str:
        """Return the checksum that the row should have."""
        found = hashlib.sha256(f"{self.previous} {self.version} {self.time} {self.digest} ".encode())
        found.update(self.head)
        return found.hexdigest()

    def follows(self, before: Position) -> bool:
        """Return whether what was read of the row is whole and leads on from a state."""
        return (
            (self.version, self.previous) == (before.version + 1, before.checksum)
            and isinstance(self.head, bytes)
            and isinstance(self.payload, bytes | None)
            and self.checksum == self.sha256()
            and (self.payload is None or self.digest == hashlib.sha256(self.payload).hexdigest())
        )

    def update(self) -> Update:
        """Return the row as an update. Raises ValueError if its parts are none."""
        arrays, facts = decode_payload(self.head)
        if self.payload is not None:
            more = decode_payload(self.payload)
            arrays, facts = arrays | more[0], facts | more[1]
        return Update(self.version, self.time, arrays, facts, self.checksum)


class Merged(NamedTuple):
    """The heads of all updates up to one, merged. It only saves time: the rows of the updates stay.

    `checksum` is that of the last of these updates, `digest` the sha256 of version, checksum and head.
    """

    version: int
    checksum: str
    digest: str
    head: bytes

    @classmethod
    def of(cls, head: bytes, position: Position) -> Self:
        """Return the row for a state."""
        row = cls(*position, "", head)
        return row._replace(digest=row.sha256())

    def sha256(self) -> str:
        """Return the digest that the row should have."""
        return hashlib.sha256(f"{self.version} {self.checksum} ".encode() + self.head).hexdigest()

    @property
    def is_whole(self) -> bool:
        """Whether what was read is what was written."""
        return isinstance(self.head, bytes) and self.digest == self.sha256()

    def update(self) -> Update:
        """Return the row as an update of the base. Raises ValueError if its head is none."""
        return Update(self.version, 0, *decode_payload(self.head), self.checksum)


class Unmerged(NamedTuple):
    """The updates since heads were last merged: how many, the bytes of their heads, and those of what is merged."""

    n_updates: int
    n_bytes: int
    n_bytes_merged: int


def unmerged(connection: sqlite3.Connection) -> Unmerged:
    """Return how much opening reads beside what is merged. Takes a look at the row of each of these updates."""
    version, n_bytes = 0, 0
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'merged'").fetchone() is not None:
        query = "SELECT version, length(head) FROM merged ORDER BY version DESC LIMIT 1"
        version, n_bytes = connection.execute(query).fetchone() or (0, 0)
    query = "SELECT count(*), total(length(head)) FROM updates WHERE version > ?"
    n_updates, later = connection.execute(query, [version]).fetchone()
    return Unmerged(n_updates, int(later), n_bytes)


def newest_merged(connection: sqlite3.Connection, until: int) -> Merged | None:
    """Return what is merged up to a version. None if there is nothing, as in journals of few updates."""
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'merged'").fetchone() is None:
        return None
    query = (
        "SELECT version, checksum, digest, head FROM merged WHERE version <= ? ORDER BY version DESC LIMIT 1"
    )
    found = connection.execute(query, [until]).fetchone()
    return Merged(*found) if found else None


def replace_merged(connection: sqlite3.Connection, row: Merged) -> None:
    """Write what is merged, in place of what was."""
    connection.execute(_MERGED)
    connection.execute("DELETE FROM merged")
    connection.execute("INSERT INTO merged VALUES (?, ?, ?, ?)", row)


def create_table(connection: sqlite3.Connection) -> None:
    """Make the table of updates."""
    connection.execute(_TABLE)


def insert(connection: sqlite3.Connection, row: Row, base: Position) -> None:
    """Add a row, and count it where a reader looks first."""
    connection.execute("INSERT INTO updates VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    connection.execute(f"PRAGMA user_version = {row.version - base.version}")


@contextmanager
def sqlite_errors(file: Path) -> Iterator[None]:
    """Turn errors of SQLite into `ArtifactError`."""
    try:
        yield
    except (*SQLITE_ERRORS, OverflowError) as error:  # OverflowError: an update of gigabytes
        raise ArtifactError(
            f"{file}: SQLite says: {error}; the last complete update counts; make room, check the permissions, or "
            "restore a backup"
        ) from error
