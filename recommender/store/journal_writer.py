"""Appends updates to a journal."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Mapping
from typing import Any, TypeAlias
from weakref import WeakSet

from numpy.typing import NDArray

from recommender.store.journal import Journal
from recommender.store.update_payload import encode_payload
from recommender.store.update_rows import (
    WAIT_S,
    Merged,
    Position,
    Row,
    Unmerged,
    create_table,
    insert,
    replace_merged,
    sqlite_errors,
    unmerged,
)  # fmt: skip

__all__ = ["JournalWriter", "Part"]

Part: TypeAlias = tuple[Mapping[str, NDArray[Any]], Mapping[str, Any]]
"""Arrays by name, and facts as JSON can hold them."""


class JournalWriter:
    """Appends updates to the journal of a base. Its user holds the artifact's lock.

    The connection stays open between updates, which saves a writer four flushes each. It is closed before a fork.
    """

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self._mutex = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        _writers.add(self)

    def append(self, head: Part, payload: Part, after: Position) -> Position | None:
        """Write an update of a state. It is on disk when this returns. None if the journal is in another state.

        Raises
        ------
        ArtifactError
            If the disk refuses. Nothing has changed then.
        """
        parts = encode_payload(*head), encode_payload(*payload)
        with self._mutex, sqlite_errors(self.journal.file):
            try:
                connection = self._connected()
                connection.execute("BEGIN IMMEDIATE")
                if self._newest(connection) != after:
                    connection.execute("ROLLBACK")
                    return None
                row = Row.of(*parts, after)
                insert(connection, row, self.journal.base)
                connection.execute("COMMIT")
                return row.position
            except BaseException:
                self._disconnect()  # rolls back
                raise

    def merge(self, head: Part, position: Position) -> None:
        """Write what all updates up to a state lead to, as one head. Nothing is written if it is not the newest state.

        Raises
        ------
        ArtifactError
            If the disk refuses. Nothing has changed then.
        """
        row = Merged.of(encode_payload(*head), position)
        with self._mutex, sqlite_errors(self.journal.file):
            try:
                connection = self._connected()
                connection.execute("BEGIN IMMEDIATE")
                if self._newest(connection) == position:
                    replace_merged(connection, row)
                connection.execute("COMMIT")
            except BaseException:
                self._disconnect()  # rolls back
                raise

    def unmerged(self) -> Unmerged:
        """Return how much was written since heads were last merged. Raises `ArtifactError`."""
        with self._mutex, sqlite_errors(self.journal.file):
            return unmerged(self._connected())

    def recover(self) -> None:
        """Take over what a killed writer left in the log."""
        with self._mutex, sqlite_errors(self.journal.file):
            self._connected()

    def close(self) -> None:
        """Move the log into the file and close it."""
        with self._mutex:
            self._disconnect()

    def __del__(self) -> None:
        self._disconnect()  # Python keeps a connection that nobody has until it looks for circles

    def _connected(self) -> sqlite3.Connection:
        if self._connection is None:
            is_new = not self.journal.file.exists()
            self._connection = sqlite3.connect(
                self.journal.file, timeout=WAIT_S, isolation_level=None, check_same_thread=False
            )
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")
            if is_new:
                create_table(self._connection)
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
