"""At most so many of one section, series or author in a list, while there are others to choose from."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.assembly.fields import Field

__all__ = ["capped"]


def capped(rows: NDArray[np.int32], k: int, field: Field, most: int) -> NDArray[np.int32]:
    """Return the places of candidates, those that exceed a cap behind the others.

    Parameters
    ----------
    rows : ndarray of int32, shape (m, c)
        Candidates of each list in the order in which they are taken, -1 for none.
    k : int
        Entries of a list: the cap holds for these. Where all others are used up the list is filled with what exceeds it.
    field : Field
        An article with several values counts for each; one without for none.
    most : int
        1 or more.

    Returns
    -------
    ndarray of int32, shape (m, c)
    """
    order = np.tile(np.arange(rows.shape[1], dtype=np.int32), (len(rows), 1))
    if rows.size:
        counts = np.zeros(max(len(field.codes), 1), dtype=np.int32)
        _defer(rows, k, field.indptr, field.values, most, counts, order)
    return order


@njit(nogil=True, cache=True)
def _defer(rows, k, indptr, values, most, counts, order):  # type: ignore[no-untyped-def]
    deferred = np.empty(rows.shape[1], dtype=np.int32)
    for i in range(rows.shape[0]):
        n_taken, n_deferred = 0, 0
        place = 0
        while place < rows.shape[1] and rows[i, place] >= 0 and n_taken < k:
            start, stop = indptr[rows[i, place]], indptr[rows[i, place] + 1]
            fits = True
            for entry in range(start, stop):
                fits &= counts[values[entry]] < most
            if fits:
                for entry in range(start, stop):
                    counts[values[entry]] += 1
                order[i, n_taken] = place
                n_taken += 1
            else:
                deferred[n_deferred] = place
                n_deferred += 1
            place += 1
        for taken in range(n_taken):
            row = rows[i, order[i, taken]]
            for entry in range(indptr[row], indptr[row + 1]):
                counts[values[entry]] = 0
        order[i, n_taken : n_taken + n_deferred] = deferred[:n_deferred]
