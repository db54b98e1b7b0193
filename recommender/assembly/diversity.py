"""Variety within a list: maximal marginal relevance (Carbonell and Goldstein 1998).

The next entry is the one with the most of ``(1 - d) * score - d * (likeness to the entry before it that is most like
it)``. Likeness is the cosine of the sparse vectors on the scale of scores, so that both mean the same on every site.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

__all__ = ["POOL", "diversified"]

POOL = 3
"""Times as many candidates as a list has entries are chosen from."""


def diversified(
    rows: NDArray[np.int32],
    scores: NDArray[np.float32],
    sparse: csr_matrix,
    k: int,
    diversity: float,
    chance: float,
) -> NDArray[np.int32]:
    """Return the places of candidates in the order in which they are taken.

    Parameters
    ----------
    rows, scores : ndarray of int32 and float32, shape (m, c)
        Candidates of each list, best first, -1 for none.
    sparse : csr_matrix of float32, shape (n, n_terms)
        Unit rows.
    k : int
        Of the first ``3 k`` of a list, k are chosen; the others follow as they were.
    diversity : float
        0 (as they were) to 1 (the best first, and then variety only).
    chance : float
        See `recommender.ranking.chance`.

    Returns
    -------
    ndarray of int32, shape (m, c)

    Notes
    -----
    Costs ``3 k^2`` times the mean number of terms of an article, a list.
    """
    order = np.tile(np.arange(rows.shape[1], dtype=np.int32), (len(rows), 1))
    if diversity > 0 and rows.size:
        _choose(
            rows, scores, sparse.indptr, sparse.indices, sparse.data, min(k, rows.shape[1]),
            min(POOL * k, rows.shape[1]), np.float32(diversity), np.float32(chance),
            np.zeros(sparse.shape[1], dtype=np.float32), order,
        )  # fmt: skip
    return order


@njit(nogil=True, cache=True)
def _choose(rows, scores, indptr, indices, data, k, n_pool, diversity, chance, spread, order):  # type: ignore[no-untyped-def]  # noqa: C901 - one pass
    likeness = np.empty(n_pool, dtype=np.float32)
    taken = np.empty(n_pool, dtype=np.bool_)
    for i in range(rows.shape[0]):
        n = 0
        while n < n_pool and rows[i, n] >= 0:
            n += 1
        likeness[:] = 0.0
        taken[:] = False
        for place in range(min(k, n)):
            best, most = -1, np.float32(-np.inf)
            for other in range(n):
                value = (np.float32(1.0) - diversity) * scores[i, other] - diversity * likeness[other]
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
                    likeness[other] = max(likeness[other], cosine / (cosine + chance))
            for entry in range(start, stop):
                spread[indices[entry]] = 0.0
        place = min(k, n)
        for other in range(n):
            if not taken[other]:
                order[i, place] = other
                place += 1
