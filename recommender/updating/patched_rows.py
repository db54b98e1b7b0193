"""Sparse rows of pairs of articles, symmetric, of which some are replaced."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.index.kernels.array_layout import read_only
from recommender.index.sparse_rows import SparseRows

__all__ = ["patched_rows"]


def patched_rows(
    old: SparseRows,
    moved: NDArray[np.int32],
    replaced: NDArray[np.bool_],
    pairs: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]],
) -> SparseRows:
    """Return rows in which no entry has a replaced row or column, with other entries.

    Parameters
    ----------
    old : SparseRows
        Columns are rows.
    moved : ndarray of int32, shape (n_before + 1,)
        New row of each former row, ascending but for -1, which leaves a row out.
    replaced : ndarray of bool, shape (n,)
    pairs : tuple of arrays, shape (p,)
        Rows, columns and values of the other entries, none twice.
    """
    rows, columns, values = pairs
    order = np.lexsort((columns, rows))
    starts = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=len(replaced)))])
    former = np.full(len(replaced), -1, dtype=np.int32)
    there = np.flatnonzero(moved[:-1] >= 0).astype(np.int32)
    former[moved[there]] = there
    more = SparseRows(starts.astype(np.int64), columns[order].astype(np.int32), values[order])
    return SparseRows(*_patched(old.read_only(), read_only(moved), former, replaced, more.read_only()))


@njit(nogil=True, cache=True)
def _patched(old, moved, former, replaced, more):  # type: ignore[no-untyped-def]
    n = former.shape[0]
    most = old.indices.shape[0] + more.indices.shape[0]
    indptr = np.zeros(n + 1, dtype=np.int64)
    indices, data = np.empty(most, dtype=np.int32), np.empty(most, dtype=np.float32)
    place = 0
    for row in range(n):
        entry, last = more.indptr[row], more.indptr[row + 1]
        source = former[row]
        if source >= 0 and not replaced[row]:
            for at in range(old.indptr[source], old.indptr[source + 1]):
                column = moved[old.indices[at]]
                if column < 0 or replaced[column]:
                    continue
                while entry < last and more.indices[entry] < column:
                    indices[place], data[place] = more.indices[entry], more.data[entry]
                    entry, place = entry + 1, place + 1
                indices[place], data[place] = column, old.data[at]
                place += 1
        while entry < last:
            indices[place], data[place] = more.indices[entry], more.data[entry]
            entry, place = entry + 1, place + 1
        indptr[row + 1] = place
    return indptr, indices[:place].copy(), data[:place].copy()
