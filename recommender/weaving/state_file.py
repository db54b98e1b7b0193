"""The file of SQLite in which `recommender weave` keeps what it needs again."""

from __future__ import annotations

import hashlib
import sqlite3
import warnings
from collections.abc import Iterable, Sequence
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from recommender.store.update_rows import SQLITE_ERRORS

__all__ = ["StateFile"]

_FORMAT = 3
_TABLES = """
CREATE TABLE IF NOT EXISTS made_by (name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS pages (path TEXT PRIMARY KEY, digest BLOB NOT NULL, facts BLOB NOT NULL, place INTEGER,
                                  seal BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS run (settings TEXT NOT NULL, site TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS done (path TEXT PRIMARY KEY, file BLOB NOT NULL, article_id TEXT, has_list INTEGER);
"""
_NAMES = ("made_by", "pages", "run", "done")


class _Foreign(sqlite3.DatabaseError):
    """A database that this program did not make."""


class StateFile:
    """A file of SQLite whose changes are kept together at the end of a run, or not at all.

    The file is made anew if it is damaged or was written by another version. If it cannot be written or is a database of
    somebody else, what it would hold is kept in memory, and a warning says so. SQLite finds pages that are damaged, but
    no value: statements may call ``seal`` with values of a row, and compare what it returns with what it returned when
    they were written.

    Parameters
    ----------
    path : Path
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._is_writable = True
        self._file = self._opened()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(*SQLITE_ERRORS):  # a full disk: the next run reads these pages again
            self._file.commit()
        self._file.close()

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return what a query finds."""
        return self._file.execute(statement, values).fetchall()

    def write(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Execute a statement for each of some rows of values. A failure costs a warning, and nothing is written then."""
        if not self._is_writable:
            return
        try:
            self._file.executemany(statement, rows)
        except SQLITE_ERRORS as error:  # a full disk, or another run
            self._is_writable = False
            warnings.warn(f"{self._path}: pages are not kept for the next run ({error})", stacklevel=3)

    def _opened(self) -> sqlite3.Connection:
        for is_second in (False, True):
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                if is_second:
                    self._path.unlink(missing_ok=True)
                return _connected(str(self._path))
            except (*SQLITE_ERRORS, OSError) as error:
                failure = error
                if isinstance(error, _Foreign):
                    break
        warnings.warn(f"{self._path}: pages are not kept for the next run ({failure})", stacklevel=3)
        return _connected(":memory:")


def _connected(name: str) -> sqlite3.Connection:
    file = sqlite3.connect(name, timeout=10)
    file.text_factory = _text
    file.create_function("seal", -1, _seal, deterministic=True)
    try:
        if (maker := _maker(file)) != _made_by():
            if maker is None and file.execute("SELECT 1 FROM sqlite_master").fetchone():
                raise _Foreign("it is another database; choose another folder for the state")
            for each in _NAMES:
                file.execute(f"DROP TABLE IF EXISTS {each}")
            file.executescript(_TABLES)
            file.execute("INSERT INTO made_by VALUES (?)", (_made_by(),))
            file.commit()
        if (found := file.execute("PRAGMA quick_check").fetchone()) != ("ok",):
            raise sqlite3.DatabaseError(str(found))
        return file
    except SQLITE_ERRORS:
        file.close()
        raise


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")  # damaged, it is that of no page


def _seal(*values: object) -> bytes:
    return hashlib.blake2b(repr(values).encode(), digest_size=8).digest()


def _maker(file: sqlite3.Connection) -> str | None:
    try:
        found = file.execute("SELECT name FROM made_by").fetchone()
    except sqlite3.OperationalError:  # a new file
        return None
    return None if found is None else str(found[0])


def _made_by() -> str:
    return " ".join([str(_FORMAT), *map(_version, ("recommender", "trafilatura", "lxml"))])


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
