"""How far the shared terms of two articles corroborate each other."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.index.sparse_rows import SparseRows

__all__ = ["corroboration"]


def corroboration(
    queries: SparseRows, site: SparseRows, candidates: NDArray[np.int32], spread: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return the probability that two random parts of what two articles share are of different terms.

    Parameters
    ----------
    queries, site : SparseRows
        Sparse vectors.
    candidates : ndarray of int32, shape (m, c)
        Rows of the site for each query, -1 for none.
    spread : ndarray of float32, shape (n_terms,)
        Working memory: zeros, before and after.

    Returns
    -------
    ndarray of float32, shape (m, c)
        0 where one term makes up the whole, or nothing is shared; below 1.

    Notes
    -----
    With x the products of the values of each shared term, it is ``1 - sum(x ** 2) / sum(x) ** 2`` (Simpson 1949).
    """
    found = np.zeros(candidates.shape, dtype=np.float32)
    _corroboration(queries.read_only(), site.read_only(), np.ascontiguousarray(candidates), spread, found)
    return found


@njit(nogil=True, cache=True)
def _corroboration(queries, site, candidates, spread, found):  # type: ignore[no-untyped-def]
    for query in range(candidates.shape[0]):
        start, stop = queries.indptr[query], queries.indptr[query + 1]
        for entry in range(start, stop):
            spread[queries.indices[entry]] = queries.data[entry]
        for place in range(candidates.shape[1]):
            other = candidates[query, place]
            if other < 0:
                continue
            total, squares = np.float32(0.0), np.float32(0.0)
            for entry in range(site.indptr[other], site.indptr[other + 1]):
                product = spread[site.indices[entry]] * site.data[entry]
                total += product
                squares += product * product
            if total > 0:
                found[query, place] = max(np.float32(0.0), np.float32(1.0) - squares / (total * total))
        for entry in range(start, stop):
            spread[queries.indices[entry]] = np.float32(0.0)
