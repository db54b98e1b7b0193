"""Lists, articles and vectors in a schema of PostgreSQL."""

from __future__ import annotations

import struct
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.errors import InputError, MissingExtraError, Problem, RecommenderError
from recommender.export.sink_plan import LAYOUT, SinkPlan, SinkState
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

__all__ = ["PostgresSink"]

_LONGEST_ID = 2_600  # bytes; a row of a B-tree holds 2,704 at most, and a rank stands beside the id
_TABLES = """
CREATE TABLE {s}.export (
    layout integer NOT NULL, version bigint NOT NULL, checksum text NOT NULL, k integer NOT NULL, vectors text NOT NULL,
    n_dimensions integer NOT NULL, written timestamptz NOT NULL
);
CREATE TABLE {s}.articles (
    article_id text PRIMARY KEY, title text NOT NULL, published timestamptz, section text, language text, url text,
    description text, image text, metadata jsonb NOT NULL, digest bigint NOT NULL, version bigint NOT NULL
);
CREATE TABLE {s}.related (
    owner text NOT NULL, rank integer NOT NULL, article text NOT NULL, score double precision NOT NULL,
    source text NOT NULL, version bigint NOT NULL, PRIMARY KEY (owner, rank)
);
CREATE INDEX related_by_article ON {s}.related (article);
CREATE TABLE {s}.translations (
    owner text NOT NULL, language text NOT NULL, article text NOT NULL, version bigint NOT NULL,
    PRIMARY KEY (owner, article)
);
"""
_COLUMNS = {
    "export": EXPORT,
    "articles": ARTICLES,
    "related": ("owner", "rank", "article", "score", "source", "version"),
    "translations": ("owner", "language", "article", "version"),
    "vectors": ("article_id", "vector"),
}


class PostgresSink:
    """A schema of a PostgreSQL database with the tables articles, related, translations, vectors and export.

    Parameters
    ----------
    conninfo : str
        As libpq reads it: ``postgresql://user@host/database`` or ``host=... dbname=...``. What it does not say comes
        from the environment (``PGHOST``, ``PGPASSWORD``, ...) and ``~/.pgpass``.
    schema : str
        It is created if it is missing.

    Raises
    ------
    ValueError
        If `schema` would need quotes.
    """

    def __init__(self, conninfo: str = "", schema: str = "recommender") -> None:
        self._conninfo, self._schema = conninfo, checked_name(schema)

    def __str__(self) -> str:
        given = self._parameters()
        place = "".join(
            f"{before}{given[name]}"
            for name, before in (("host", ""), ("port", ":"), ("dbname", "/"))
            if given.get(name)
        )
        return f"PostgreSQL {place} schema {self._schema}".replace("  ", " ")

    @contextmanager
    def opened(self) -> Iterator[OpenSchema]:
        """Connect, and be the only export into the schema until the end of the transaction."""
        psycopg = _psycopg()
        usual = {"connect_timeout": 10, "application_name": "recommender"}
        parameters = usual | self._parameters() | {"client_encoding": "utf8"}  # whatever the database has
        try:
            with psycopg.connect(**parameters) as connection:  # commits, or rolls back if the block raises
                yield OpenSchema(connection, self._schema)
        except psycopg.Error as error:
            said = getattr(error.diag, "message_primary", None) or str(error)
            secret = parameters.get("password")
            said = " ".join(said.split()).replace(str(secret), "***") if secret else " ".join(said.split())
            raise RecommenderError(f"{self}: {said}; nothing was changed there") from error

    def _parameters(self) -> dict[str, Any]:
        psycopg = _psycopg()
        try:
            return dict(psycopg.conninfo.conninfo_to_dict(self._conninfo))
        except psycopg.ProgrammingError:  # its message holds the text, and the text a password
            move = "give postgresql://user@host/database, or host=... dbname=..."
            raise InputError(
                Problem("the connection to PostgreSQL is not understood", next_move=move)
            ) from None


