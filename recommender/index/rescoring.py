"""Exact similarities of what a first pass by codes kept, and whether anything better can have been lost."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.index.nearest import Nearest, product_of, row_of
from recommender.index.threads import on_all_threads, slices

__all__ = ["Rounded", "exact_best", "inner_product", "insert", "without"]

_ROWS = 512  # lists made at a time by one thread


class Rounded(Protocol):
    """What products of a first pass mean."""

    @property
    def scale(self) -> float:
        """The root of what a product counts in."""

    @property
    def margin(self) -> float:
        """How far a product may be off, as a similarity."""


def exact_best(
    X: NDArray[np.float32],
    vectors: NDArray[np.float32],
    rounded: Rounded,
    nearest: Nearest,
    k: int,
    n_jobs: int | None,
    order: NDArray[np.int32] | None = None,
) -> tuple[NDArray[np.float32], NDArray[np.int32], NDArray[np.bool_]]:
    """Return similarities and rows of the `k` best of each list, best first, and which lists are proven.

    List i is of row i of `X`; what is kept are rows of `vectors`. With `order` the lists count in another order:
    list i is of ``order[i]``; what is returned is in the order of `X`. A list is proven if nothing that was not kept
    can be among its `k` best, as far as products of codes are not off by more than their margin. Where fewer than `k`
    were kept, rows are -1 and similarities minus infinity.
    """
    n = len(X)
    similarities = np.full((n, k), -np.inf, dtype=np.float32)
    rows = np.full((n, k), -1, dtype=np.int32)
    proven = np.zeros(n, dtype=np.bool_)
    parts = slices(n, _ROWS)
    unit = rounded.scale**2
    order = np.arange(max(n, len(vectors)), dtype=np.int32) if order is None else order

    def score() -> None:
        for part in parts:
            _score(
                X, vectors, nearest.keys[part], unit, rounded.margin, order, order[part],
                similarities, rows, proven,
            )  # fmt: skip

    on_all_threads(score, n_jobs)
    return similarities, rows, proven


@njit(nogil=True, cache=True, fastmath=True)
def inner_product(a, b):  # type: ignore[no-untyped-def]
    """Inner product in float32."""
    total = np.float32(0)
    for j in range(a.shape[0]):
        total += a[j] * b[j]
    return total


@njit(nogil=True, cache=True)
def _score(X, vectors, keys, unit, margin, order, own, similarities, rows, proven):  # type: ignore[no-untyped-def]
    kept, k = keys.shape[1], similarities.shape[1]
    for i in range(keys.shape[0]):
        to = own[i]
        n = 0
        while n < kept and keys[i, n] != 0:
            n += 1
        floor = -np.inf  # what is this far below the k-th product cannot be among the k best
        if n > k:
            floor = product_of(keys[i, k - 1]) * unit - 2 * margin
        found = 0
        for place in range(n):
            if product_of(keys[i, place]) * unit < floor:
                break
            row = order[row_of(keys[i, place])]
            similarity = inner_product(X[to], vectors[row])
            found = insert(similarity, row, similarities[to], rows[to], found)
        lost = product_of(keys[i, kept - 1]) * unit + margin if n == kept else -np.inf
        proven[to] = n < kept or lost <= similarities[to, k - 1]


@njit(nogil=True, cache=True)
def insert(similarity, row, similarities, rows, found):  # type: ignore[no-untyped-def]
    """Put an entry where it belongs by (-similarity, row); return how many there are."""
    k = similarities.shape[0]
    place = found
    while place > 0 and (
        similarities[place - 1] < similarity
        or (similarities[place - 1] == similarity and rows[place - 1] > row)
    ):
        place -= 1
    if place == k:
        return found
    for i in range(min(found, k - 1), place, -1):
        similarities[i], rows[i] = similarities[i - 1], rows[i - 1]
    similarities[place], rows[place] = similarity, row
    return min(found + 1, k)


@njit(nogil=True, cache=True)
def without(own, similarities, rows):  # type: ignore[no-untyped-def]
    """Return lists one shorter: without the row that `own` names for each, or without the last."""
    k = rows.shape[1] - 1
    for i in range(rows.shape[0]):
        place = 0
        while place < k and rows[i, place] != own[i]:
            place += 1
        for j in range(place, k):
            similarities[i, j], rows[i, j] = similarities[i, j + 1], rows[i, j + 1]
    return similarities[:, :k].copy(), rows[:, :k].copy()
