"""An inverted index that lies in the artifact: each term's strongest articles, to find those nearest to one text.

What `PostingsIndex` makes to ask for all articles at once ("champions", Brown 1995), with values in a byte each: they only
choose who is scored, and scores are of the whole vectors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.encoders.vocabulary import read_only
from recommender.ranking.sparse_rows import SparseRow

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

__all__ = ["Champions"]

_ASKED = 128  # strongest terms that a text asks with


class Champions(NamedTuple):
    """The strongest articles of each term: up to 500, all where there are no more.

    Attributes
    ----------
    starts : ndarray of int64, shape (n_terms + 1,)
        Where each term's articles start.
    rows : ndarray of int32, shape (n_postings,)
    levels : ndarray of uint8, shape (n_postings,)
        ``255 * sqrt(value)``, rounded up.
    """

    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    levels: NDArray[np.uint8]

    @classmethod
    def of(cls, sparse: csr_matrix, n_jobs: int | None = None) -> Self:
        """Return those of float32 rows of values from 0 to 1."""
        from recommender.index.postings import PostingsIndex

        starts, rows, values = PostingsIndex(n_jobs=n_jobs).fit(sparse).postings_
        return cls(starts, rows, np.ceil(255 * np.sqrt(np.minimum(values, 1))).astype(np.uint8))

    def nearest(self, query: SparseRow, n: int, n_rows: int) -> NDArray[np.int32]:
        """Return up to `n` rows of `n_rows` that have most of the strongest 128 terms of `query`, in no order.

        Costs at most ``128 * 500`` additions, however large the site.
        """
        strongest = np.argsort(-query.values, kind="stable")[:_ASKED]
        terms, weights = query.columns[strongest], query.values[strongest]
        postings = (read_only(self.starts), read_only(self.rows), read_only(self.levels))
        rows, sums = _summed(*postings, terms, weights, n_rows)
        return np.asarray(rows if len(rows) <= n else rows[np.argpartition(-sums, n - 1)[:n]])


@njit(nogil=True, cache=True)
def _summed(starts, rows, levels, terms, weights, n_rows):  # type: ignore[no-untyped-def]
    """Return the rows that have one of the terms, and the sums of their weighted values, times 255 squared."""
    sums = np.zeros(n_rows, dtype=np.float32)
    touched = np.empty(n_rows, dtype=np.int32)
    n_touched = 0
    for place in range(terms.shape[0]):
        weight = weights[place]
        for posting in range(starts[terms[place]], starts[terms[place] + 1]):
            row, level = rows[posting], np.float32(levels[posting])
            if sums[row] == 0.0:
                touched[n_touched] = row
                n_touched += 1
            sums[row] += weight * level * level
    found = touched[:n_touched].copy()
    return found, sums[found]
