"""Lists, articles and vectors in an SQLite database that is kept up to date, with the extension sqlite-vec."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from recommender.errors import InputError, MissingExtraError, Problem, RecommenderError
from recommender.export.sink_plan import LAYOUT, SinkArticle, SinkPlan, SinkState
from recommender.export.sink_rows import (
    ARTICLES,
    EXPORT,
    article_row,
    check_vectors,
    has_tables,
    related_rows,
    translation_rows,
    upsert,
)
from recommender.export.sinks import checked_name

__all__ = ["SqliteVecSink"]

_WAIT_MS = 10_000  # for the locks of others
_TABLES = """
CREATE TABLE "{p}export" (
    layout INTEGER NOT NULL, version INTEGER NOT NULL, checksum TEXT NOT NULL, k INTEGER NOT NULL, vectors TEXT NOT NULL,
    n_dimensions INTEGER NOT NULL
);
CREATE TABLE "{p}articles" (
    article_id TEXT NOT NULL PRIMARY KEY, title TEXT NOT NULL, published TEXT, section TEXT, language TEXT, url TEXT,
    description TEXT, image TEXT, metadata TEXT NOT NULL, digest INTEGER NOT NULL, version INTEGER NOT NULL
);
CREATE TABLE "{p}related" (
    article_id TEXT NOT NULL, rank INTEGER NOT NULL, related_id TEXT NOT NULL, score REAL NOT NULL, source TEXT NOT NULL,
    version INTEGER NOT NULL, PRIMARY KEY (article_id, rank)
) WITHOUT ROWID;
CREATE TABLE "{p}translations" (
    article_id TEXT NOT NULL, language TEXT NOT NULL, translated_id TEXT NOT NULL, version INTEGER NOT NULL,
    PRIMARY KEY (article_id, translated_id)
) WITHOUT ROWID;
"""
_INDEX = 'CREATE INDEX "{p}related_by_target" ON "{p}related" (related_id)'
_VECTORS = """
CREATE VIRTUAL TABLE "{p}vectors" USING vec0(
    article_id TEXT PRIMARY KEY, vector float[{d}] distance_metric=cosine, section TEXT, language TEXT, published TEXT
)
"""
_COLUMNS = {
    "export": EXPORT,
    "articles": ARTICLES,
    "related": ("article_id", "rank", "related_id", "score", "source", "version"),
    "translations": ("article_id", "language", "translated_id", "version"),
    "vectors": ("article_id", "vector", "section", "language", "published"),
}


class SqliteVecSink:
    """An SQLite database with the tables articles, related, translations, export, and vectors of sqlite-vec.

    Parameters
    ----------
    path : str or Path
        It is created if it is missing. It may have tables of others.
    prefix : str
        The names of the tables begin with it and an underscore. "" for their plain names.

    Raises
    ------
    ValueError
        If `prefix` would need quotes.
    """

    def __init__(self, path: str | Path, prefix: str = "") -> None:
        self._path = Path(path).absolute()  # SQLite takes some names, such as ":memory:", for no files
        self._prefix = f"{checked_name(prefix)}_" if prefix else ""

    def __str__(self) -> str:
        return str(self._path)

    @contextmanager
    def opened(self) -> Iterator[OpenTables]:
        """Open the database, and be its only writer until the end of the transaction."""
        apsw, extension = _packages()
        is_new, is_ours = not self._path.exists(), False
        try:
            with closing(apsw.Connection(str(self._path))) as connection:
                connection.set_busy_timeout(_WAIT_MS)
                connection.enable_load_extension(True)
                connection.load_extension(extension)
                connection.enable_load_extension(False)
                connection.execute("BEGIN IMMEDIATE")
                is_ours = is_new  # else another export made it meanwhile
                was_empty = not list(connection.execute("SELECT 1 FROM sqlite_master"))
                yield OpenTables(connection, self._prefix)
                connection.execute("COMMIT")
                if was_empty:
                    with suppress(apsw.Error):  # others read or write already
                        connection.execute("PRAGMA journal_mode = WAL")  # readers and the writer never wait
        except BaseException as error:
            if is_ours:
                self._remove_if_empty()
            if not isinstance(error, apsw.Error):
                raise
            what = f"SQLite says: {' '.join(str(error).split())}"
            raise RecommenderError(
                f"{self}: {what}; nothing was changed there; check the path, its permissions and the space on disk"
            ) from error
        if not self._path.exists():  # by an export that made the file, and failed
            raise RecommenderError(f"{self}: the file was removed while it was written; export again")

    def _remove_if_empty(self) -> None:
        with suppress(OSError):
            if not self._path.stat().st_size:
                self._path.unlink()


class OpenTables:
    """The tables within a transaction."""

    no_vectors = ""

    def __init__(self, connection: Any, prefix: str) -> None:
        self._connection, self._prefix = connection, prefix
        made = {
            name.lower()
            for (name,) in self._rows("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
        }
        self._found = {name: self._columns(prefix + name) for name in _COLUMNS if prefix + name in made}
        self._has_tables = has_tables(self._found, _COLUMNS, "the database")
        self.state = self._stored_state() if self._has_tables else None

    def digests(self) -> Mapping[str, int]:
        """Return the digest of each article."""
        return dict(self._rows('SELECT article_id, digest FROM "{p}articles"')) if self._has_tables else {}

    def write(self, plan: SinkPlan) -> None:
        """Carry a plan out."""
        if not self._has_tables:
            self._rows(_TABLES)
        self._write_articles(plan)
        self._write_vectors(plan)
        self._write_lists(plan)
        self._rows('DELETE FROM "{p}export"')
        self._insert("export", [(LAYOUT, *plan.state)])

    def _write_articles(self, plan: SinkPlan) -> None:
        marks = ", ".join("?" * len(ARTICLES))
        rows = (article_row(each, plan.state.version) for each in plan.articles())
        self._many(upsert('"{p}articles"', f"VALUES ({marks})"), rows)
        self._delete("articles", "article_id", plan.deleted)

    def _write_vectors(self, plan: SinkPlan) -> None:
        if plan.whole:
            if self.state is not None and self.state.n_dimensions:
                self._rows('DROP TABLE "{p}vectors"')
            elif plan.state.n_dimensions:
                check_vectors(self._found, self.state, "the database")
            if plan.state.n_dimensions:
                self._rows(_VECTORS.replace("{d}", str(plan.state.n_dimensions)))
        if not plan.state.n_dimensions:
            return
        if not plan.whole:
            self._delete("vectors", "article_id", [*plan.ids, *plan.deleted])
        rows = (_vector_row(each) for each in plan.articles() if each.vector is not None)
        self._insert("vectors", rows)

    def _write_lists(self, plan: SinkPlan) -> None:
        for table in ("related", "translations"):
            self._delete(table, "article_id", None if plan.whole else [*plan.owners, *plan.deleted])
        if plan.whole and self._has_index():
            self._rows('DROP INDEX "{p}related_by_target"')  # made at the end it takes less time
        translations: list[tuple[object, ...]] = []

        def rows() -> Iterator[tuple[object, ...]]:
            for related in plan.lists():
                yield from related_rows(related, plan.state.version)
                translations.extend(translation_rows(related, plan.state.version))

        self._insert("related", rows())
        self._insert("translations", translations)
        if plan.whole:
            self._rows(_INDEX)

    def _stored_state(self) -> SinkState | None:
        for layout, *values in self._rows(f'SELECT {", ".join(EXPORT)} FROM "{{p}}export"'):  # noqa: S608, names only
            if layout != LAYOUT:
                what = "the tables are those of another release of recommender"
                raise InputError(Problem(what, next_move="choose another file, or names with --name"))
            state = SinkState(*values)
            return state if "vectors" in self._found or not state.n_dimensions else None
        return None

    def _has_index(self) -> bool:
        """Whether the index of lists by their articles is there; another table may have one of this name."""
        sql = "SELECT lower(tbl_name) FROM sqlite_master WHERE type = 'index' AND lower(name) = '{p}related_by_target'"
        return (f"{self._prefix}related",) in self._rows(sql)

    def _columns(self, table: str) -> list[str]:
        return [row[1].lower() for row in self._connection.execute(f'PRAGMA table_xinfo("{table}")')]

    def _insert(self, table: str, rows: Iterable[tuple[object, ...]]) -> None:
        names = _COLUMNS[table]
        marks = ", ".join("?" * len(names))
        self._many(f'INSERT INTO "{{p}}{table}" ({", ".join(names)}) VALUES ({marks})', rows)  # noqa: S608, names only

    def _delete(self, table: str, column: str, ids: Sequence[str] | None) -> None:
        if ids is None:
            self._rows(f'DELETE FROM "{{p}}{table}"')  # noqa: S608, names only
        else:
            self._many(f'DELETE FROM "{{p}}{table}" WHERE {column} = ?', ((each,) for each in ids))  # noqa: S608

    def _rows(self, sql: str) -> list[Any]:
        return list(self._connection.execute(sql.replace("{p}", self._prefix)))

    def _many(self, sql: str, rows: Any) -> None:
        self._connection.executemany(sql.replace("{p}", self._prefix), rows)


def _vector_row(article: SinkArticle) -> tuple[str | bytes, ...]:
    """Return id, vector, and what a search can filter by: sqlite-vec knows no NULL there."""
    summary = article.summary
    published = "" if summary.published is None else summary.published.isoformat()
    values = b"" if article.vector is None else article.vector.astype("<f4").tobytes()
    return summary.article_id, values, summary.section or "", summary.language or "", published


def _packages() -> tuple[Any, str]:
    """Return apsw, which can load extensions on every system, and the path of sqlite-vec."""
    try:
        import apsw
        import sqlite_vec
    except ImportError as error:
        raise MissingExtraError("Writing vectors to SQLite", "sqlite_vec", "sqlite-vec", error) from error
    return apsw, sqlite_vec.loadable_path()
