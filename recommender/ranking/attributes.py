"""What articles carry beside their text: a date, a section, tags. How alike two articles are by each.

Likeness comes in a few bins, so that a site's own numbers can say what each is worth (see `ratios`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from recommender.articles import Article, ArticleSummary
from recommender.metadata import TAG_FIELDS, tags_of

__all__ = ["Attribute", "Labels", "Moments", "attributes_of", "open_attributes"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = 86_400_000_000  # microseconds
_NO_DATE = np.iinfo(np.int64).min
_GAPS = np.array([0.5, 1.5, 3, 7, 14, 30, 60, 120, 240, 480, 1000])  # days that part the bins
_FEW = 256  # pairs that are compared before a compiler is worth its import
_OVERLAPS = np.array([1e-6, 0.15, 0.3, 0.45, 0.6, 0.8])  # cosines that part the bins


class Attribute(Protocol):
    """One thing that articles carry, for all articles of a site."""

    edges: NDArray[np.float64]
    """What parts the bins; there is one bin more than edges."""

    matched: bool
    """Whether likeness is compared with that of articles on the same matter, or of any two, see `log_ratios`."""

    def bins(self, mine: Self, rows: NDArray[Any], others: NDArray[Any]) -> NDArray[np.int8]:
        """Return the bin of each pair of a row of `mine` and one of this, -1 where one of them has no value."""
        ...

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return what `open_attributes` reads, by name."""
        ...

    def one(self, article: Article | ArticleSummary) -> Self:
        """Return the value of an article of elsewhere, as the only row."""
        ...


@dataclass(frozen=True, eq=False)
class Moments:
    """When each article was published: bins of days apart."""

    published: NDArray[np.int64]  # microseconds since 1970, the least number where unknown
    edges = _GAPS
    matched = True  # a date can be that of an import or an edit, and those come by kinds of pages

    def bins(self, mine: Self, rows: NDArray[Any], others: NDArray[Any]) -> NDArray[np.int8]:  # noqa: D102
        here, there = mine.published[rows], self.published[others]
        days = np.abs(here - there) / _DAY  # whole microseconds first, so that a gap at an edge is at it
        bins = np.searchsorted(_GAPS, days, side="right").astype(np.int8)
        return np.where((here == _NO_DATE) | (there == _NO_DATE), np.int8(-1), bins)

    def to_arrays(self) -> dict[str, NDArray[Any]]:  # noqa: D102 - kept with the summaries
        return {}

    def one(self, article: Article | ArticleSummary) -> Self:  # noqa: D102
        return type(self)(_published([article]))


@dataclass(frozen=True, eq=False)
class Labels:
    """Sets of labels, rare ones weighing more (1 + ln((1 + n) / (1 + df))): bins of the cosine of two sets."""

    field: str
    hashes: NDArray[np.uint64]  # of each label, ascending
    counts: NDArray[np.int32]  # articles that have it
    indptr: NDArray[np.int64]
    indices: NDArray[np.int32]  # ascending in a row
    data: NDArray[np.float32]
    edges = _OVERLAPS
    matched = False  # a section is what an article is about

    @classmethod
    def of(cls, field: str, sets: Sequence[frozenset[str]]) -> Self:
        """Return the labels of all articles, one set an article."""
        hashed = [np.array([_hash(label) for label in labels], dtype=np.uint64) for labels in sets]
        lengths = np.array([len(each) for each in hashed], dtype=np.int64)
        entries = np.concatenate([np.empty(0, np.uint64), *hashed])
        hashes, indices, counts = np.unique(entries, return_inverse=True, return_counts=True)
        indptr = np.concatenate([[0], lengths.cumsum()])
        return cls(field, hashes, counts.astype(np.int32), *_unit(indptr, indices, counts, len(sets)))

    def bins(self, mine: Self, rows: NDArray[Any], others: NDArray[Any]) -> NDArray[np.int8]:  # noqa: D102
        cosines = _cosines(len(rows))(
            mine.indptr, mine.indices, mine.data, self.indptr, self.indices, self.data,
            np.asarray(rows, np.int64), np.asarray(others, np.int64),
        )  # fmt: skip
        bins = np.searchsorted(_OVERLAPS, cosines, side="right").astype(np.int8)
        return np.where(cosines < 0, np.int8(-1), bins)

    def to_arrays(self) -> dict[str, NDArray[Any]]:  # noqa: D102
        names = ("hashes", "counts", "indptr", "indices", "data")
        return {f"labels_{self.field}_{name}": getattr(self, name) for name in names}

    def one(self, article: Article | ArticleSummary) -> Self:
        """Labels that the site does not know are left out."""
        wanted = np.array(sorted(_hash(label) for label in _labels(article, self.field)), dtype=np.uint64)
        places = np.searchsorted(self.hashes, wanted)
        known = places[self.hashes.take(places, mode="clip") == wanted] if len(self.hashes) else places[:0]
        row = _unit(np.array([0, len(known)]), known, self.counts, len(self.indptr) - 1)
        return type(self)(self.field, self.hashes, self.counts, *row)


