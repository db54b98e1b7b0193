"""The vocabulary of a site: document frequency, column and spelling of each term."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.encoders.spelling import term_at

__all__ = ["Vocabulary", "columns_of", "read_only"]


class Vocabulary:
    """Terms and their columns; the most frequent term is column 0.

    Parameters
    ----------
    hashes : ndarray of uint64, shape (n_terms,)
    document_frequencies : ndarray of int32, shape (n_terms,)
        Number of articles that contain each term, 2 or more.
    spelling : ndarray of uint8
        Terms in UTF-8, concatenated.
    offsets : ndarray of int64, shape (n_terms + 1,)
        Start of each term in `spelling`.
    n_articles : int
        Number of articles counted.
    table : ndarray of int32, shape (n_slots,), or None
        The property `table`; None builds it at first use.
    """

    def __init__(
        self,
        hashes: NDArray[np.uint64],
        document_frequencies: NDArray[np.int32],
        spelling: NDArray[np.uint8],
        offsets: NDArray[np.int64],
        *,
        n_articles: int,
        table: NDArray[np.int32] | None = None,
    ) -> None:
        self.hashes = hashes
        self.document_frequencies = document_frequencies
        self.spelling = spelling
        self.offsets = offsets
        self.n_articles = n_articles
        self._table = table

    def __len__(self) -> int:
        return int(self.hashes.shape[0])

    def term(self, column: int) -> str:
        """Return the term of a column. The words of a pair are separated by a space."""
        return term_at(self.spelling, self.offsets, column)

    @property
    def table(self) -> NDArray[np.int32]:
        """Hash table of the columns, a power of 2 long: open addressing by the low bits, -1 in free slots."""
        if self._table is None:
            n_slots = 64
            while 2 * n_slots < 3 * len(self):
                n_slots *= 2
            self._table = _table_of(read_only(self.hashes), n_slots)
        return self._table

    def columns(self, hashes: NDArray[np.uint64]) -> NDArray[np.int32]:
        """Return the column of each hash, -1 for unknown terms."""
        return columns_of(hashes, self.hashes, self.table)


def columns_of(
    hashes: NDArray[np.uint64], known: NDArray[np.uint64], table: NDArray[np.int32]
) -> NDArray[np.int32]:
    """Return the column of each hash, -1 for unknown terms, from `hashes` and `table` of a `Vocabulary`."""
    return np.asarray(_look_up(hashes, read_only(known), read_only(table)))


def read_only(array: NDArray[Any]) -> NDArray[Any]:
    """Return a read-only view, so that numba compiles one version for it and for arrays of an artifact."""
    view = array.view()
    view.flags.writeable = False
    return view


@njit(nogil=True, cache=True)
def _table_of(hashes, n_slots):  # type: ignore[no-untyped-def]
    table = np.full(n_slots, -1, dtype=np.int32)
    mask = np.uint64(n_slots - 1)
    for column in range(hashes.shape[0]):
        slot = hashes[column] & mask
        while table[slot] >= 0:
            slot = (slot + np.uint64(1)) & mask
        table[slot] = column
    return table


@njit(nogil=True, cache=True)
def _look_up(queries, hashes, table):  # type: ignore[no-untyped-def]
    mask = np.uint64(table.shape[0] - 1)
    columns = np.empty(queries.shape[0], dtype=np.int32)
    for entry in range(queries.shape[0]):
        slot = queries[entry] & mask
        while table[slot] >= 0 and hashes[table[slot]] != queries[entry]:
            slot = (slot + np.uint64(1)) & mask
        columns[entry] = table[slot]
    return columns
