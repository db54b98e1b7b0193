"""Exact similarities of the rows that a first pass kept, in sorted lists."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.index.kernels.neighbour_lists import product_of, row_of

__all__ = ["ExactLists", "Rescoring", "inner_product", "insert", "rescore", "without"]


class Rescoring(NamedTuple):
    """Vectors to compare, and what the products of the first pass mean."""

    X: NDArray[np.float32]  # (m, d), queries
    vectors: NDArray[np.float32]  # (n, d)
    order: NDArray[np.int32]  # (n,), row of `vectors` for each row of the first pass
    unit: float  # similarity that a product of 1 stands for
    margin: float  # largest error of a product, as a similarity


class ExactLists(NamedTuple):
    """Lists in the order of the queries."""

    similarities: NDArray[np.float32]  # (m, k)
    rows: NDArray[np.int32]  # (m, k)
    proven: NDArray[np.bool_]  # (m,)


@njit(nogil=True, cache=True, fastmath=True)
def inner_product(a, b):  # type: ignore[no-untyped-def]
    """Return an inner product, added up in float32."""
    total = np.float32(0)
    for j in range(a.shape[0]):
        total += a[j] * b[j]
    return total


@njit(nogil=True, cache=True)
def insert(similarity, row, similarities, rows, n):  # type: ignore[no-untyped-def]
    """Insert an entry into a list of n, sorted by (-similarity, row); return the new length."""
    k = similarities.shape[0]
    place = n
    while place > 0 and (
        similarities[place - 1] < similarity
        or (similarities[place - 1] == similarity and rows[place - 1] > row)
    ):
        place -= 1
    if place == k:
        return n
    for i in range(min(n, k - 1), place, -1):
        similarities[i], rows[i] = similarities[i - 1], rows[i - 1]
    similarities[place], rows[place] = similarity, row
    return min(n + 1, k)


@njit(nogil=True, cache=True)
def rescore(rescoring, keys, queries, lists):  # type: ignore[no-untyped-def]
    """Write the k best of each row of keys to `lists`, and whether that list is proven.

    A list is proven if nothing outside its keys can be among the k best.
    """
    X, vectors, order, unit, margin = rescoring
    similarities, rows, proven = lists
    kept, k = keys.shape[1], similarities.shape[1]
    for i in range(keys.shape[0]):
        query = queries[i]
        n = 0
        while n < kept and keys[i, n] != 0:
            n += 1
        floor = -np.inf  # an entry below this cannot be among the k best
        if n > k:
            floor = product_of(keys[i, k - 1]) * unit - 2 * margin
        found = 0
        for place in range(n):
            if product_of(keys[i, place]) * unit < floor:
                break
            row = order[row_of(keys[i, place])]
            similarity = inner_product(X[query], vectors[row])
            found = insert(similarity, row, similarities[query], rows[query], found)
        bound = product_of(keys[i, kept - 1]) * unit + margin if n == kept else -np.inf
        proven[query] = n < kept or bound <= similarities[query, k - 1]


@njit(nogil=True, cache=True)
def without(own, similarities, rows):  # type: ignore[no-untyped-def]
    """Return lists that are one shorter: without row ``own[i]``, or without the last entry where it is absent."""
    k = rows.shape[1] - 1
    for i in range(rows.shape[0]):
        place = 0
        while place < k and rows[i, place] != own[i]:
            place += 1
        for j in range(place, k):
            similarities[i, j], rows[i, j] = similarities[i, j + 1], rows[i, j + 1]
    return similarities[:, :k].copy(), rows[:, :k].copy()