def attributes_of(articles: Sequence[Article | ArticleSummary]) -> dict[str, Attribute]:
    """Return what the articles carry, by name: those attributes that two or more articles have."""
    found: dict[str, Attribute] = {}
    moments = Moments(_published(articles))
    if (moments.published != _NO_DATE).sum() > 1:
        found["time"] = moments
    for name in ("section", "tags"):
        sets = [_labels(article, name) for article in articles]
        if sum(map(bool, sets)) > 1:
            found[name] = Labels.of(name, sets)
    return found


def open_attributes(arrays: Mapping[str, NDArray[Any]], names: Iterable[str]) -> dict[str, Attribute]:
    """Return the attributes of a saved site: its dates, and those that `to_arrays` gave."""
    parts = ("hashes", "counts", "indptr", "indices", "data")
    return {
        name: Moments(arrays["published"])
        if name == "time"
        else Labels(name, *(arrays[f"labels_{name}_{part}"] for part in parts))
        for name in names
    }


def _published(articles: Sequence[Article | ArticleSummary]) -> NDArray[np.int64]:
    moments = [article.published for article in articles]
    return np.array(
        [
            _NO_DATE if moment is None else (moment - _EPOCH) // timedelta(microseconds=1)
            for moment in moments
        ],
        dtype=np.int64,
    )


def _labels(article: Article | ArticleSummary, field: str) -> frozenset[str]:
    if field == "section":
        return frozenset({article.section.casefold()} if article.section else ())
    values = (article.metadata.get(name) for name in TAG_FIELDS)
    return frozenset(tag.casefold() for value in values if value is not None for tag in tags_of(value))


def _unit(
    indptr: NDArray[np.int64], indices: NDArray[Any], counts: NDArray[Any], n_articles: int
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]:
    """Return rows with the weights of their labels, at unit length, columns ascending."""
    rows = np.repeat(np.arange(len(indptr) - 1), np.diff(indptr))
    order = np.lexsort((indices, rows))
    indices = indices[order]
    weights = 1 + np.log((1 + n_articles) / (1 + counts[indices]))
    lengths = np.sqrt(np.bincount(rows, weights**2, minlength=len(indptr) - 1))
    return indptr.astype(np.int64), indices.astype(np.int32), (weights / lengths[rows]).astype(np.float32)


def _hash(label: str) -> int:
    return int.from_bytes(
        hashlib.blake2b(label.encode(errors="surrogatepass"), digest_size=8).digest(), "little"
    )


def _cosines(n_pairs: int) -> Callable[..., NDArray[np.float32]]:
    return _compiled() if n_pairs > _FEW else _pair_cosines


@cache
def _compiled() -> Callable[..., NDArray[np.float32]]:
    from numba import njit

    return njit(nogil=True, cache=True)(_pair_cosines)


def _pair_cosines(  # type: ignore[no-untyped-def]
    my_indptr, my_indices, my_data, indptr, indices, data, rows, others
):
    """Cosine of each pair of rows; -1 where one is empty."""
    cosines = np.empty(rows.shape[0], dtype=np.float32)
    for pair in range(rows.shape[0]):
        a, a_end = my_indptr[rows[pair]], my_indptr[rows[pair] + 1]
        b, b_end = indptr[others[pair]], indptr[others[pair] + 1]
        cosine = np.float32(-1.0 if a == a_end or b == b_end else 0.0)
        while a < a_end and b < b_end:
            if my_indices[a] == indices[b]:
                cosine += my_data[a] * data[b]
                a, b = a + 1, b + 1
            elif my_indices[a] < indices[b]:
                a += 1
            else:
                b += 1
        cosines[pair] = cosine
    return cosines
