"""Exact neighbours of every vector.

A large search has a first pass over codes of 8 bits, or over half floats on a GPU, that keeps somewhat more than k
candidates for each row. These are compared exactly. Every other row has a product below a known bar, and the error of
products is bounded, so a list is either proven complete or searched again in float32. Small searches use float32
throughout. A full row of similarities is never in memory.
Neighbours are ordered by similarity, then by row, so the result depends on neither the number of threads nor the
order of the work.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator
from sklearn.exceptions import NotFittedError
from threadpoolctl import threadpool_limits

from recommender.index.checks import checked_neighbours, checked_vectors, neighbours_matrix
from recommender.index.float_search import search_floats
from recommender.index.gpu import first_pass, gpu_for
from recommender.index.join import join_all, join_queries
from recommender.index.kernels.similarity_scores import without
from recommender.index.quantised import Quantised, quantise
from recommender.index.rescoring import FirstPass, exact_best

__all__ = ["MOST_KEPT", "ExactIndex", "kept_for"]

_MANY_PAIRS = 4_000_000  # from here on a first pass is faster
MOST_KEPT = 1_000
"""Largest number of candidates that a first pass keeps for a row."""


class ExactIndex(BaseEstimator):  # type: ignore[misc]
    """Exact neighbours by cosine distance, for unit vectors.

    Parameters
    ----------
    n_neighbors : int, default 10
        Number of neighbours of calls that do not set it.
    n_jobs : int or None, default None
        Threads; None honours ``joblib.parallel_config``. The result does not depend on it.
    device : str or None, default None
        Device of the first pass of a large search: "cpu", or torch's name of a GPU. None takes CUDA if torch finds
        it. The rows found are the same on every device; distances may differ in the last digits.
    on_progress : callable or None, default None
        Called as on_progress(done, total) during a large search.

    Examples
    --------
    >>> index = ExactIndex(n_neighbors=1).fit(np.eye(3, dtype=np.float32))
    >>> index.kneighbors(np.array([[0, 1, 0]], dtype=np.float32))
    (array([[0.]], dtype=float32), array([[1]], dtype=int32))
    """

    def __init__(
        self,
        n_neighbors: int = 10,
        n_jobs: int | None = None,
        on_progress: Callable[[int, int], None] | None = None,
        device: str | None = None,
    ) -> None:
        self.n_neighbors = n_neighbors
        self.n_jobs = n_jobs
        self.device = device
        self.on_progress = on_progress

    def fit(self, X: NDArray[np.float32], y: None = None) -> Self:
        """Store the vectors, float32 unit rows of shape (n, d). A zero row is at distance 1 from every other."""
        self.vectors_ = checked_vectors(X)
        self.n_features_in_ = self.vectors_.shape[1]
        self.codes_: Quantised | None = None  # made by the first large search
        return self

    def kneighbors(
        self, X: NDArray[np.float32] | None = None, n_neighbors: int | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
        """Return distances and rows of the nearest vectors, nearest first, ties by row.

        Parameters
        ----------
        X : ndarray of float32, shape (m, d), or None
            Queries, unit rows. None searches for the neighbours of every fitted vector, without the vector itself.
        n_neighbors : int or None
            1 or more. If fewer rows exist, the lists are shorter.

        Returns
        -------
        distances : ndarray of float32, shape (m, k)
            ``1 - cosine``: 0 for the same direction, 1 for orthogonal vectors, 2 for opposite ones.
        rows : ndarray of int32, shape (m, k)

        Notes
        -----
        Takes ``m n d`` products of bytes, half of that for the self-join, and about ``2 k`` exact similarities per
        row; memory is ``2 n d`` bytes for codes and ``16 m k`` for candidates. Without AVX-512 VNNI, products take
        several times as long.
        """
        if not hasattr(self, "vectors_"):
            raise NotFittedError("this ExactIndex is not fitted; call fit with the vectors first")
        k = checked_neighbours(n_neighbors, self.n_neighbors)
        n = self.vectors_.shape[0]
        with threadpool_limits(
            1, "blas"
        ):  # each thread multiplies its own tile, so the result does not depend on cores
            if X is None:
                similarities, rows = self._search(self.vectors_, min(k, max(n - 1, 0)), leave_out=True)
            else:
                queries = checked_vectors(X, self.n_features_in_)
                similarities, rows = self._search(queries, min(k, n), leave_out=False)
        return np.subtract(np.float32(1), similarities, out=similarities), rows

    def kneighbors_graph(
        self, X: NDArray[np.float32] | None = None, n_neighbors: int | None = None
    ) -> csr_matrix:
        """Return the same neighbours as a CSR matrix of distances, shape (m, n)."""
        return neighbours_matrix(*self.kneighbors(X, n_neighbors), len(self.vectors_))

    def _search(
        self, X: NDArray[np.float32], k: int, *, leave_out: bool
    ) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
        """Search for the rows of `X`; with `leave_out` these are the rows of the index, and none finds itself."""
        if k == 0:
            return np.zeros((len(X), 0), dtype=np.float32), np.zeros((len(X), 0), dtype=np.int32)
        if len(X) * len(self.vectors_) < _MANY_PAIRS or (kept := kept_for(k)) > MOST_KEPT:
            return self._by_floats(X, k, np.arange(len(X)) if leave_out else None)
        candidates = self._on_gpu(X, kept, leave_out=leave_out) or self._by_codes(
            X, kept, leave_out=leave_out
        )
        if candidates is None:
            return self._by_floats(X, k, None)
        return self._proven(X, k, candidates, leave_out=leave_out)

    def _proven(
        self, X: NDArray[np.float32], k: int, candidates: FirstPass, *, leave_out: bool
    ) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
        """Return exact lists from the candidates of a first pass; those not proven are searched again in float32."""
        similarities, rows, proven = exact_best(X, self.vectors_, candidates, k, self.n_jobs)
        again = np.flatnonzero(~proven)
        if again.size:
            similarities[again], rows[again] = self._by_floats(X[again], k, again if leave_out else None)
        return similarities, rows

    def _on_gpu(self, X: NDArray[np.float32], kept: int, *, leave_out: bool) -> FirstPass | None:
        """Return the first pass of a GPU; None if there is none or it lacks memory."""
        device = gpu_for(len(X) * len(self.vectors_), self.device)
        if device is None:
            return None
        try:
            return first_pass(
                X, self.vectors_, kept, device, leave_out=leave_out, on_progress=self.on_progress
            )
        except MemoryError as error:
            warnings.warn(
                f"{device} has no room for {len(self.vectors_):,} vectors, so the CPU searches: {error}",
                stacklevel=4,
            )
            return None

    def _by_codes(self, X: NDArray[np.float32], kept: int, *, leave_out: bool) -> FirstPass | None:
        """Return a first pass over codes; None for queries too long for the error bound of the codes."""
        codes = self._codes()
        if leave_out:
            return FirstPass(codes, join_all(codes, kept, self.n_jobs, self.on_progress))
        if np.einsum("ij,ij->i", X, X).max(initial=0) > codes.longest**2:
            return None
        return FirstPass(codes, join_queries(codes, X, kept, self.n_jobs, self.on_progress))

    def _codes(self) -> Quantised:
        if self.codes_ is None:
            self.codes_ = quantise(self.vectors_, self.n_jobs)
        return self.codes_

    def _by_floats(
        self, X: NDArray[np.float32], k: int, own: NDArray[np.intp] | None
    ) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
        """Search in float32. `own` are the row numbers of the queries, left out of their own lists; None for new queries."""
        if own is None:
            return search_floats(X, self.vectors_, k, self.n_jobs)
        similarities, rows = without(own, *search_floats(X, self.vectors_, k + 1, self.n_jobs))
        return similarities, rows


def kept_for(k: int) -> int:
    """Return the number of candidates for lists of k. More are needed where neighbours differ by less than the margin."""
    return 2 * k + 12
