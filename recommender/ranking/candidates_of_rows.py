"""The candidates of some articles of a large site, searched together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from recommender.collection.collection import Collection
from recommender.index.threads import on_all_threads
from recommender.ranking.candidate_index import vectors_of
from recommender.ranking.candidate_search import Budget, Searched, candidates_of, kinds_of
from recommender.ranking.candidates import distinct
from recommender.scoring.queries import Queries

__all__ = ["CandidateRows", "Search", "candidates_of_rows", "largest_places"]

_MANY = 4_096  # articles from which on their order saves more time than it takes
_FEW = 16  # articles that are searched one by one
_FEWEST, _PRODUCTS = 32, 2**22  # articles whose vectors are compared with all others at a time, and the pairs
_MENTIONED = 64  # as for a single query


@dataclass(frozen=True, eq=False)
class CandidateRows:
    """The candidates of some articles.

    Parameters
    ----------
    rows : ndarray of int32, shape (m,)
        The articles, ascending.
    candidates : ndarray of int32, shape (m, c)
        Padded with -1.
    """

    rows: NDArray[np.int32]
    candidates: NDArray[np.int32]

    @property
    def width(self) -> int:
        """Candidates of an article at most."""
        return int(self.candidates.shape[1])

    def block(self, rows: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return the candidates of some of the articles."""
        return np.asarray(self.candidates[np.searchsorted(self.rows, rows)])

    def distinct(self) -> NDArray[np.int32]:
        """Return all articles that are candidates, ascending, each once."""
        return distinct(self.candidates)

    def order(self, rows: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return the places of many of the articles, each after one with nearly the same candidates; of few as they come."""
        if len(rows) < _MANY:
            return np.arange(len(rows), dtype=np.int32)
        from recommender.ranking.query_order import along_candidates

        candidates = self.block(rows)
        places = np.full(
            int(max(rows.max(), candidates.max())) + 2, -1, dtype=np.int32
        )  # the last is that of -1
        places[rows] = np.arange(len(rows), dtype=np.int32)
        return along_candidates(places[candidates])

    def joined(self, other: Self) -> Self:
        """Return the candidates of these articles and of others."""
        rows = np.concatenate([self.rows, other.rows])
        order = np.argsort(rows)
        width = max(self.width, other.width)
        padded = [
            np.pad(each.candidates, ((0, 0), (0, width - each.width)), constant_values=-1)
            for each in (self, other)
        ]
        return type(self)(rows[order], np.concatenate(padded)[order])

    def of(self, row: int) -> NDArray[np.int32]:
        """Return the candidates of one of the articles."""
        found = self.block(np.array([row], dtype=np.int32))[0]
        return np.asarray(found[found >= 0])


Search: TypeAlias = Callable[[NDArray[np.int32], Budget], CandidateRows]
"""Returns the candidates of some articles, see `candidates_of_rows`."""


def candidates_of_rows(
    collection: Collection,
    index: Searched,
    rows: NDArray[np.int32],
    budget: Budget,
    n_jobs: int | None = None,
) -> CandidateRows:
    """Return the candidates of some articles, found as `candidates_of` finds those of one.

    Many articles are compared with all vectors, which is exact and takes less time than as many searches.
    """
    rows = np.unique(rows).astype(np.int32)
    if len(rows) <= _FEW:
        singly = [
            candidates_of(Queries.of_articles(collection, np.array([row])), row, collection, index, budget)
            for row in rows.tolist()
        ]
        return CandidateRows(rows, _padded(singly))
    found = [
        index.postings.nearest_of_rows(collection.sparse, rows, budget.by_terms, budget.query_terms, n_jobs)
    ]
    for kind in kinds_of(collection):
        found.append(_nearest(vectors_of(collection, kind), rows, budget.by_vectors, n_jobs))
    mentions = [collection.mentions.row(row) for row in rows.tolist()]
    found.append(
        _padded([each.columns[np.argsort(-each.values, kind="stable")[:_MENTIONED]] for each in mentions])
    )
    return CandidateRows(rows, _distinct(np.hstack(found)))


def _nearest(
    vectors: NDArray[np.float32], rows: NDArray[np.int32], n: int, n_jobs: int | None
) -> NDArray[np.int32]:
    """Return the rows with the largest inner products with each of some rows, itself left out, in no order."""
    n_rows = len(vectors)
    n = min(n, n_rows - 1)
    found = np.full((len(rows), n), -1, dtype=np.int32)
    size = max(_FEWEST, _PRODUCTS // n_rows)

    def fill(start: int) -> None:
        some = rows[start : start + size]
        products = vectors[some] @ vectors.T
        products[np.arange(len(some)), some] = -np.inf
        found[start : start + len(some)] = largest_places(products, n)

    blocks = iter(range(0, len(rows), size))

    def fill_all() -> None:
        for start in blocks:
            fill(start)

    on_all_threads(fill_all, n_jobs)
    found[~vectors[rows].any(axis=1)] = -1  # a zero vector has no neighbours
    return found


def largest_places(values: NDArray[np.float32], n: int) -> NDArray[np.intp]:
    """Return the places of the n largest values of each row, ascending; of equal values the first."""
    width = values.shape[1]
    least = np.partition(values, width - n, axis=1)[:, width - n]
    kept = values >= least[:, None]
    excess = np.count_nonzero(kept, axis=1) - n
    for row in np.flatnonzero(excess).tolist():
        equal = np.flatnonzero(values[row] == least[row])
        kept[row, equal[len(equal) - excess[row] :]] = False
    places: NDArray[np.intp] = np.flatnonzero(kept).reshape(len(values), n)
    places -= width * np.arange(len(values))[:, None]
    return places


def _padded(rows: list[NDArray[np.int32]]) -> NDArray[np.int32]:
    found = np.full((len(rows), max(map(len, rows), default=0)), -1, dtype=np.int32)
    for place, each in enumerate(rows):
        found[place, : len(each)] = each
    return found


def _distinct(candidates: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the candidates of each row once, ascending, padded with -1 at the end."""
    ordered = np.sort(candidates, axis=1)
    kept = ordered >= 0
    kept[:, 1:] &= ordered[:, 1:] != ordered[:, :-1]
    ranks = np.cumsum(kept, axis=1)
    found = np.full((len(ordered), int(ranks[:, -1:].max(initial=0))), -1, dtype=np.int32)
    places, at = np.nonzero(kept)
    found[places, ranks[places, at] - 1] = ordered[places, at]
    return found
