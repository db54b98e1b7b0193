"""Sparse vectors as the three arrays of a CSR matrix, read a row at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from recommender.index.kernels.array_layout import read_only
from recommender.index.kernels.large_arrays import ROWS_AT_A_TIME, large_array

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

__all__ = ["SparseRow", "SparseRows", "is_run"]


class SparseRow(NamedTuple):
    """One sparse vector: columns int32 and values float32, shape (n_entries,) each. Columns ascend."""

    columns: NDArray[np.int32]
    values: NDArray[np.float32]

    def at(self, columns: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
        """Return the values in the given columns. Columns without an entry give 0."""
        if not len(self.columns):
            return np.zeros(len(columns), dtype=np.float32)
        place = np.minimum(np.searchsorted(self.columns, columns), len(self.columns) - 1)
        return np.where(self.columns[place] == columns, self.values[place], np.float32(0))


class SparseRows(NamedTuple):
    """Sparse vectors as a CSR matrix without a number of columns.

    Attributes
    ----------
    indptr : ndarray of int64, shape (n + 1,)
    indices : ndarray of int32, shape (n_entries,)
    data : ndarray of float32, shape (n_entries,)
    """

    indptr: NDArray[np.int64]
    indices: NDArray[np.int32]
    data: NDArray[np.float32]

    @classmethod
    def of(cls, matrix: csr_matrix) -> Self:
        """Return the rows of a CSR matrix. Arrays that have the right dtype are shared with it."""
        return cls(
            matrix.indptr.astype(np.int64, copy=False),
            matrix.indices.astype(np.int32, copy=False),
            matrix.data.astype(np.float32, copy=False),
        )

    @classmethod
    def of_rows(cls, rows: list[SparseRow]) -> Self:
        """Return single rows as one matrix."""
        indptr = np.cumsum([0, *(len(row.columns) for row in rows)], dtype=np.int64)
        columns = np.concatenate([np.empty(0, np.int32), *(row.columns for row in rows)])
        return cls(indptr, columns, np.concatenate([np.empty(0, np.float32), *(row.values for row in rows)]))

    @property
    def n_rows(self) -> int:
        """The number of rows."""
        return len(self.indptr) - 1

    @property
    def lengths(self) -> NDArray[np.int64]:
        """The number of entries of each row, shape (n,)."""
        return np.asarray(self.indptr[1:] - self.indptr[:-1])

    def row(self, row: int) -> SparseRow:
        """Return one row."""
        part = slice(int(self.indptr[row]), int(self.indptr[row + 1]))
        return SparseRow(self.indices[part], self.data[part])

    def take(self, rows: NDArray[np.integer[Any]]) -> Self:
        """Return the given rows in their order. Consecutive rows share the arrays, others are copied."""
        if is_run(rows):
            return type(self)(self.indptr[int(rows[0]) : int(rows[-1]) + 2], self.indices, self.data)
        starts, lengths = self.indptr[rows], self.indptr[rows + 1] - self.indptr[rows]
        indptr = np.zeros(len(lengths) + 1, dtype=np.int64)
        np.cumsum(lengths, out=indptr[1:])
        if len(rows) <= ROWS_AT_A_TIME:
            entries = _entries(starts, lengths)
            return type(self)(indptr, self.indices[entries], self.data[entries])
        indices = large_array((int(indptr[-1]),), self.indices.dtype)
        data = large_array((int(indptr[-1]),), self.data.dtype)
        for start in range(0, len(rows), ROWS_AT_A_TIME):
            some = slice(start, start + ROWS_AT_A_TIME)
            entries = _entries(starts[some], lengths[some])
            here = slice(int(indptr[start]), int(indptr[start]) + len(entries))
            indices[here], data[here] = self.indices[entries], self.data[entries]
        return type(self)(indptr, indices, data)

    def compact(self) -> Self:
        """Return the same rows with arrays that hold nothing else."""
        start, stop = int(self.indptr[0]), int(self.indptr[-1])
        return type(self)(self.indptr - start, self.indices[start:stop], self.data[start:stop])

    def read_only(self) -> Self:
        """Return the same rows with read-only arrays."""
        return type(self)(read_only(self.indptr), read_only(self.indices), read_only(self.data))

    def to_csr(self, n_columns: int) -> csr_matrix:
        """Return a CSR matrix that shares the arrays."""
        from scipy.sparse import csr_matrix

        rows = self.compact()  # rows that `take` shares begin further on
        parts = rows.data, rows.indices, rows.indptr
        return csr_matrix(parts, shape=(self.n_rows, n_columns), copy=False)

    def squares_held(self, query: SparseRow, rows: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
        """Return the sum of the squares of the values in the columns of `query`, for the given rows."""
        return self._sums(SparseRow(query.columns, np.ones(len(query.columns), np.float32)), rows, power=2)

    def sums_where(self, query: SparseRow, rows: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
        """Return the sum of the values of `query` in the columns of each given row."""
        return self._sums(query, rows, power=0)

    def _sums(self, query: SparseRow, rows: NDArray[np.integer[Any]], power: int) -> NDArray[np.float32]:
        from recommender.index.kernels.row_sums import row_sums  # look-ups of stored lists need no numba

        query = SparseRow(*(read_only(part) for part in query))
        return np.asarray(row_sums(query, self.read_only(), np.asarray(rows, dtype=np.int32), power))


def _entries(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the places of the entries of rows that begin at some places."""
    entries = np.repeat(starts - (np.cumsum(lengths) - lengths), lengths)
    entries += np.arange(len(entries))
    return entries


def is_run(rows: NDArray[np.integer[Any]]) -> bool:
    """Return whether there are rows, and each is the one after the row before."""
    if not len(rows) or int(rows[-1]) - int(rows[0]) != len(rows) - 1:
        return False
    return len(rows) == 1 or bool((rows[1:] - rows[:-1] == 1).all())
