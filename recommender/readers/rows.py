"""From what a format reader found in one place to an Article, or to the problems with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from recommender.articles import Article
from recommender.errors import InputError, Problem

__all__ = ["ArticleMaker", "Row", "missing_columns", "plain", "take"]

ID_NAMES = ("id", "article_id")
TEXT_NAMES = ("text", "body")
_OPTIONAL = ("published", "section", "language", "url")


class Row(NamedTuple):
    """One row of a source, in the contract between the format readers and the rest.

    Parameters
    ----------
    source : str
        Name of the file, for a folder that of the page.
    line : int or None
        Where the row starts: the line, or in formats without lines the record; from 1. None for a page.
    content : dict, Problem, InputError or None
        The fields by DESIGN's names; or what is wrong with the row; or why the source cannot be read on;
        or None for a blank line.
    raw : object
        What the rejects file shows of a row that could not be read.
    """

    source: str
    line: int | None
    content: dict[str, Any] | Problem | InputError | None
    raw: object = None


class ArticleMaker:
    """Makes articles of rows and knows which ids have been seen where.

    Ids are compared whole, not by hash, so that no two articles are ever confused. The table keeps a
    reference to each id and one integer, about 70 bytes an article besides the ids themselves.
    """

    def __init__(self) -> None:
        self._sources: list[str] = []
        self._places: dict[str, int] = {}  # id -> (index into _sources) << 40 | line

    def make(self, source: str, line: int | None, fields: dict[str, Any]) -> Article | list[Problem]:
        """Return the article, or everything that is wrong with the row."""
        given = dict(fields)
        article_id = take(given, *ID_NAMES)
        if type(article_id) is int:  # a bool is no id, a number is
            article_id = str(article_id)
        problems: list[Problem] = []
        try:
            article = _article(article_id, given)
        except InputError as error:
            problems += error.problems
        first = self._places.get(article_id) if isinstance(article_id, str) else None
        if first is not None:
            there = self._place(first)
            problems.append(
                Problem(f"id seen twice, first at {there}", repr(article_id), "give each article its own id")
            )
        if problems:
            return [problem.at(source, line) for problem in problems]
        self._remember(article.article_id, source, line)
        return article

    def _remember(self, article_id: str, source: str, line: int | None) -> None:
        if not self._sources or self._sources[-1] != source:
            self._sources.append(source)
        self._places[article_id] = (len(self._sources) - 1) << 40 | (line or 0)

    def _place(self, packed: int) -> str:
        source, line = self._sources[packed >> 40], packed & (1 << 40) - 1
        return f"{source}:{line}" if line else source


def missing_columns(columns: Iterable[str]) -> Iterator[Problem]:
    """Yield a problem for each kind of column that a table must have and `columns` lack."""
    found = list(columns)
    shown = ", ".join(map(repr, found[:20])) or "none"
    move = "rename a column, and check --format"
    if not set(found) & set(ID_NAMES):
        yield Problem("no column 'id'", f"columns {shown}", move)
    if not set(found) & {"title", *TEXT_NAMES}:
        yield Problem("no column 'title', 'text' or 'body'", f"columns {shown}", move)
    repeated = sorted({name for name in found if found.count(name) > 1})
    if repeated:
        yield Problem("columns of the same name", ", ".join(map(repr, repeated)), "rename one")


def take(fields: dict[str, Any], *names: str) -> Any:
    """Take the first of several names of one field that has a value off `fields`; None if none has.

    The other names that have one stay, and so become metadata.
    """
    for name in names:
        if (value := fields.pop(name, None)) is not None:
            return value
    return None


def plain(value: object) -> object:
    """Return a metadata value as JSON could hold it: dates in ISO 8601, names of fields as text.

    Examples
    --------
    >>> plain({1: date(2026, 5, 1), "tags": ["a", None]})
    {'1': '2026-05-01', 'tags': ['a', None]}
    """
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(part) for part in value]
    return value.isoformat() if isinstance(value, date) else str(value)


def _article(article_id: Any, given: dict[str, Any]) -> Article:
    title, body = given.pop("title", None), take(given, *TEXT_NAMES)
    optional = {name: given.pop(name, None) or None for name in _OPTIONAL}  # "" says as much as nothing
    metadata = given.pop("metadata", None)
    if isinstance(metadata, Mapping):
        metadata = {**metadata, **given}
    return Article(
        "" if article_id is None else article_id,
        "" if title is None else title,
        "" if body is None else body,
        metadata=given if metadata is None else metadata,  # Article says so where it is no mapping
        **optional,
    )
