"""Sparse vectors read a row at a time, straight from the artifact's arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

__all__ = ["SparseRow", "SparseRows"]

_ENTRIES = 2**22  # multiplied at a time, which bounds the memory to some 50 MB


class SparseRow(NamedTuple):
    """A row of the sparse vectors: columns int32 and values float32, shape (n_entries,) each."""

    columns: NDArray[np.int32]
    values: NDArray[np.float32]

    def at(self, columns: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
        """Return the values in some columns, 0 where there is none; the row's own must ascend."""
        if not len(self.columns):
            return np.zeros(len(columns), dtype=np.float32)
        place = np.minimum(np.searchsorted(self.columns, columns), len(self.columns) - 1)
        return np.where(self.columns[place] == columns, self.values[place], np.float32(0))


class SparseRows(NamedTuple):
    """The sparse vectors of all articles as the three arrays of a CSR matrix, read a row at a time."""

    indptr: NDArray[np.int64]
    indices: NDArray[np.int32]
    data: NDArray[np.float32]

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]], name: str) -> Self:
        """Return those whose arrays have names that begin with `name`."""
        return cls(*(arrays[f"{name}_{part}"] for part in ("indptr", "indices", "data")))

    def row(self, row: int) -> SparseRow:
        """Return one row."""
        part = slice(int(self.indptr[row]), int(self.indptr[row + 1]))
        return SparseRow(self.indices[part], self.data[part])

    def all_products(self, query: SparseRow, n_terms: int) -> NDArray[np.float32]:
        """Return the inner product of every row with `query`, float32, shape (n_articles,); reads all entries."""
        spread = np.zeros(n_terms, dtype=np.float32)
        spread[query.columns] = query.values
        sums = np.zeros(len(self.indptr) - 1, dtype=np.float32)
        cuts = np.searchsorted(self.indptr, np.arange(0, max(int(self.indptr[-1]), 1), _ENTRIES))
        for first, last in zip(cuts, [*cuts[1:], len(sums)], strict=True):
            start, stop = int(self.indptr[first]), int(self.indptr[last])
            # a zero at the end, so that empty last rows have a place to start from
            entries = np.append(spread[self.indices[start:stop]] * self.data[start:stop], np.float32(0))
            starts = np.asarray(self.indptr[first:last]) - start
            filled = np.diff(self.indptr[first : last + 1]) > 0
            sums[first:last] = np.where(filled, np.add.reduceat(entries, starts), 0) if last > first else 0
        return sums

    def products(self, query: SparseRow, rows: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
        """Return the inner products of some rows with `query`, float32, shape (n_rows,)."""
        return self._sums(query, rows, power=1)

    def squares_held(self, query: SparseRow, rows: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
        """Return the sum of the squares of the values in the columns of `query`, for some rows."""
        return self._sums(SparseRow(query.columns, np.ones(len(query.columns), np.float32)), rows, power=2)

    def sums_where(self, query: SparseRow, rows: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
        """Return the sum of the values of `query` in the columns that a row has, for some rows."""
        return self._sums(query, rows, power=0)

    def _sums(self, query: SparseRow, rows: NDArray[np.integer[Any]], power: int) -> NDArray[np.float32]:
        from recommender.ranking.row_sums import row_sums  # compiled: not for those who only look lists up

        return row_sums(query, self, np.asarray(rows, dtype=np.int32), power)