class OpenSchema:
    """A schema within a transaction."""

    def __init__(self, connection: Any, schema: str) -> None:
        self._connection, self._schema = connection, f'"{schema}"'
        self._rows("SELECT pg_advisory_xact_lock(hashtextextended('recommender ' || %s, 0))", schema)
        found = self._rows(
            "SELECT relname, array_agg(attname::text) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace "
            "LEFT JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped "
            "WHERE nspname = %s AND relname = ANY(%s) GROUP BY relname",
            schema,
            list(_COLUMNS),
        )
        self._found = dict(found)
        self._has_schema = bool(self._rows("SELECT 1 FROM pg_namespace WHERE nspname = %s", schema))
        self._has_tables = has_tables(self._found, _COLUMNS, f"the schema {schema}")
        self.state = self._stored_state() if self._has_tables else None

    @cached_property
    def no_vectors(self) -> str:
        """Why the database cannot hold vectors. The extension is installed if that is possible."""
        if self._vector_type():
            return ""
        if not self._rows("SELECT 1 FROM pg_available_extensions WHERE name = 'vector'"):
            return "this PostgreSQL has no extension pgvector"
        import psycopg

        try:
            with self._connection.transaction():
                self._rows("CREATE EXTENSION vector")
        except psycopg.errors.InsufficientPrivilege:
            return "pgvector is not installed in this database, which needs CREATE EXTENSION vector by an administrator"
        return ""

    def digests(self) -> Mapping[str, int]:
        """Return the digest of each article."""
        return dict(self._rows("SELECT article_id, digest FROM {s}.articles")) if self._has_tables else {}

    def write(self, plan: SinkPlan) -> None:
        """Carry a plan out."""
        _check_ids({*plan.ids, *plan.owners})
        if not self._has_tables:
            if not self._has_schema:
                self._rows("CREATE SCHEMA {s}")
            self._rows(_TABLES)
        texts = _Texts()
        self._write_articles(plan, texts)
        self._write_vectors(plan)
        self._write_lists(plan)
        self._rows("DELETE FROM {s}.export")
        names, marks = ", ".join(EXPORT), ", ".join(["%s"] * len(EXPORT))
        insert = f"INSERT INTO {{s}}.export ({names}, written) VALUES ({marks}, clock_timestamp())"  # noqa: S608, names only
        self._rows(insert, LAYOUT, *plan.state)
        texts.warn()

    def _write_articles(self, plan: SinkPlan, texts: _Texts) -> None:
        self._rows("CREATE TEMPORARY TABLE staged (LIKE {s}.articles) ON COMMIT DROP")
        rows = (article_row(each, plan.state.version, texts) for each in plan.articles())
        self._copy("pg_temp.staged", ARTICLES, rows)
        self._rows(upsert("{s}.articles", f"SELECT {', '.join(ARTICLES)} FROM pg_temp.staged WHERE true"))  # noqa: S608, names only
        self._delete("articles", "article_id", plan.deleted)

    def _write_vectors(self, plan: SinkPlan) -> None:
        state = plan.state
        if self.state is None or self.state[3:] != state[3:]:
            if self.state is not None and self.state.n_dimensions:
                self._rows("DROP TABLE {s}.vectors")
            elif state.n_dimensions:
                check_vectors(self._found, self.state, f"the schema {self._schema}")
            if state.n_dimensions:
                kind = f"{self._vector_type()}({state.n_dimensions})"
                self._rows(
                    f"CREATE TABLE {{s}}.vectors (article_id text PRIMARY KEY, vector {kind} NOT NULL)"
                )
        if not state.n_dimensions:
            return
        self._delete("vectors", "article_id", None if plan.whole else [*plan.ids, *plan.deleted])
        with self._connection.cursor() as cursor:
            target = self._sql("COPY {s}.vectors (article_id, vector) FROM STDIN (FORMAT BINARY)")
            with cursor.copy(target) as copy:
                for part in _binary(plan.vectors()):
                    copy.write(part)

    def _write_lists(self, plan: SinkPlan) -> None:
        for table in ("related", "translations"):
            self._delete(table, "owner", None if plan.whole else [*plan.owners, *plan.deleted])
        translations: list[tuple[object, ...]] = []

        def rows() -> Iterator[tuple[object, ...]]:
            for related in plan.lists():
                yield from related_rows(related, plan.state.version)
                translations.extend(translation_rows(related, plan.state.version))

        self._copy("{s}.related", _COLUMNS["related"], rows())
        self._copy("{s}.translations", _COLUMNS["translations"], translations)

    def _stored_state(self) -> SinkState | None:
        stored = self._rows(f"SELECT {', '.join(EXPORT)} FROM {{s}}.export")  # noqa: S608, names only
        for layout, *values in stored:
            if layout != LAYOUT:
                what = f"the tables in {self._schema} are those of another release of recommender"
                raise InputError(Problem(what, next_move="drop them, or choose another --name"))
            state = SinkState(*values)
            return state if "vectors" in self._found or not state.n_dimensions else None
        return None

    def _vector_type(self) -> str:
        """Return the type of vectors with its schema; "" if it is not installed."""
        found = self._rows(
            "SELECT quote_ident(nspname) FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace "
            "WHERE extname = 'vector'"
        )
        return f"{found[0][0]}.vector" if found else ""

    def _delete(self, table: str, column: str, ids: Sequence[str] | None) -> None:
        if ids is None:
            self._rows(f"DELETE FROM {{s}}.{table}")  # noqa: S608, names only
        elif ids:
            self._rows(f"DELETE FROM {{s}}.{table} WHERE {column} = ANY(%s)", list(ids))  # noqa: S608, names only

    def _copy(self, table: str, columns: Sequence[str], rows: Iterable[tuple[object, ...]]) -> None:
        target = self._sql(f"COPY {table} ({', '.join(columns)}) FROM STDIN")
        with self._connection.cursor() as cursor, cursor.copy(target) as copy:
            for row in rows:
                copy.write_row(row)

    def _rows(self, sql: str, *values: object) -> list[Any]:
        cursor = self._connection.execute(self._sql(sql), values or None)
        return cursor.fetchall() if cursor.description else []

    def _sql(self, sql: str) -> str:
        return sql.replace("{s}", self._schema)


