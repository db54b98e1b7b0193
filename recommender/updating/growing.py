"""Arrays whose rows are appended in place, with room for more.

An array that was returned never changes: rows are written behind it alone.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from recommender.collection.string_column import StringColumn
from recommender.index.sparse_rows import SparseRows

__all__ = ["Growing", "GrowingRows", "GrowingTexts"]

_ROOM = 0.25  # of what is there

Number = TypeVar("Number", bound=np.generic)


class Growing(Generic[Number]):
    """One array. It is copied when the first rows come, and whenever its room is used up."""

    def __init__(self, array: NDArray[Number]) -> None:
        self._buffer = array

    def grown(self, n: int, more: NDArray[Any]) -> NDArray[Number]:
        """Return the first n rows with more rows behind them."""
        stop = n + len(more)
        if stop > len(self._buffer):
            shape = (stop + int(_ROOM * stop), *self._buffer.shape[1:])
            buffer = np.empty(shape, dtype=self._buffer.dtype)
            buffer[:n] = self._buffer[:n]
            self._buffer = buffer
        if len(more):
            self._buffer[n:stop] = more
        return self._buffer[:stop]


class GrowingRows:
    """The three arrays of sparse rows."""

    def __init__(self, rows: SparseRows) -> None:
        self._parts = Growing(rows.indptr), Growing(rows.indices), Growing(rows.data)

    def grown(self, old: SparseRows, new: SparseRows) -> SparseRows:
        """Return the rows of before with more rows behind them."""
        n, new = int(old.indptr[-1]), new.compact()
        indptr, indices, data = self._parts
        return SparseRows(
            indptr.grown(len(old.indptr), n + new.indptr[1:]),
            indices.grown(n, new.indices),
            data.grown(n, new.data),
        )


class GrowingTexts:
    """The two arrays of a column of texts."""

    def __init__(self, column: StringColumn) -> None:
        self._spelling, self._offsets = Growing(column.spelling), Growing(column.offsets)

    def grown(self, old: StringColumn, new: StringColumn) -> StringColumn:
        """Return the texts of before with more texts behind them."""
        n = int(old.offsets[-1])
        return StringColumn(
            self._spelling.grown(n, new.spelling), self._offsets.grown(len(old.offsets), n + new.offsets[1:])
        )
