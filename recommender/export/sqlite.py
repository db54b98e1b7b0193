"""Lists as an SQLite database, for a site that answers from one file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from recommender.articles import ArticleSummary
from recommender.export.list_source import ListSource, entry_record
from recommender.ranking.related import RelatedList

__all__ = ["is_sqlite", "write_sqlite"]

APPLICATION_ID = 0x5265634C  # "RecL" at byte 68 of the file, by which an earlier export is known

# The file is written aside and thrown away if that fails, so it needs no journal of its own.
_SETTINGS = f"""
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -65536;  -- kB
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = 3;
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
    rung TEXT NOT NULL,{reasons}  -- related, pinned, orphan, or what a short list was filled with
    PRIMARY KEY (article_id, rank)
) WITHOUT ROWID;  -- a list is then one run of neighbouring rows
"""
_REASONS = """
    parts TEXT NOT NULL,  -- JSON: what each signal adds to the score
    terms TEXT NOT NULL,  -- JSON: terms in common, with their shares"""
_INDEX = "CREATE INDEX related_by_target ON related (related_id)"


def write_sqlite(path: Path, source: ListSource, lists: Iterable[RelatedList], *, why: bool = False) -> int:
    """Write tables ``articles`` (in row order) and ``related``; with `why`, JSON columns of reasons too.

    ``SELECT related_id, score FROM related WHERE article_id = ? ORDER BY rank`` is a site's whole query; joined with
    ``articles`` on ``related_id`` it gives title, url, description and image too. ``related_by_target`` answers the
    opposite one, whose lists an article is in.

    Returns
    -------
    int
        Number of lists written, empty ones included. Memory is at most about 64 MB of SQLite's pages.

    Raises
    ------
    OSError
        If the disk is full or fails.
    """
    count = 0

    def rows() -> Iterator[tuple[object, ...]]:
        nonlocal count
        for related in lists:
            yield from _rows(related, why=why)
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
            database.execute(_INDEX)
            database.execute("COMMIT")
    except sqlite3.OperationalError as error:
        raise OSError(str(error)) from error
    return count


def is_sqlite(path: Path) -> bool:
    """Tell whether the file is an earlier export, by the application id in its header."""
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
        row = (related.article_id, record["rank"], entry.article_id, record["score"], entry.rung)
        yield row + tuple(json.dumps(record[name], ensure_ascii=False) for name in ("parts", "terms") if why)
