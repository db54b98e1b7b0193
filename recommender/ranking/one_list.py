"""One article or draft against the whole site, on memory-mapped arrays: every article is scored, none guessed at."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.ranking.weights import Weights

__all__ = ["SparseRow", "SparseRows", "rank_one"]

_ENTRIES = 2**22  # multiplied at a time, which bounds the memory to some 50 MB


class SparseRow(NamedTuple):
    """A row of the sparse vectors: columns int32 and values float32, shape (n_entries,) each."""

    columns: NDArray[np.int32]
    values: NDArray[np.float32]


class SparseRows(NamedTuple):
    """The sparse vectors of all articles as the three arrays of a CSR matrix, read a row at a time."""

    indptr: NDArray[np.int64]
    indices: NDArray[np.int32]
    data: NDArray[np.float32]

    def row(self, row: int) -> SparseRow:
        """Return one row."""
        part = slice(int(self.indptr[row]), int(self.indptr[row + 1]))
        return SparseRow(self.indices[part], self.data[part])

    def products(self, query: SparseRow, n_terms: int) -> NDArray[np.float32]:
        """Return the inner product of every row with `query`, float32, shape (n_articles,)."""
        spread = np.zeros(n_terms, dtype=np.float32)
        spread[query.columns] = query.values
        products = np.zeros(len(self.indptr) - 1, dtype=np.float32)
        cuts = np.searchsorted(self.indptr, np.arange(0, max(int(self.indptr[-1]), 1), _ENTRIES))
        for first, last in zip(cuts, [*cuts[1:], len(products)], strict=True):
            start, stop = int(self.indptr[first]), int(self.indptr[last])
            # a zero at the end, so that empty last rows have a place to start from
            entries = np.append(spread[self.indices[start:stop]] * self.data[start:stop], np.float32(0))
            starts = np.asarray(self.indptr[first:last]) - start
            filled = np.diff(self.indptr[first : last + 1]) > 0
            products[first:last] = (
                np.where(filled, np.add.reduceat(entries, starts), 0) if last > first else 0
            )
        return products


def rank_one(
    query: SparseRow,
    query_dense: NDArray[np.float32],
    sparse: SparseRows,
    dense: NDArray[np.float32],
    id_order: NDArray[np.int32],
    k: int,
    weights: Weights,
    *,
    n_terms: int,
    leave_out: int = -1,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return rows and scores of the k best articles, best first; fewer where fewer are related.

    Reads all vectors once, so the cost grows with the site.
    """
    shared = sparse.products(query, n_terms)
    scores = weights.lexical * shared.astype(np.float64) + weights.dense * np.asarray(dense @ query_dense)
    kept = np.flatnonzero((shared > 0) & (scores >= weights.min_score))
    kept = kept[kept != leave_out]
    order = np.lexsort((id_order[kept], -scores[kept]))[:k]
    return kept[order], scores[kept[order]]
