"""What articles carry in one field, as codes that can be compared quickly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from recommender.articles import Article, ArticleSummary
from recommender.artifact.summaries import OWN_FIELDS, SummaryTable
from recommender.metadata import TAG_FIELDS, tags_of

__all__ = ["Field", "raw_values", "text_of", "values_of"]


@dataclass(frozen=True, eq=False)
class Field:
    """The values of one field, for all articles.

    Parameters
    ----------
    name : str
    codes : dict of str to int
        Of each value that occurs.
    indptr : ndarray of int64, shape (n + 1,)
    values : ndarray of int32
        Codes of article *i* at ``indptr[i]:indptr[i + 1]``, in the order in which it has them.
    """

    name: str
    codes: dict[str, int]
    indptr: NDArray[np.int64]
    values: NDArray[np.int32]

    @classmethod
    def of(cls, articles: Iterable[Article | ArticleSummary], name: str) -> Self:
        """Return a field of the articles: one of their own, or one of their metadata."""
        codes: dict[str, int] = {}
        values: list[int] = []
        ends = [0]
        for value in raw_values(articles, name):
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
        """Return which articles have one of these values; tags are compared without regard to case."""
        if self.name in TAG_FIELDS:
            wanted = [tag for value in wanted for tag in _texts(value, self.name)]
        codes = [self.codes[value] for value in wanted if value in self.codes]
        hits = np.concatenate([[0], np.isin(self.values, codes).cumsum()])
        return np.asarray(hits[self.indptr[1:]] > hits[self.indptr[:-1]])


def values_of(article: Article | ArticleSummary, name: str) -> tuple[str, ...]:
    """Return the values of a field as text, each once; none where there is nothing.

    A language is its tag and what that begins with: "de-AT" is "de" too. Tags (see `TAG_FIELDS`) are in small letters, each
    by itself, whether they come as text with commas or as a list.

    Examples
    --------
    >>> values_of(Article("a", "A", metadata={"tags": "Rain, road, rain", "free": True}), "tags")
    ('rain', 'road')
    """
    return _texts(_raw(article, name), name)


def raw_values(articles: Iterable[Article | ArticleSummary], name: str) -> Iterator[Any]:
    """Yield a field of every article as it was given; of an artifact's articles nothing else is read."""
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
    """Return one value as text, as it is in an artifact: ``true`` and ``false`` as in JSON, dates as in ISO 8601."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value).lower() if isinstance(value, bool) else str(value)
