"""The values of one field of all articles, as codes that can be compared quickly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from recommender.articles import Article, ArticleSummary
from recommender.collection.summary_table import OWN_FIELDS, SummaryTable
from recommender.metadata import TAG_FIELDS, tags_of

__all__ = ["ArticleFields", "Field", "text_of", "values_of"]


@dataclass(frozen=True, eq=False)
class Field:
    """The values of one field, for all articles.

    Parameters
    ----------
    name : str
    codes : dict of str to int
        The code of each value.
    indptr : ndarray of int64, shape (n + 1,)
    values : ndarray of int32
        Codes of article *i* at ``indptr[i]:indptr[i + 1]``, in the order of the article.
    """

    name: str
    codes: dict[str, int]
    indptr: NDArray[np.int64]
    values: NDArray[np.int32]

    @classmethod
    def of(cls, articles: Iterable[Article | ArticleSummary], name: str) -> Self:
        """Return a field of the articles or of their metadata."""
        codes: dict[str, int] = {}
        values: list[int] = []
        ends = [0]
        for value in _raw_values(articles, name):
            values += [codes.setdefault(text, len(codes)) for text in _texts(value, name)]
            ends.append(len(values))
        return cls(name, codes, np.array(ends, dtype=np.int64), np.array(values, dtype=np.int32))

    @property
    def first(self) -> NDArray[np.int32]:
        """Code of the first value of each article, -1 for none."""
        has = self.indptr[1:] > self.indptr[:-1]
        found = np.full(len(has), -1, dtype=np.int32)
        found[has] = self.values[self.indptr[:-1][has]]
        return found

    def has_one_of(self, wanted: Sequence[str]) -> NDArray[np.bool_]:
        """Return which articles have one of these values. Tags are compared without regard to case."""
        if self.name in TAG_FIELDS:
            wanted = [tag for value in wanted for tag in _texts(value, self.name)]
        codes = [self.codes[value] for value in wanted if value in self.codes]
        hits = np.concatenate([[0], np.isin(self.values, codes).cumsum()])
        return np.asarray(hits[self.indptr[1:]] > hits[self.indptr[:-1]])


class ArticleFields:
    """The fields of a site's articles. Each is read when it is first needed."""

    def __init__(self, summaries: Sequence[ArticleSummary]) -> None:
        self._summaries = summaries
        self._fields: dict[str, Field] = {}
        self._numbers: dict[str, NDArray[np.float64]] = {}

    def __getitem__(self, name: str) -> Field:
        if name not in self._fields:
            self._fields[name] = Field.of(self._summaries, name)
        return self._fields[name]

    def numbers(self, name: str) -> NDArray[np.float64]:
        """Return a metadata field as floats, shape (n,). Values that are not numbers become NaN."""
        if name not in self._numbers:
            found = [_number(value) for value in _raw_values(self._summaries, name)]
            self._numbers[name] = np.array(found, dtype=np.float64)
        return self._numbers[name]


def values_of(article: Article | ArticleSummary, name: str) -> tuple[str, ...]:
    """Return the distinct values of a field as text.

    A language gives its tag and the primary subtag: "de-AT" is "de" too. Tags (see `TAG_FIELDS`) are in small letters and
    separate, whether they come as a list or as text with commas.

    Examples
    --------
    >>> values_of(Article("a", "A", metadata={"tags": "Rain, road, rain", "free": True}), "tags")
    ('rain', 'road')
    """
    return _texts(_raw(article, name), name)


def _raw_values(articles: Iterable[Article | ArticleSummary], name: str) -> Iterator[Any]:
    """Yield a field of every article as it was given. Nothing else of a stored article is read."""
    if isinstance(articles, SummaryTable):
        return articles.values(name)
    return (_raw(article, name) for article in articles)


def _raw(article: Article | ArticleSummary, name: str) -> Any:
    return getattr(article, name) if name in OWN_FIELDS else article.metadata.get(name)


def _texts(value: Any, name: str) -> tuple[str, ...]:
    if name in TAG_FIELDS:
        return tuple(dict.fromkeys(tag.casefold() for tag in tags_of(value)))
    if name == "language" and value:
        value = [value, value.replace("_", "-").partition("-")[0].lower()]
    each = value if isinstance(value, list | tuple) else [value]
    return tuple(dict.fromkeys(text_of(item) for item in each if item is not None and item != ""))


def text_of(value: Any) -> str:
    """Return one value as text: ``true`` and ``false`` as in JSON, dates as in ISO 8601."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value).lower() if isinstance(value, bool) else str(value)


def _number(value: Any) -> float:
    try:
        return float(value) if not isinstance(value, bool) else float("nan")
    except (TypeError, ValueError):
        return float("nan")
