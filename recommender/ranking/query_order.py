"""The order in which the articles of a large site are ranked: each after one whose candidates are nearly the same.

The vectors of a large site are larger than the caches of a processor. In the order of the ids, nearly every candidate is
read from memory, which takes several times as long as scoring it.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.index.kernels.array_layout import read_only

__all__ = ["along_candidates"]


def along_candidates(candidates: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return each row once, and where possible after a row that has it among its candidates.

    Parameters
    ----------
    candidates : ndarray of int32, shape (n, c)
        Rows, those that are nearest first, padded with -1.
    """
    return np.asarray(_along(read_only(candidates)))


@njit(nogil=True, cache=True)
def _along(candidates):  # type: ignore[no-untyped-def]
    n = candidates.shape[0]
    order, ranked = np.empty(n, dtype=np.int32), np.zeros(n, dtype=np.bool_)
    n_ranked = 0
    for start in range(n):
        row = start
        while row >= 0 and not ranked[row]:
            ranked[row] = True
            order[n_ranked] = row
            n_ranked += 1
            after = -1
            for other in candidates[row]:
                if other >= 0 and not ranked[other]:
                    after = other
                    break
            row = after
    return order
