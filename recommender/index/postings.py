"""An inverted index of sparse rows that finds rows sharing strong terms with a query.

A term lists the rows in which its value reaches the term's threshold. Thresholds are fitted once (`fit_thresholds`), so a
row is listed because of its own value and not because of the rows beside it. The index chooses which rows are
scored on their whole vectors, so values are kept in one byte.
"""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from recommender.index.kernels.array_layout import read_only
from recommender.index.sparse_rows import SparseRow, SparseRows

__all__ = ["N_POSTINGS", "N_QUERY_TERMS", "Postings", "fit_thresholds"]

N_POSTINGS = 500
"""Rows that a term lists when its threshold is fitted. Ties may add as many again."""

N_QUERY_TERMS = 64
"""Strongest terms of a row that are looked up."""

_BLOCK = 256  # queries answered at a time by one thread


def fit_thresholds(matrix: SparseRows, n_columns: int, n_postings: int = N_POSTINGS) -> NDArray[np.float32]:
    """Return for each term the value from which on it lists a row.

    Parameters
    ----------
    matrix : SparseRows
        Values are 0 or more.
    n_columns : int
    n_postings : int

    Returns
    -------
    ndarray of float32, shape (n_columns,)
        The value of the term's strongest row number `n_postings`; 0 for a term with fewer rows. If ties
        would list more than twice as many, the next larger float, which leaves the ties out.

    Notes
    -----
    Depends on the values of a term alone, not on the order of the rows.
    """
    from recommender.index.kernels.postings_kernels import thresholds

    columns = matrix.to_csr(n_columns).tocsc()
    return np.asarray(thresholds(columns.indptr, columns.data, n_postings))


class Postings(NamedTuple):
    """The rows that each term lists.

    Attributes
    ----------
    starts : ndarray of int64, shape (n_columns + 1,)
    rows : ndarray of int32, shape (n_postings,)
        Ascending within a term.
    levels : ndarray of uint8, shape (n_postings,)
        ``255 * sqrt(value)``, rounded up.

    Examples
    --------
    >>> matrix = SparseRows(np.array([0, 1, 3, 4]), np.array([0, 0, 1, 1], np.int32), np.array([1, .6, .8, 1], np.float32))
    >>> postings = Postings.of(matrix, 2, fit_thresholds(matrix, 2))
    >>> postings.nearest_of_all(matrix, 1).tolist()
    [[1], [2], [1]]
    """

    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    levels: NDArray[np.uint8]

    @classmethod
    def of(cls, matrix: SparseRows, n_columns: int, thresholds: NDArray[np.float32]) -> Self:
        """Return the index of float32 rows with values from 0 to 1."""
        from recommender.index.kernels.postings_kernels import list_rows

        columns = matrix.to_csr(n_columns).tocsc()
        columns.sort_indices()
        return cls(*list_rows(columns.indptr, columns.indices, columns.data, read_only(thresholds)))

    def nearest(
        self, query: SparseRow, n: int, n_rows: int, n_terms: int = N_QUERY_TERMS
    ) -> NDArray[np.int32]:
        """Return up to `n` rows with the largest product over the strongest `n_terms` terms of a query, best first.

        `n_rows` is the number of indexed rows. Ties go by row.
        """
        one = SparseRows(np.array([0, len(query.columns)]), query.columns, query.values)
        found = self._answered(one, np.array([-1], dtype=np.int32), n, n_rows, n_terms)[0]
        return np.asarray(found[found >= 0])

    def nearest_of_all(self, matrix: SparseRows, n: int, *, n_jobs: int | None = None) -> NDArray[np.int32]:
        """Return for each indexed row its nearest others, int32 of shape (n_rows, n), padded with -1.

        Takes up to ``64 * 500`` additions a row, in practice a tenth of that. The result does not depend on `n_jobs`.
        """
        from joblib import Parallel, delayed, effective_n_jobs

        n_rows = matrix.n_rows
        found = np.full((n_rows, min(n, max(n_rows - 1, 0))), -1, dtype=np.int32)
        blocks = iter(range(0, n_rows if found.size else 0, _BLOCK))

        def fill() -> None:
            for start in blocks:
                rows = np.arange(start, min(start + _BLOCK, n_rows), dtype=np.int32)
                found[rows] = self._answered(matrix.take(rows), rows, found.shape[1], n_rows, N_QUERY_TERMS)

        Parallel(n_jobs=n_jobs, prefer="threads")(delayed(fill)() for _ in range(effective_n_jobs(n_jobs)))
        return found

    def _answered(
        self, queries: SparseRows, own: NDArray[np.int32], n: int, n_rows: int, n_terms: int
    ) -> NDArray[np.int32]:
        from recommender.index.kernels.postings_kernels import answer

        index = Postings(*(read_only(part) for part in self))
        found = np.full((queries.n_rows, n), -1, dtype=np.int32)
        answer(index, queries.read_only(), own, n_terms, np.zeros(n_rows, dtype=np.float32), found)
        return found
