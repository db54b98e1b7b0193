"""Lists as an SQLite database."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from recommender.articles import ArticleSummary
from recommender.export.list_source import ListSource, entry_record
from recommender.lists.related import RelatedList

__all__ = ["is_sqlite", "write_sqlite"]

APPLICATION_ID = 0x5265634C  # "RecL" at byte 68 of the file, which identifies an export

# The file is written under a temporary name and discarded on failure, so no journal is needed.
_SETTINGS = f"""
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -65536;  -- kB
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = 4;
"""
_TABLES = """
CREATE TABLE articles (
    article_id TEXT NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    published TEXT,  -- ISO 8601, UTC
    section TEXT,
    language TEXT,
    url TEXT,
    description TEXT,  -- one line of plain text
    image TEXT  -- address
);
CREATE TABLE related (
    article_id TEXT NOT NULL REFERENCES articles,
    rank INTEGER NOT NULL,  -- from 1
    related_id TEXT NOT NULL REFERENCES articles,
    score REAL NOT NULL,
    source TEXT NOT NULL,{reasons}  -- source of the entry: related, pinned, orphan, series, or a fallback
    PRIMARY KEY (article_id, rank)
) WITHOUT ROWID;  -- stores the rows of a list next to each other
CREATE TABLE translations (
    article_id TEXT NOT NULL REFERENCES articles,
    language TEXT NOT NULL,
    translated_id TEXT NOT NULL REFERENCES articles,
    PRIMARY KEY (article_id, language)
) WITHOUT ROWID;
"""
_REASONS = """
    parts TEXT NOT NULL,  -- JSON: contribution of each signal to the score
    terms TEXT NOT NULL,  -- JSON: terms in common, with their shares"""
_INDEX = "CREATE INDEX related_by_target ON related (related_id)"


def write_sqlite(path: Path, source: ListSource, lists: Iterable[RelatedList], *, why: bool = False) -> int:
    """Write the tables ``articles``, in row order, ``related`` and ``translations``.

    With `why`, ``related`` has JSON columns of reasons. ``SELECT related_id, score FROM related WHERE
    article_id = ? ORDER BY rank`` returns a list. A join with ``articles`` on ``related_id`` adds title, url,
    description and image. The index ``related_by_target`` finds the lists that contain an article. Memory is
    at most about 64 MB of SQLite pages, and the ids of translations.

    Returns
    -------
    int
        Number of lists written, including empty ones.

    Raises
    ------
    OSError
        If the disk is full or fails.
    """
    count = 0
    translations: list[tuple[object, ...]] = []

    def rows() -> Iterator[tuple[object, ...]]:
        nonlocal count
        for related in lists:
            yield from _rows(related, why=why)
            translations.extend((related.article_id, t.language, t.article_id) for t in related.translations)
            count += 1

    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            database.executescript(_SETTINGS + _TABLES.format(reasons=_REASONS if why else ""))
            database.execute("BEGIN")
            database.executemany(
                "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?)", map(_article, source.summaries)
            )
            marks = ", ".join("?" * (7 if why else 5))
            database.executemany(f"INSERT INTO related VALUES ({marks})", rows())  # noqa: S608, marks only
            database.executemany("INSERT INTO translations VALUES (?, ?, ?)", translations)
            database.execute(_INDEX)
            database.execute("COMMIT")
    except sqlite3.OperationalError as error:
        raise OSError(str(error)) from error
    return count


def is_sqlite(path: Path) -> bool:
    """Return whether the header of the file has the application id of an export."""
    with path.open("rb") as file:
        header = file.read(100)
    return header.startswith(b"SQLite format 3\0") and header[68:72] == APPLICATION_ID.to_bytes(4, "big")


def _article(summary: ArticleSummary) -> tuple[str | None, ...]:
    published = None if summary.published is None else summary.published.isoformat()
    card = summary.url, summary.description, summary.image
    return (summary.article_id, summary.title, published, summary.section, summary.language, *card)


def _rows(related: RelatedList, *, why: bool) -> Iterator[tuple[object, ...]]:
    for entry in related:
        record = entry_record(entry, why=why)
        row = (related.article_id, record["rank"], entry.article_id, record["score"], entry.source)
        yield row + tuple(json.dumps(record[name], ensure_ascii=False) for name in ("parts", "terms") if why)
