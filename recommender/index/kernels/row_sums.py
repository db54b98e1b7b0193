"""One sparse vector against some rows of many: a small hash table of its columns, and one pass over the rows' entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.index.kernels.array_layout import read_only

if TYPE_CHECKING:
    from recommender.index.sparse_rows import SparseRow, SparseRows

__all__ = ["row_sums"]

_MIX = np.uint64(0x9E3779B97F4A7C15)  # multiplicative hashing (Knuth)
_SKETCH = 2**15  # bytes that rule out most terms that are not in the text


def row_sums(
    query: SparseRow, matrix: SparseRows, rows: NDArray[np.int32], power: int
) -> NDArray[np.float32]:
    """Return for each of some rows the sum of ``weight * value ** power`` over its entries in the columns of `query`.

    Parameters
    ----------
    query : SparseRow
        Distinct columns and their weights.
    matrix : SparseRows
    rows : ndarray of int32, shape (r,)
    power : {0, 2}

    Returns
    -------
    ndarray of float32, shape (r,)

    Notes
    -----
    Takes about a nanosecond an entry of the rows.
    """
    columns, weights = (read_only(part) for part in query)
    return np.asarray(_row_sums(columns, weights, matrix.read_only(), rows, power))


@njit(nogil=True, cache=True, inline="always")
def _mixed(column):  # type: ignore[no-untyped-def]
    return (np.uint64(column) * _MIX) >> np.uint64(40)


@njit(nogil=True, cache=True)
def _row_sums(columns, weights, matrix, rows, power):  # type: ignore[no-untyped-def]
    indptr, indices, data = matrix
    n_slots = 16
    while n_slots < 4 * columns.shape[0]:
        n_slots *= 2
    mask = np.uint64(n_slots - 1)
    keys = np.full(n_slots, -1, dtype=np.int32)
    held = np.empty(n_slots, dtype=np.float32)
    sketch, last = np.zeros(_SKETCH, dtype=np.uint8), np.uint32(_SKETCH - 1)
    for entry in range(columns.shape[0]):
        slot = _mixed(columns[entry]) & mask
        while keys[slot] >= 0:
            slot = (slot + np.uint64(1)) & mask
        keys[slot], held[slot] = columns[entry], weights[entry]
        sketch[np.uint32(columns[entry]) & last] = 1
    sums = np.zeros(rows.shape[0], dtype=np.float32)
    longest = 0
    for place in range(rows.shape[0]):
        longest = max(longest, indptr[rows[place] + 1] - indptr[rows[place]])
    hits = np.empty(longest + 1, dtype=np.uint32)
    for place in range(rows.shape[0]):
        terms = indices[indptr[rows[place]] : indptr[rows[place] + 1]]
        values = data[indptr[rows[place]] : indptr[rows[place] + 1]]
        n_hits = np.uint64(0)
        for entry in range(np.uint64(terms.shape[0])):  # without a branch: a miss is overwritten
            hits[n_hits] = np.uint32(entry)
            n_hits += np.uint64(sketch[np.uint32(terms[entry]) & last])
        total = np.float32(0.0)
        for hit in range(n_hits):
            column, value = terms[hits[hit]], values[hits[hit]]
            slot = _mixed(column) & mask
            while keys[slot] >= 0 and keys[slot] != column:
                slot = (slot + np.uint64(1)) & mask
            if keys[slot] >= 0:
                total += held[slot] * (value * value if power == 2 else np.float32(1.0))
        sums[place] = total
    return sums
