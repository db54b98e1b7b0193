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
    more = rows[order].astype(np.int32), columns[order].astype(np.int32), values[order]
    old, moved = old.read_only(), read_only(moved)
    if _stay(moved, len(replaced)):
        return SparseRows(*_spliced(old, moved, replaced, more))
    return SparseRows(*_patched(old, moved, replaced, more))


def _stay(moved: NDArray[np.int32], n: int) -> bool:
    """Return whether all rows stay where they are, also as holes: the last may be gone from `n` rows after all."""
    rows = moved[:-1]
    return n >= len(rows) and bool(((rows == np.arange(len(rows), dtype=np.int32)) | (rows < 0)).all())


@njit(nogil=True, cache=True)
def _spliced(old, moved, replaced, more):  # type: ignore[no-untyped-def]
    """Return what `_patched` does where rows stay: most of them are copied in stretches."""
    rows, columns, values = more
    n_before, n = moved.shape[0] - 1, replaced.shape[0]
    touched = np.zeros(n, dtype=np.bool_)  # rows that lose or get an entry, as rows are symmetric
    touched[n_before:] = True
    for row in range(n_before):
        if moved[row] < 0 or replaced[row]:
            touched[row] = True
            touched[old.indices[old.indptr[row] : old.indptr[row + 1]]] = True
    touched[rows] = True
    most = old.indices.shape[0] + rows.shape[0]
    indptr = np.zeros(n + 1, dtype=np.int64)
    indices, data = np.empty(most, dtype=np.int32), np.empty(most, dtype=np.float32)
    place, entry, start = 0, 0, 0
    for row in range(n + 1):
        if row < n and not touched[row]:
            continue
        first, last = old.indptr[min(start, n_before)], old.indptr[min(row, n_before)]
        indptr[start + 1 : row + 1] = old.indptr[start + 1 : row + 1] - first + place
        indices[place : place + last - first] = old.indices[first:last]
        data[place : place + last - first] = old.data[first:last]
        place, start = place + last - first, row + 1
        if row == n:
            break
        first, last = (old.indptr[row], old.indptr[row + 1]) if row < n_before else (0, 0)
        stays = row < n_before and moved[row] >= 0 and not replaced[row]
        for at in range(first, last if stays else first):
            column = old.indices[at]
            if moved[column] < 0 or replaced[column]:
                continue
            while entry < rows.shape[0] and rows[entry] == row and columns[entry] < column:
                indices[place], data[place] = columns[entry], values[entry]
                entry, place = entry + 1, place + 1
            indices[place], data[place] = column, old.data[at]
            place += 1
        while entry < rows.shape[0] and rows[entry] == row:
            indices[place], data[place] = columns[entry], values[entry]
            entry, place = entry + 1, place + 1
        indptr[row + 1] = place
    return indptr, indices[:place].copy(), data[:place].copy()


@njit(nogil=True, cache=True)
def _patched(old, moved, replaced, more):  # type: ignore[no-untyped-def]
    n = replaced.shape[0]
    rows, columns, values = more
    former = np.full(n, -1, dtype=np.int32)
    for row in range(moved.shape[0] - 1):
        if moved[row] >= 0:
            former[moved[row]] = row
    most = old.indices.shape[0] + rows.shape[0]
    indptr = np.zeros(n + 1, dtype=np.int64)
    indices, data = np.empty(most, dtype=np.int32), np.empty(most, dtype=np.float32)
    place, entry, last = 0, 0, 0
    for row in range(n):
        while last < rows.shape[0] and rows[last] == row:
            last += 1
        source = former[row]
        if source >= 0 and not replaced[row]:
            for at in range(old.indptr[source], old.indptr[source + 1]):
                column = moved[old.indices[at]]
                if column < 0 or replaced[column]:
                    continue
                while entry < last and columns[entry] < column:
                    indices[place], data[place] = columns[entry], values[entry]
                    entry, place = entry + 1, place + 1
                indices[place], data[place] = column, old.data[at]
                place += 1
        while entry < last:
            indices[place], data[place] = columns[entry], values[entry]
            entry, place = entry + 1, place + 1
        indptr[row + 1] = place
    return indptr, indices[:place].copy(), data[:place].copy()
