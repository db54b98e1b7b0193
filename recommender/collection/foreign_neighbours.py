"""Articles in another edition whose vectors are near: what translations are looked for among."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from recommender.collection.editions import Editions

if TYPE_CHECKING:
    from recommender.collection.collection import Collection

__all__ = ["COMPARED", "NEAR", "foreign_neighbours"]

NEAR = 0.2
"""Least cosine of a pair."""

COMPARED = 2_048
"""Articles up to which each is compared with all others. Of more the nearest are found by a join."""

_SLACK = 1e-3  # cosines of a block are rounded in another order
_BLOCK = 128  # rows that are compared at a time
_RUN = 4_096  # rows whose neighbours become pairs at a time
_FIXED, _BY_EDITION = 32, 4  # neighbours of an article in a join, and more for each edition
_NEAREST = 5  # of these, in each edition
_RECALL = 0.99  # of the join

Pairs: TypeAlias = tuple[NDArray[np.int32], NDArray[np.int32]]


def foreign_neighbours(
    collection: Collection, rows: NDArray[np.integer[Any]], there: NDArray[np.bool_], n_jobs: int | None
) -> Iterator[Pairs]:
    """Yield pairs of articles in two editions of known languages that may be near, each pair once.

    Parameters
    ----------
    collection : Collection
        With neural vectors that are comparable across languages.
    rows : ndarray of int
        One article of each pair is among these.
    there : ndarray of bool, shape (n,)
        The rows that hold an article.
    n_jobs : int or None
        Threads of a join. The result does not depend on it.

    Notes
    -----
    Up to `COMPARED` rows meet all articles, so no pair with a cosine of `NEAR` is missed: ``len(rows) * n`` products. More
    rows meet the five nearest in each edition of those 32, and four more for each edition, that `ClusteredIndex` finds.
    """
    readable = there & (np.asarray(collection.languages) >= 0)
    if len(rows) <= COMPARED:
        return _compared(collection, rows, readable)
    wanted = np.zeros(len(there), dtype=np.bool_)
    wanted[rows] = True
    return _joined(collection, wanted, np.flatnonzero(readable).astype(np.int32), n_jobs)


def _compared(
    collection: Collection, rows: NDArray[np.integer[Any]], readable: NDArray[np.bool_]
) -> Iterator[Pairs]:
    vectors, editions = np.asarray(collection.neural), Editions.of(collection)
    place = np.full(len(readable), -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    for start in range(0, len(rows), _BLOCK):
        block = rows[start : start + _BLOCK]
        wanted = readable & readable[block][:, None]
        wanted &= place < np.arange(start, start + len(block))[:, None]  # a pair of two of them comes once
        at, other = np.nonzero(wanted & (vectors[block] @ vectors.T >= NEAR - _SLACK))
        kept = editions.differ(block[at], other)
        yield block[at[kept]].astype(np.int32), other[kept].astype(np.int32)


def _joined(
    collection: Collection, wanted: NDArray[np.bool_], readable: NDArray[np.int32], n_jobs: int | None
) -> Iterator[Pairs]:
    from recommender.index.clustered import ClusteredIndex

    editions = Editions.of(collection)
    codes = editions.codes()[readable]
    names = np.unique(codes)
    if len(names) < 2:
        return
    k = min(_FIXED + _BY_EDITION * len(names), len(readable) - 1)
    vectors = np.ascontiguousarray(np.asarray(collection.neural)[readable])
    index = ClusteredIndex(k, _RECALL, n_jobs, bounded=True).fit(vectors)
    distances, nearest = index.kneighbors()
    found = []
    for start in range(0, len(readable), _RUN):
        run = slice(start, start + _RUN)
        rows, others = readable[run, None], readable[nearest[run]]
        near = (nearest[run] >= 0) & (distances[run] <= 1 - NEAR + _SLACK) & editions.differ(rows, others)
        for name in names:  # nearest first, so the first in an edition are its nearest
            mine = near & (codes[nearest[run]] == name)
            near &= ~mine | (np.cumsum(mine, axis=1) <= _NEAREST)
        near &= wanted[rows] | wanted[others]
        at, column = np.nonzero(near)
        one, other = rows[at, 0], others[at, column]
        found.append(np.minimum(one, other).astype(np.int64) * len(wanted) + np.maximum(one, other))
    pairs = np.unique(np.concatenate(found))  # two may be among the nearest of each other
    for start in range(0, len(pairs), _RUN):
        first, second = np.divmod(pairs[start : start + _RUN], len(wanted))
        yield first.astype(np.int32), second.astype(np.int32)