class _Texts:
    """Replaces NUL characters, which PostgreSQL cannot store, and counts the texts that have some."""

    def __init__(self) -> None:
        self._count = 0

    def __call__(self, text: str) -> str:
        if "\0" not in text:
            return text
        self._count += 1
        return text.replace("\0", "\ufffd")

    def warn(self) -> None:
        if self._count:
            warnings.warn(
                f"{self._count:,} texts have a NUL character, which PostgreSQL cannot store; it is written as U+FFFD",
                stacklevel=4,
            )


def _check_ids(ids: Iterable[str]) -> None:
    move = "shorten the ids"
    long = sorted({each for each in ids if len(each) * 4 > _LONGEST_ID and len(each.encode()) > _LONGEST_ID})
    if long:
        raise InputError(
            Problem(
                f"an id has more than {_LONGEST_ID:,} bytes, which PostgreSQL cannot index",
                f"{each[:40]!r}...",
                move,
            )
            for each in long
        )


def _binary(vectors: Iterable[tuple[str, NDArray[np.float32]]]) -> Iterator[bytes]:
    """Yield ids and vectors in the binary format of COPY, a vector as its receive function of pgvector reads it."""
    yield b"PGCOPY\n\xff\r\n\0" + struct.pack("!ii", 0, 0)
    for article_id, vector in vectors:
        key, values = article_id.encode(), vector.astype(">f4").tobytes()
        yield struct.pack("!hi", 2, len(key)) + key
        yield struct.pack("!ihh", 4 + len(values), len(vector), 0) + values
    yield struct.pack("!h", -1)


def _psycopg() -> Any:
    try:
        import psycopg
        import psycopg.conninfo
    except ImportError as error:
        raise MissingExtraError("Writing to PostgreSQL", "psycopg", "postgres", error) from error
    return psycopg
