"""Variety within a list: maximal marginal relevance (Carbonell and Goldstein 1998).

The next entry maximises ``(1 - d) * score - d * (similarity to the most similar entry before it)``. The
similarity is the cosine of the sparse vectors on the scale of scores, so both mean the same on every site.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.index.kernels.array_layout import read_only
from recommender.index.sparse_rows import SparseRows

__all__ = ["POOL", "Variety", "diversified"]

POOL = 3
"""Candidates that are considered for each entry of a list."""


class Variety(NamedTuple):
    """What variety is measured by.

    Attributes
    ----------
    sparse : SparseRows
        Unit rows of all articles.
    n_terms : int
    diversity : float
        0 (as ranked) to 1 (the best first, and then variety only).
    chance : float
        See `recommender.scoring.calibration`.
    """

    sparse: SparseRows
    n_terms: int
    diversity: float
    chance: float


def diversified(
    rows: NDArray[np.int32], scores: NDArray[np.float32], k: int, variety: Variety
) -> NDArray[np.int32]:
    """Return the places of candidates in the order in which they are taken, int32 of shape (m, c).

    Parameters
    ----------
    rows, scores : ndarray of int32 and float32, shape (m, c)
        Candidates of each list, best first, -1 for none.
    k : int
        Of the first ``3 k`` of a list, k are chosen; the others follow in their order.
    variety : Variety

    Notes
    -----
    Takes ``3 k^2`` times the mean number of terms of an article, a list.
    """
    order = np.tile(np.arange(rows.shape[1], dtype=np.int32), (len(rows), 1))
    if variety.diversity > 0 and rows.size:
        pool = _Pool(
            min(k, rows.shape[1]), min(POOL * k, rows.shape[1]), np.zeros(variety.n_terms, np.float32)
        )
        numbers = np.float32(variety.diversity), np.float32(variety.chance)
        _choose(read_only(rows), read_only(scores), variety.sparse.read_only(), numbers, pool, order)
    return order


class _Pool(NamedTuple):
    k: int
    size: int
    spread: NDArray[np.float32]


@njit(nogil=True, cache=True)
def _choose(rows, scores, sparse, numbers, pool, order):  # type: ignore[no-untyped-def]  # noqa: C901 - one pass
    indptr, indices, data = sparse
    diversity, chance = numbers
    k, n_pool, spread = pool
    similarity = np.empty(n_pool, dtype=np.float32)
    taken = np.empty(n_pool, dtype=np.bool_)
    for i in range(rows.shape[0]):
        n = 0
        while n < n_pool and rows[i, n] >= 0:
            n += 1
        similarity[:] = 0.0
        taken[:] = False
        for place in range(min(k, n)):
            best, most = -1, np.float32(-np.inf)
            for other in range(n):
                value = (np.float32(1.0) - diversity) * scores[i, other] - diversity * similarity[other]
                if place == 0:
                    value = scores[i, other]
                if not taken[other] and value > most:
                    best, most = other, value
            taken[best] = True
            order[i, place] = best
            start, stop = indptr[rows[i, best]], indptr[rows[i, best] + 1]
            for entry in range(start, stop):
                spread[indices[entry]] = data[entry]
            for other in range(n):
                if not taken[other]:
                    cosine = np.float32(0.0)
                    for entry in range(indptr[rows[i, other]], indptr[rows[i, other] + 1]):
                        cosine += spread[indices[entry]] * data[entry]
                    similarity[other] = max(similarity[other], cosine / (cosine + chance))
            for entry in range(start, stop):
                spread[indices[entry]] = 0.0
        place = min(k, n)
        for other in range(n):
            if not taken[other]:
                order[i, place] = other
                place += 1
