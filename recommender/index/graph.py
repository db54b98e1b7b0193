"""One query at a time: a search graph over codes, opened from arrays, filtered, added to and deleted from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator
from sklearn.exceptions import NotFittedError

from recommender.index.checks import checked_neighbours, checked_vectors, neighbours_matrix
from recommender.index.graph_build import build_graph, link_new
from recommender.index.graph_search import answer, scan
from recommender.index.half_floats import half_bits
from recommender.index.rescoring import without
from recommender.index.threads import on_all_threads, slices

__all__ = ["GraphIndex"]

_ARRAYS = ("codes", "signs", "links", "entries", "entry_codes", "order", "hidden")
_QUERIES = 64  # answered at a time by one thread
_WALKED = 16  # rows compared on a walk for each that its beam keeps: to look at so many in turn is no slower
_GROWTH = 1.25
_DTYPES = ("float32", "float16")


class GraphIndex(BaseEstimator):  # type: ignore[misc]
    """Nearly exact neighbours of single queries, in microseconds.

    Rows are linked to near rows in all directions, and a walk along the links, over codes of 8 bits, ends among the
    nearest; those are compared exactly. Filtered searches look deeper, or at all that the filter leaves, so that
    they lose no more than others.

    Parameters
    ----------
    n_neighbors : int, default 10
        Neighbours given where a call does not say.
    beam : int, default 48
        Best rows kept on a walk, at least `n_neighbors`: more finds more and takes longer, in proportion.
    n_links : int, default 32
        Links a row may have, 2 or more; 4 bytes each.
    n_jobs : int or None, default None
        Threads that build and that answer many queries; the result does not depend on them.
    random_state : int, default 0
        Seed of the clusters that lists of neighbours are found by.
    on_progress : callable or None, default None
        Called with the work done and the work there is, as `fit` goes on.
    dtype : str, default "float32"
        Of the vectors that are kept: "float16" makes a copy of half the size, and similarities are off by up to
        2^-11.

    Examples
    --------
    >>> index = GraphIndex(n_neighbors=1).fit(np.eye(3, dtype=np.float32))
    >>> index.kneighbors(np.array([[0, 1, 0]], dtype=np.float32))
    (array([[0.]], dtype=float32), array([[1]], dtype=int32))
    >>> index.kneighbors(np.array([[0, 1, 0]], dtype=np.float32), allowed=np.array([True, False, True]))[1]
    array([[0]], dtype=int32)
    """

    def __init__(
        self,
        n_neighbors: int = 10,
        beam: int = 48,
        n_links: int = 32,
        n_jobs: int | None = None,
        random_state: int = 0,
        on_progress: Callable[[int, int], None] | None = None,
        dtype: str = "float32",
    ) -> None:
        self.n_neighbors = n_neighbors
        self.beam = beam
        self.n_links = n_links
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.on_progress = on_progress
        self.dtype = dtype

    def fit(self, X: NDArray[np.float32], y: None = None) -> Self:
        """Link the vectors, float32 unit rows of shape (n, d); they are kept, as `dtype` says."""
        if self.n_links < 2:
            raise ValueError(f"n_links must be 2 or more, got {self.n_links}")
        if self.dtype not in _DTYPES:
            raise ValueError(f"dtype must be one of {', '.join(_DTYPES)}, got {self.dtype!r}")
        X = checked_vectors(X)
        self.vectors_: NDArray[np.floating[Any]] = X.astype(self.dtype, copy=False)
        return self._take(*build_graph(X, self.n_links, self.random_state, self.n_jobs, self.on_progress))

    @classmethod
    def open(
        cls,
        arrays: Mapping[str, NDArray[Any]],
        scale: float,
        vectors: NDArray[np.floating[Any]],
        **parameters: Any,
    ) -> Self:
        """Return an index of arrays that `to_arrays` gave, memory-mapped ones included, and of its vectors."""
        self = cls(**parameters, dtype=vectors.dtype.name)
        self.vectors_ = vectors
        return self._take(arrays, scale)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return all that `open` wants besides vectors and `scale_`: plain arrays by name."""
        self._check_fitted()
        return {name: getattr(self, f"{name}_") for name in _ARRAYS}

    def _take(self, arrays: Mapping[str, NDArray[Any]], scale: float) -> Self:
        for name in _ARRAYS:
            setattr(self, f"{name}_", arrays[name])
        self.hidden_: NDArray[np.uint8] = arrays["hidden"]
        self._room: dict[str, NDArray[Any]] = {}
        self.scale_ = np.float32(scale)
        self.n_features_in_ = self.vectors_.shape[1]
        return self

    def kneighbors(
        self,
        X: NDArray[np.float32] | None = None,
        n_neighbors: int | None = None,
        allowed: NDArray[np.bool_] | None = None,
    ) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
        """Return distances and rows of the nearest vectors, nearest first, ties by row.

        Parameters
        ----------
        X : ndarray of float32, shape (m, d), or None
            Queries, unit rows; None asks for the neighbours of every row, itself left out.
        n_neighbors : int or None
            1 or more; above what exists gives fewer.
        allowed : ndarray of bool, shape (n,), or None
            Rows that may be found: a section, a language, a span of dates, all but some. None allows all that
            are not deleted.

        Returns
        -------
        distances : ndarray of float32, shape (m, k)
            ``1 - cosine``.
        rows : ndarray of int32, shape (m, k)

        Notes
        -----
        A query costs about ``beam * n_links`` products of bytes, hardly more for a site of any size; with a filter that
        leaves a share s, ``1 / s`` times that, or a product for each row left if that is less.
        """
        self._check_fitted()
        k = checked_neighbours(n_neighbors, self.n_neighbors)
        if X is None:
            distances, rows = self.kneighbors(self.vectors_.astype(np.float32, copy=False), k + 1, allowed)
            return without(np.arange(len(rows)), distances, rows) if rows.shape[1] else (distances, rows)
        X = checked_vectors(X, self.n_features_in_)
        hidden, n_shown = self._hidden(allowed)
        k = min(k, n_shown)
        similarities = np.empty((len(X), k), dtype=np.float32)
        rows = np.empty((len(X), k), dtype=np.int32)
        if rows.size and len(X) <= _QUERIES:
            self._walk(X, hidden, n_shown, similarities, rows)
        elif rows.size:
            parts = slices(len(X), _QUERIES)

            def walk() -> None:
                for part in parts:
                    self._walk(X[part], hidden, n_shown, similarities[part], rows[part])

            on_all_threads(walk, self.n_jobs)
        return 1.0 - similarities, rows

    def kneighbors_graph(
        self, X: NDArray[np.float32] | None = None, n_neighbors: int | None = None
    ) -> csr_matrix:
        """Return the same neighbours as a CSR matrix of distances, shape (m, n)."""
        return neighbours_matrix(*self.kneighbors(X, n_neighbors), len(self.vectors_))

    def add(self, X: NDArray[np.float32]) -> NDArray[np.int32]:
        """Add vectors, float32 unit rows of shape (m, d); return their rows, which follow those there are.

        An index that was opened from a file is copied into memory by the first call.
        """
        self._check_fitted()
        X = checked_vectors(X, self.n_features_in_)
        n, m = len(self.vectors_), len(X)
        rows = np.arange(n, n + m, dtype=np.int32)
        if n == 0:  # nothing that a walk could begin at
            self.fit(X)
            return rows
        for name in ("vectors", "codes", "links", "order"):
            self._grow(name, m)
        if len(self.hidden_):
            self._grow("hidden", m)
            self.hidden_[n:] = 0
        self.vectors_[n:], self.links_[n:], self.order_[n:] = X, -1, rows
        link_new(X, n, self.signs_, self.scale_, self.codes_, self.links_, self.entries_, self.entry_codes_)
        return rows

    def _grow(self, name: str, m: int) -> None:
        """Make an array m rows longer: in room that is left, or in new room."""
        old: NDArray[Any] = getattr(self, f"{name}_")
        n, room = len(old), self._room.get(name)
        if room is None or len(room) < n + m:
            room = self._room[name] = np.empty((int(_GROWTH * (n + m)), *old.shape[1:]), dtype=old.dtype)
            room[:n] = old
        setattr(self, f"{name}_", room[: n + m])

    def delete(self, rows: NDArray[np.int32]) -> None:
        """Delete rows: they are never found again, and other rows keep their numbers.

        Walks still pass through them; when many are gone, fit again.
        """
        self._check_fitted()
        gone = np.unique(np.asarray(rows))
        if gone.size and gone.dtype.kind not in "iu":
            raise ValueError(f"wanted rows as whole numbers, got {gone.dtype}")
        gone = gone.astype(np.int64)
        if gone.size and (gone[0] < 0 or gone[-1] >= len(self.vectors_)):
            raise ValueError(f"wanted rows from 0 to {len(self.vectors_) - 1}, got {gone[0]} to {gone[-1]}")
        hidden = np.zeros(len(self.vectors_), dtype=np.uint8)
        hidden[: len(self.hidden_)] = self.hidden_
        hidden[gone] = 1
        self.hidden_ = hidden
        self._room.pop("hidden", None)

    def _hidden(self, allowed: NDArray[np.bool_] | None) -> tuple[NDArray[np.uint8], int]:
        """Return which rows may not be found, and how many may."""
        n, hidden = len(self.vectors_), self.hidden_
        if allowed is not None:
            allowed = np.asarray(allowed)
            if allowed.shape != (n,) or allowed.dtype != np.bool_:
                raise ValueError(
                    f"allowed must be bool of shape ({n},), got {allowed.dtype} of {allowed.shape}"
                )
            hidden = (~allowed).view(np.uint8)
            if len(self.hidden_):
                hidden |= self.hidden_
        return hidden, n - int(np.count_nonzero(hidden))

    def _walk(
        self,
        X: NDArray[np.float32],
        hidden: NDArray[np.uint8],
        n_shown: int,
        similarities: NDArray[np.float32],
        rows: NDArray[np.int32],
    ) -> None:
        n, k = len(self.vectors_), rows.shape[1]
        n_scored = max(2 * k, k + 8)  # products of codes are a little off
        rotation, vectors = (self.signs_, self.scale_), half_bits(self.vectors_)
        deep = max(self.beam, k) * n // n_shown
        while deep * _WALKED < n_shown:
            fewest = answer(
                X, *rotation, self.codes_, self.links_, self.entries_, self.entry_codes_, self.order_, hidden,
                vectors, deep, n_scored, similarities, rows,
            )  # fmt: skip
            if fewest == k:
                return
            deep *= 2
        scan(X, *rotation, self.codes_, self.order_, hidden, vectors, n_scored, similarities, rows)

    def _check_fitted(self) -> None:
        if not hasattr(self, "codes_"):
            raise NotFittedError("this GraphIndex is not fitted; call fit with the vectors first")
