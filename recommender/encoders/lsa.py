"""Latent semantic analysis (Deerwester et al. 1990), fitted on a sample and applied to all rows.

The truncated SVD is scikit-learn's randomised one (Halko et al. 2011). Only the most frequent single words
are used: word pairs improve a projection little and make it much slower.
"""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.exceptions import NotFittedError
from sklearn.utils.extmath import randomized_svd
from threadpoolctl import threadpool_limits

from recommender.index.threads import mapped

__all__ = ["LsaEncoder"]

_ROWS = 2048  # rows that a thread projects at a time


class _Rows(NamedTuple):
    """Arrays of a CSR matrix."""

    indptr: NDArray[np.integer]
    indices: NDArray[np.integer]
    data: NDArray[np.float32]


class LsaEncoder(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Projects sparse vectors to dense unit vectors.

    Parameters
    ----------
    n_components : int, default 256
        Number of dimensions. Fewer on a site with fewer articles or terms.
    max_terms : int, default 65,536
        Number of columns used, from the first. `TfidfEncoder` puts the most frequent terms first.
    max_fit_rows : int, default 20,000
        Number of rows to fit on, spread evenly over the site.
    min_fit_rows : int, default 50
        With fewer rows, all dense vectors are zero: a space fitted on a few articles makes unrelated ones
        similar.
    random_state : int, default 0
        Seed of the randomised SVD.
    n_jobs : int or None, default None
        Threads of `transform`. The result does not depend on it.

    Attributes
    ----------
    components_ : ndarray of float32, shape (n_terms_used, n_components)
        The projection, transposed so that each term's row is contiguous.
    terms_ : ndarray of int32, shape (n_terms_used,)
        Columns of the sparse vectors that are projected.

    Examples
    --------
    >>> from scipy.sparse import eye_array
    >>> LsaEncoder(n_components=2, min_fit_rows=2).fit_transform(csr_matrix(eye_array(4, dtype=np.float32))).shape
    (4, 2)
    """

    def __init__(
        self,
        n_components: int = 256,
        max_terms: int = 65_536,
        max_fit_rows: int = 20_000,
        min_fit_rows: int = 50,
        random_state: int = 0,
        n_jobs: int | None = None,
    ) -> None:
        self.n_components = n_components
        self.max_terms = max_terms
        self.max_fit_rows = max_fit_rows
        self.min_fit_rows = min_fit_rows
        self.random_state = random_state
        self.n_jobs = n_jobs

    def fit(self, X: csr_matrix, y: None = None, *, eligible: NDArray[np.bool_] | None = None) -> Self:
        """Fit the projection. `eligible`, shape (n_terms,), marks the usable columns; default all."""
        if self.n_components < 1 or self.max_terms < 1 or self.max_fit_rows < 1:
            raise ValueError("n_components, max_terms and max_fit_rows must be 1 or more")
        terms = np.arange(X.shape[1]) if eligible is None else np.flatnonzero(eligible)
        self.terms_ = terms[: self.max_terms].astype(np.int32)
        n_rows = min(X.shape[0], self.max_fit_rows)
        rows = np.linspace(0, X.shape[0] - 1, n_rows).astype(np.int64) if n_rows else np.empty(0, np.int64)
        sample = csr_matrix(X[rows][:, self.terms_])
        # one dimension less than rows or terms, because the full space reduces nothing
        n_components = min(self.n_components, sample.shape[0] - 1, sample.shape[1] - 1)
        if n_components < 1 or sample.nnz == 0 or n_rows < self.min_fit_rows:
            self.components_ = np.zeros((self.terms_.shape[0], 1), dtype=np.float32)
            return self
        with threadpool_limits(1):  # fixes the order of sums, so the result does not depend on the cores
            _, _, components = randomized_svd(
                sample, n_components, n_iter=2, n_oversamples=16, random_state=self.random_state
            )
        self.components_ = np.ascontiguousarray(components.T, dtype=np.float32)
        return self

    def transform(self, X: csr_matrix) -> NDArray[np.float32]:
        """Return float32 unit rows, shape (n_rows, n_components). Empty rows stay zero."""
        if not hasattr(self, "components_"):
            raise NotFittedError(
                "this LsaEncoder is not fitted; call fit with the site's sparse vectors first"
            )
        place = np.full(X.shape[1], -1, dtype=np.int32)
        place[self.terms_] = np.arange(self.terms_.shape[0])
        dense = np.empty((X.shape[0], self.components_.shape[1]), dtype=np.float32)
        rows = _Rows(X.indptr, X.indices, X.data)

        def project(start: int) -> None:
            _project(rows, place, self.components_, dense, start, start + _ROWS)

        for _ in mapped(project, range(0, X.shape[0], _ROWS), self.n_jobs):
            pass
        return dense


@njit(nogil=True, cache=True, fastmath=True)
def _project(rows, place, components, dense, start, stop):  # type: ignore[no-untyped-def]
    """Project rows `start` to `stop`, scale them to unit length and write them into `dense`."""
    indptr, indices, data = rows.indptr, rows.indices, rows.data
    n_components = components.shape[1]
    for row in range(start, min(stop, dense.shape[0])):
        out = dense[row]
        out[:] = 0.0
        for entry in range(indptr[row], indptr[row + 1]):
            term = place[indices[entry]]
            if term >= 0:
                weight = data[entry]
                for dimension in range(n_components):
                    out[dimension] += weight * components[term, dimension]
        length = np.float32(0.0)
        for dimension in range(n_components):
            length += out[dimension] * out[dimension]
        if length > 1e-12:
            out *= np.float32(1.0) / np.sqrt(length)
        else:
            out[:] = 0.0
