"""One article or draft against the whole site: what `rank_all` does for all, on memory-mapped arrays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.ranking.weights import Weights

__all__ = ["SparseRow", "SparseRows", "rank_one"]


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


def rank_one(
    query: SparseRow,
    query_dense: NDArray[np.float32],
    sparse: SparseRows,
    dense: NDArray[np.float32],
    id_order: NDArray[np.int32],
    k: int,
    weights: Weights,
    n_candidates: int,
    *,
    n_terms: int,
    leave_out: int = -1,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return rows and scores of the k best articles, best first; fewer where fewer are related.

    Reads all dense vectors once (``2 n d`` operations) and the sparse rows of the candidates.
    """
    cosines = np.asarray(dense @ query_dense)
    n_candidates = min(max(n_candidates, 4 * k) + 1, len(dense))
    candidates = (
        np.argpartition(-cosines, n_candidates - 1)[:n_candidates] if len(dense) else np.empty(0, int)
    )
    candidates = candidates[candidates != leave_out]
    spread = np.zeros(n_terms, dtype=np.float32)
    spread[query.columns] = query.values
    rows = (sparse.row(int(row)) for row in candidates)
    shared = np.array([spread[row.columns] @ row.values for row in rows], dtype=np.float64)
    scores = weights.lexical * shared + weights.dense * cosines[candidates]
    kept = (shared > 0) & (scores >= weights.min_score)
    candidates, scores = candidates[kept], scores[kept]
    order = np.lexsort((id_order[candidates], -scores))[:k]
    return candidates[order], scores[order]
