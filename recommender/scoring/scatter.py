"""How far the nearest of an article are from each other: round-ups, quizzes and lists of links touch everything.

The nearest of an article on one subject are as close to each other as to the article, or are at least on one subject.
Those of a year in review are close to it and have nothing in common.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.index.kernels.array_layout import read_only
from recommender.index.sparse_rows import SparseRows
from recommender.index.threads import on_all_threads, slices

__all__ = ["scatter"]

_BLOCK = 1_024  # articles that a thread takes at a time


def scatter(
    sparse: SparseRows,
    dense: NDArray[np.float32],
    nearest: NDArray[np.int32],
    least: float,
    n_jobs: int | None = None,
) -> NDArray[np.float32]:
    """Return how much closer the nearest of each article are to it than to each other.

    Parameters
    ----------
    sparse : SparseRows
        Sparse vectors, a row for each article.
    dense : ndarray of float32, shape (n, d)
        Unit vectors, or zeros.
    nearest : ndarray of int32, shape (n, m)
        The nearest of each article by content, padded with -1.
    least : float
        What cannot be more than this becomes 0, which saves most of the time.
    n_jobs : int or None

    Returns
    -------
    ndarray of float32, shape (n,)
        From 0 to 1.

    Notes
    -----
    The mean over all pairs of the m nearest, where missing ones count as 0, of ``max(0, min(s_i, s_j) - 2 x) *
    max(0, 1 - 2 d)``: *s* are the sparse cosines with the article, *x* and *d* the sparse and the dense cosine of the
    pair. An overview of one subject names things that share few words; their dense vectors are close to each other.
    Takes m^2 / 2 products of sparse rows, an article.
    """
    found = np.zeros(len(nearest), dtype=np.float32)
    n_terms = int(sparse.indices.max(initial=-1)) + 1
    rows, vectors = sparse.read_only(), read_only(np.ascontiguousarray(dense))
    nearest = np.ascontiguousarray(nearest)
    blocks = slices(len(nearest), _BLOCK)

    def fill(blocks: Iterator[slice]) -> None:
        spread = np.zeros(n_terms, dtype=np.float32)
        for block in blocks:
            _scatter(rows, vectors, (nearest[block], block.start), least, spread, found[block])

    on_all_threads(lambda: fill(blocks), n_jobs if len(nearest) > _BLOCK else 1)
    return found


@njit(nogil=True, cache=True)
def _scatter(sparse, dense, block, least, spread, found):  # type: ignore[no-untyped-def]
    nearest, start = block
    width = nearest.shape[1]
    n_pairs = width * (width - 1) / 2
    close = np.zeros(width)
    for row in range(nearest.shape[0]):
        _spread(sparse, start + row, spread)
        for place in range(width):
            other = nearest[row, place]
            close[place] = _spread_cosine(sparse, other, spread) if other >= 0 else 0.0
        _clear(sparse, start + row, spread)
        order = np.argsort(-close, kind="mergesort")
        at_most, total = 0.0, 0.0
        for place in range(width):
            at_most += place * close[order[place]]
        if at_most <= least * n_pairs:
            continue
        for place in range(1, width):
            both = close[order[place]]  # the smaller one of the cosines of a pair
            if both <= 0.0:
                break
            one = nearest[row, order[place]]
            _spread(sparse, one, spread)
            for earlier in range(place):
                other = nearest[row, order[earlier]]
                apart = min(1.0, 1.0 - 2.0 * _dense_cosine(dense, one, other))
                if apart > 0.0:
                    total += apart * max(0.0, both - 2.0 * _spread_cosine(sparse, other, spread))
            _clear(sparse, one, spread)
        found[row] = total / n_pairs


@njit(nogil=True, cache=True)
def _spread(rows, row, spread):  # type: ignore[no-untyped-def]
    for entry in range(rows.indptr[row], rows.indptr[row + 1]):
        spread[rows.indices[entry]] = rows.data[entry]


@njit(nogil=True, cache=True)
def _clear(rows, row, spread):  # type: ignore[no-untyped-def]
    for entry in range(rows.indptr[row], rows.indptr[row + 1]):
        spread[rows.indices[entry]] = 0.0


@njit(nogil=True, cache=True)
def _spread_cosine(rows, row, spread):  # type: ignore[no-untyped-def]
    total = 0.0
    for entry in range(rows.indptr[row], rows.indptr[row + 1]):
        total += spread[rows.indices[entry]] * rows.data[entry]
    return total


@njit(nogil=True, cache=True)
def _dense_cosine(rows, one, other):  # type: ignore[no-untyped-def]
    total = 0.0
    for dimension in range(rows.shape[1]):
        total += rows[one, dimension] * rows[other, dimension]
    return total
