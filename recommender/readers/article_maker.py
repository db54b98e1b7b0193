"""Convert a row to an article, a reason to leave it out, or a list of problems."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from recommender.articles import Article
from recommender.errors import InputError, Problem
from recommender.readers.records.listing_fields import read_listing
from recommender.readers.records.optional_fields import optional_fields
from recommender.readers.records.publication import field_reason
from recommender.readers.records.rows import Caution, Row

__all__ = ["ArticleMaker", "Made", "id_of", "id_text"]


class Made(NamedTuple):
    """Outcome for one row: an article, the reason it was left out, or its problems; plus any warnings."""

    article: Article | None = None
    left_out: str | None = None
    problems: tuple[Problem, ...] = ()
    cautions: tuple[Problem, ...] = ()


class ArticleMaker:
    """Converts rows to articles and detects repeated ids.

    Ids are compared in full, not by hash, so distinct articles are never confused. The table holds a
    reference to each id and one integer, about 70 bytes per article in addition to the ids.

    Parameters
    ----------
    keep : collection of str
        Reasons that are ignored: rows with these reasons are not left out.
    """

    def __init__(self, keep: Collection[str] = ()) -> None:
        self._keep = keep
        self._sources: list[str] = []
        self._places: dict[str, int] = {}  # id -> (index into _sources) << 40 | line

    def keeps(self, reason: str) -> bool:
        """Return whether rows are articles in spite of this reason."""
        return reason in self._keep

    def make(self, row: Row, fields: Mapping[str, Any]) -> Made:
        """Return the outcome for a row with these fields."""
        reasons = [reason for reason in (row.left_out, field_reason(fields)) if reason is not None]
        if left_out := [reason for reason in reasons if not self.keeps(reason)]:
            return Made(left_out=left_out[0])
        given = dict(fields)
        article_id = _pop_id(given)
        cautions: list[Caution] = []
        problems = read_listing(given, reasons)
        try:
            article = _article(article_id, given, cautions)
        except InputError as error:
            problems += [
                _named_option(problem) if row.page is None else problem for problem in error.problems
            ]
        first = self._places.get(article_id) if isinstance(article_id, str) else None
        if first is not None:
            place = self._place(first)
            move = "give each article its own id" + (
                "" if row.page else ", or name another field with id= or --id"
            )
            problems.append(Problem(f"id seen twice, first at {place}", repr(article_id), move))
        if problems:
            return Made(problems=tuple(problem.at(row.source, row.line) for problem in problems))
        self._remember(article.article_id, row.source, row.line)
        if not cautions:
            return Made(article)
        return Made(article, cautions=tuple(caution.at(row.source, row.line) for caution in cautions))

    def _remember(self, article_id: str, source: str, line: int | None) -> None:
        if not self._sources or self._sources[-1] != source:
            self._sources.append(source)
        self._places[article_id] = (len(self._sources) - 1) << 40 | (line or 0)

    def _place(self, packed: int) -> str:
        source, line = self._sources[packed >> 40], packed & (1 << 40) - 1
        return f"{source}:{line}" if line else source


def _named_option(problem: Problem) -> Problem:
    """Return a problem with a missing id that says how another field is named."""
    if problem.what != "no id":
        return problem
    return replace(problem, next_move=f"{problem.next_move}, or name another field with id= or --id")


def id_of(fields: Mapping[str, Any]) -> Any:
    """Return the id in the fields of a row."""
    return _pop_id(dict(fields))


def _pop_id(given: dict[str, Any]) -> Any:
    """Remove the id from the fields and return it."""
    value = given.pop("id", None)
    return id_text(given.pop("article_id", None) if value in (None, "") else value)


def id_text(value: Any) -> Any:
    """Return an id as articles have it: whole numbers become text, including 4.0 from pandas."""
    if type(value) is int:
        return str(value)
    return str(int(value)) if type(value) is float and value.is_integer() else value


def _article(article_id: Any, given: dict[str, Any], cautions: list[Caution]) -> Article:
    optional = optional_fields(given, cautions)
    title, text = given.pop("title", None), given.pop("text", None)
    if not text and optional["description"]:
        text = optional["description"]  # articles without a text use their description
    metadata = given.pop("metadata", None)
    if isinstance(metadata, dict):
        metadata = {**metadata, **given}
    return Article(
        "" if article_id is None else article_id,
        "" if title is None else title,
        "" if text is None else text,
        metadata=given if metadata is None else metadata,  # Article rejects values that are not mappings
        **optional,
    )
