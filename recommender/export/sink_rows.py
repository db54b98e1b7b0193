"""Tables of articles, lists and translations, which the sinks that speak SQL have in common."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from recommender.errors import InputError, Problem
from recommender.export.sink_plan import SinkArticle, SinkState
from recommender.lists.related import RelatedList

__all__ = [
    "ARTICLES",
    "EXPORT",
    "article_row",
    "check_vectors",
    "has_tables",
    "related_rows",
    "translation_rows",
    "upsert",
]

ARTICLES = (
    "article_id", "title", "published", "section", "language", "url", "description", "image", "metadata", "digest",
    "version",
)  # fmt: skip
"""Columns of the articles."""

EXPORT = ("layout", *SinkState._fields)
"""Columns of what a database says that it holds; sinks may add others."""

_MOVE = "choose another place, or other names with --name"


def has_tables(found: Mapping[str, Collection[str]], wanted: Mapping[str, Sequence[str]], place: str) -> bool:
    """Return whether a database has the tables of an export. They may have more columns.

    Parameters
    ----------
    found : mapping of str to collection of str
        Columns of what has the name of one of our tables, views among them.
    wanted : mapping of str to sequence of str
        Columns of our tables. All are there or none, but for ``vectors``.
    place : str
        For the message.

    Raises
    ------
    InputError
        If somebody else made one of them.
    """
    theirs = [name for name, columns in found.items() if not set(wanted[name]) <= set(columns)]
    if not theirs and found and wanted.keys() - found.keys() - {"vectors"}:
        theirs = list(found)
    if theirs:
        what = f"{place} has tables that are no export of this format: {', '.join(sorted(theirs))}"
        raise InputError(Problem(what, next_move=_MOVE))
    return bool(found)


def check_vectors(found: Collection[str], held: SinkState | None, place: str) -> None:
    """Check that a table of vectors, which an export with vectors makes anew, is ours. Raises `InputError`."""
    if "vectors" in found and (held is None or not held.n_dimensions):
        what = f"{place} has a table vectors that is no export of this format"
        raise InputError(Problem(what, next_move=_MOVE))


def article_row(
    article: SinkArticle, version: int, text: Callable[[str], str] = str
) -> tuple[str | int | None, ...]:
    """Return an article as a row of `ARTICLES`. `text` is applied to all texts of its author; metadata are JSON."""
    summary = article.summary
    published = None if summary.published is None else summary.published.isoformat()
    own = (summary.section, summary.language, summary.url, summary.description, summary.image)
    metadata = json.dumps(_each_text(dict(summary.metadata), text), ensure_ascii=False)
    return (
        summary.article_id, text(summary.title), published, *(None if each is None else text(each) for each in own),
        metadata, article.digest, version,
    )  # fmt: skip


def related_rows(related: RelatedList, version: int) -> Iterator[tuple[str | int | float | None, ...]]:
    """Yield owner, rank, article, score, source and version of each entry."""
    for entry in related:
        yield related.article_id, int(entry.rank), entry.article_id, float(entry.score), entry.source, version


def translation_rows(related: RelatedList, version: int) -> Iterator[tuple[str | int | None, ...]]:
    """Yield owner, language, article and version of each translation."""
    for each in related.translations:
        yield related.article_id, each.language, each.article_id, version


def upsert(table: str, rows: str) -> str:
    """Return the SQL that writes `rows` into a table of articles. A row that holds the same already stays as it is."""
    others = [name for name in ARTICLES if name != "article_id"]
    content = [name for name in others if name != "version"]
    held, new = (", ".join(f"{each}.{name}" for name in content) for each in ("held", "excluded"))
    return (
        f"INSERT INTO {table} AS held ({', '.join(ARTICLES)}) {rows} ON CONFLICT (article_id) DO UPDATE SET "
        f"{', '.join(f'{name} = excluded.{name}' for name in others)} WHERE ({held}) IS DISTINCT FROM ({new})"
    )


def _each_text(value: Any, text: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return text(value)
    if isinstance(value, dict):
        return {text(name): _each_text(part, text) for name, part in value.items()}
    return [_each_text(part, text) for part in value] if isinstance(value, list) else value
