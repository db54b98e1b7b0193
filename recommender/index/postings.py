"""Neighbours of sparse vectors by an inverted index: only articles that share a strong term are ever looked at.

Each term keeps its strongest articles ("champions", Brown 1995), and an article asks with its strongest terms
only, so the cost grows with the number of articles and not with its square. What it finds is then scored on
the whole vectors elsewhere.
"""

from __future__ import annotations

from typing import Self

import numpy as np
from joblib import Parallel, delayed, effective_n_jobs
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator
from sklearn.exceptions import NotFittedError

from recommender.index.kernels.similarity_keys import packed, select, unpacked

__all__ = ["PostingsIndex"]

_ROWS = 256  # articles asked for at a time by one thread


class PostingsIndex(BaseEstimator):  # type: ignore[misc]
    """Approximate neighbours by the inner product of sparse rows without negative entries.

    Parameters
    ----------
    n_neighbors : int, default 10
        Neighbours given where a call does not say.
    n_terms : int, default 64
        Strongest terms that an article asks with; with all of them and all postings the answer is exact.
    n_postings : int, default 500
        Strongest articles kept for a term.
    n_jobs : int or None, default None
        Threads; None honours ``joblib.parallel_config``. The result does not depend on it.

    Examples
    --------
    >>> rows = csr_matrix(np.array([[1, 0], [0.6, 0.8], [0, 1]], dtype=np.float32))
    >>> PostingsIndex().fit(rows).kneighbors(n_neighbors=1)[1].tolist()
    [[1], [2], [1]]
    """

    def __init__(
        self, n_neighbors: int = 10, n_terms: int = 64, n_postings: int = 500, n_jobs: int | None = None
    ) -> None:
        self.n_neighbors = n_neighbors
        self.n_terms = n_terms
        self.n_postings = n_postings
        self.n_jobs = n_jobs

    def fit(self, X: csr_matrix, y: None = None) -> Self:
        """Invert float32 rows of shape (n_articles, n_terms)."""
        if self.n_terms < 1 or self.n_postings < 1:
            raise ValueError(f"wanted 1 or more terms and postings, got {self.n_terms} and {self.n_postings}")
        self.rows_ = X
        columns = X.tocsc()
        self.postings_ = _champions(columns.indptr, columns.indices, columns.data, self.n_postings)
        return self

    def kneighbors(
        self, X: None = None, n_neighbors: int | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
        """Return distances and rows of the nearest of every fitted row, itself left out, nearest first, ties by row.

        Parameters
        ----------
        X : None
            Only the fitted rows can ask.
        n_neighbors : int or None
            1 or more; above what exists gives fewer.

        Returns
        -------
        distances : ndarray of float32, shape (n_articles, k)
            ``1 - product`` over the terms asked with; infinite where no more articles share one.
        rows : ndarray of int32, shape (n_articles, k)
            -1 where no more articles share a term.

        Notes
        -----
        Costs up to ``n_terms * n_postings`` additions a row, in practice a tenth of it.
        """
        if not hasattr(self, "rows_"):
            raise NotFittedError("this PostingsIndex is not fitted; call fit with the sparse vectors first")
        k = self.n_neighbors if n_neighbors is None else n_neighbors
        if k < 1:
            raise ValueError(f"n_neighbors must be 1 or more, got {k}")
        n = self.rows_.shape[0]
        similarities = np.full((n, min(k, max(n - 1, 0))), -np.inf, dtype=np.float32)
        rows = np.full(similarities.shape, -1, dtype=np.int32)
        starts = iter(range(0, n if rows.size else 0, _ROWS))
        terms, articles, values = self.postings_

        def ask() -> None:
            sums = np.zeros(n, dtype=np.float32)
            touched = np.empty(n, dtype=np.int32)
            for start in starts:
                _ask(
                    self.rows_.indptr, self.rows_.indices, self.rows_.data, terms, articles, values, self.n_terms,
                    start, min(start + _ROWS, n), sums, touched, similarities.view(np.uint32), rows,
                )  # fmt: skip

        Parallel(n_jobs=self.n_jobs, prefer="threads")(
            delayed(ask)() for _ in range(effective_n_jobs(self.n_jobs))
        )
        return 1.0 - similarities, rows


@njit(nogil=True, cache=True)
def _champions(indptr, indices, data, n_postings):  # type: ignore[no-untyped-def]
    """Return for each term where its postings start, and their articles and values: the strongest, ties by row."""
    starts = np.zeros(indptr.shape[0], dtype=np.int64)
    for term in range(indptr.shape[0] - 1):
        starts[term + 1] = starts[term] + min(indptr[term + 1] - indptr[term], n_postings)
    articles = np.empty(starts[-1], dtype=np.int32)
    values = np.empty(starts[-1], dtype=np.float32)
    for term in range(indptr.shape[0] - 1):
        a, b = indptr[term], indptr[term + 1]
        kept = slice(starts[term], starts[term + 1])
        if b - a <= n_postings:
            articles[kept], values[kept] = indices[a:b], data[a:b]
        else:
            order = np.argsort(-data[a:b], kind="mergesort")[:n_postings]
            articles[kept], values[kept] = indices[a:b][order], data[a:b][order]
    return starts, articles, values


@njit(nogil=True, cache=True)
def _ask(  # type: ignore[no-untyped-def]
    indptr, indices, data, starts, articles, values, n_terms, start, stop, sums, touched, bits, rows
):
    bit = np.empty(1, dtype=np.uint32)
    for row in range(start, stop):
        terms, weights = indices[indptr[row] : indptr[row + 1]], data[indptr[row] : indptr[row + 1]]
        order = np.argsort(-weights, kind="mergesort")[:n_terms]
        n_touched = 0
        for entry in order:
            term, weight = terms[entry], weights[entry]
            for place in range(starts[term], starts[term + 1]):
                article = articles[place]
                if sums[article] == 0.0:
                    touched[n_touched] = article
                    n_touched += 1
                sums[article] += weight * values[place]
        keys = np.empty(n_touched, dtype=np.uint64)
        n_keys = 0
        for place in range(n_touched):
            article = touched[place]
            if article != row:
                bit.view(np.float32)[0] = sums[article]
                keys[n_keys] = packed(bit[0], article)
                n_keys += 1
            sums[article] = 0.0
        select(keys[:n_keys], rows.shape[1])
        n_kept = min(n_keys, rows.shape[1])
        unpacked(np.sort(keys[:n_kept])[::-1], bits[row], rows[row])
