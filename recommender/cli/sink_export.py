"""`recommender export` to a database that is kept up to date."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from recommender.cli.terminal import plural, say
from recommender.export import PostgresSink, QdrantSink, Sink, SinkReport, SqliteVecSink, export_to

if TYPE_CHECKING:
    from recommender.engine import Recommender
    from recommender.progress import Progress

__all__ = ["SINKS", "export_into", "opened_sink"]

_POSTGRES_SAYS = ("PGHOST", "PGSERVICE", "PGDATABASE")  # where libpq looks
_Making = Callable[[str | None, str | None], Sink]


def _postgres(output: str | None, name: str | None) -> Sink:
    conninfo = output or os.environ.get("DATABASE_URL")
    if not conninfo and not any(map(os.environ.get, _POSTGRES_SAYS)):
        raise click.UsageError("name the database with -o postgresql://user@host/database or in DATABASE_URL")
    return PostgresSink(conninfo or "", name or "recommender")


def _sqlite_vec(output: str | None, name: str | None) -> Sink:
    if not output:
        raise click.UsageError("name the file with -o")
    return SqliteVecSink(output, name or "")


def _qdrant(output: str | None, name: str | None) -> Sink:
    location = output or os.environ.get("QDRANT_URL")
    if not location:
        raise click.UsageError("name the server or a folder with -o http://localhost:6333 or in QDRANT_URL")
    return QdrantSink(location, name or "recommender", os.environ.get("QDRANT_API_KEY"))


_SINKS: dict[str, _Making] = {"postgres": _postgres, "sqlite-vec": _sqlite_vec, "qdrant": _qdrant}

SINKS = tuple(_SINKS)
"""Names of the databases."""


def opened_sink(format: str, output: str | None, name: str | None) -> Sink:
    """Return the database that a command line and the environment name."""
    if output == "-":
        raise click.UsageError(f"{format} cannot be written to standard output")
    try:
        return _SINKS[format](output, name)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--name") from error


def export_into(
    site: Recommender, sink: Sink, k: int | None, vectors: str, whole: bool, progress: Progress
) -> None:
    """Bring a database up to date, and say what was written."""
    report = export_to(site, sink, k=k, vectors=vectors, whole=whole, progress=progress)
    say(f"{_written(report)} {sink}; version {report.version}")


def _written(report: SinkReport) -> str:
    if report.whole:
        return f"{plural(report.n_lists, 'list')} written to"
    if report.before == report.version and not report.n_lists:
        return "nothing to write to"
    counts = {"list": report.n_lists, "article": report.n_articles, "deletion": report.n_deleted}
    *others, last = (plural(count, noun) for noun, count in counts.items())
    return f"{', '.join(others)} and {last} since version {report.before} written to"
