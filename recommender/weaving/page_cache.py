"""What pages say and where their lists go, kept from one run to the next."""

from __future__ import annotations

import hashlib
import sqlite3
import warnings
from collections.abc import Iterable
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson

from recommender.errors import Problem
from recommender.readers.html.html_facts import HeadFacts, PageFacts, TextFacts
from recommender.readers.html.html_titles import TitleParts
from recommender.readers.html.woven_blocks import without_woven
from recommender.readers.pages.page_folder import Page

__all__ = ["PageCache", "page_digest"]

_FORMAT = 1
_TABLES = """
CREATE TABLE IF NOT EXISTS made_by (name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS pages (path TEXT PRIMARY KEY, digest BLOB NOT NULL, facts BLOB NOT NULL, place INTEGER);
"""


def page_digest(content: bytes) -> bytes:
    """Return a digest of 20 bytes of a page without its list."""
    return hashlib.blake2b(without_woven(content), digest_size=20).digest()


class PageCache:
    """Keeps the facts of the pages of a folder in a file of SQLite; see `html_facts.FactsCache`.

    The file is made anew if it is damaged or was written by another version. If it cannot be written, it is kept in
    memory, and a warning says so.

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
        with suppress(sqlite3.Error):  # a full disk: the next run reads these pages again
            self._file.commit()
        self._file.close()

    def get(self, page: Page) -> PageFacts | None:
        """Return the facts of a page with this path and content, if they are kept."""
        if isinstance(page.content, Problem):
            return None
        found = self._file.execute("SELECT digest, facts FROM pages WHERE path = ?", (page.path,)).fetchone()
        if found is None or found[0] != page_digest(page.content):
            return None
        return _facts(orjson.loads(found[1]))

    def put(self, page: Page, facts: PageFacts) -> None:
        """Keep the facts of a page."""
        if isinstance(page.content, Problem):
            return
        row = (page.path, page_digest(page.content), orjson.dumps(facts, default=_plain))
        self._write("INSERT OR REPLACE INTO pages VALUES (?, ?, ?, NULL)", row)

    def place(self, path: str, digest: bytes) -> tuple[int | None, str | None]:
        """Return the place of the list in a page, and the main text of the page.

        The place is None if it is not known yet, and -1 if the page has none.
        """
        found = self._file.execute(
            "SELECT digest, place, facts FROM pages WHERE path = ?", (path,)
        ).fetchone()
        if found is None or found[0] != digest:
            return None, None
        if found[1] is not None:
            return int(found[1]), None
        return None, _facts(orjson.loads(found[2])).text.fields["text"]

    def keep_place(self, path: str, place: int) -> None:
        """Keep the place of the list in a page."""
        self._write("UPDATE pages SET place = ? WHERE path = ?", (place, path))

    def forget_others(self, paths: Iterable[str]) -> None:
        """Forget all pages but those at these paths."""
        there = set(paths)
        known = [path for (path,) in self._file.execute("SELECT path FROM pages")]
        for path in known:
            if path not in there:
                self._write("DELETE FROM pages WHERE path = ?", (path,))

    def _opened(self) -> sqlite3.Connection:
        for is_second in (False, True):
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                if is_second:
                    self._path.unlink(missing_ok=True)
                return _connected(str(self._path))
            except (sqlite3.Error, OSError) as error:
                failure = error
        warnings.warn(f"{self._path}: pages are not kept for the next run ({failure})", stacklevel=3)
        return _connected(":memory:")

    def _write(self, statement: str, values: tuple[Any, ...]) -> None:
        if not self._is_writable:
            return
        try:
            self._file.execute(statement, values)
        except sqlite3.OperationalError as error:  # a full disk, or another run
            self._is_writable = False
            warnings.warn(f"{self._path}: pages are not kept for the next run ({error})", stacklevel=3)


def _connected(name: str) -> sqlite3.Connection:
    file = sqlite3.connect(name, timeout=10)
    try:
        file.executescript(_TABLES)
        made_by = " ".join([str(_FORMAT), *map(_version, ("recommender", "trafilatura", "lxml"))])
        if file.execute("SELECT name FROM made_by").fetchall() != [(made_by,)]:
            file.execute("DELETE FROM made_by")
            file.execute("DELETE FROM pages")
            file.execute("INSERT INTO made_by VALUES (?)", (made_by,))
        file.execute("PRAGMA quick_check")
        return file
    except sqlite3.Error:
        file.close()
        raise


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else str(value)


def _facts(kept: Any) -> PageFacts:
    (fields, title, *others), (all_fields, reason) = kept
    return PageFacts(HeadFacts(fields, TitleParts(*title), *others), TextFacts(all_fields, reason))
