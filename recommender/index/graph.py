"""Approximate search for single queries: a graph over codes, with filters, additions and deletions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator
from sklearn.exceptions import NotFittedError

from recommender.index.checks import checked_neighbours, checked_vectors, neighbours_matrix
from recommender.index.graph_build import build_graph
from recommender.index.kernels.array_layout import half_bits
from recommender.index.kernels.graph_answers import Answers, StoredRows, scan_all, walk_all
from recommender.index.kernels.graph_growth import link_new
from recommender.index.kernels.graph_walk import SearchGraph
from recommender.index.kernels.similarity_scores import without
from recommender.index.threads import on_all_threads, slices

__all__ = ["GraphIndex"]

_ARRAYS = ("codes", "signs", "links", "entries", "entry_codes", "order")
_QUERIES = 64  # answered at a time by one thread
_WALKED = 16  # rows that a walk compares for each row of its beam; a scan of that many is as fast
_GROWTH = 1.25
_DTYPES = ("float32", "float16")


class GraphIndex(BaseEstimator):  # type: ignore[misc]
    """Approximate neighbours of single queries, in microseconds.

    Each row is linked to near rows in different directions. A walk along the links, over codes of 8 bits, ends among
    the nearest rows, and those are compared exactly. Searches with a filter walk further, or scan the rows that the
    filter leaves, so that their recall is that of unfiltered searches.

    Parameters
    ----------
    n_neighbors : int, default 10
        Number of neighbours of calls that do not set it.
    beam : int, default 48
        Best rows kept on a walk, at least `n_neighbors`. Recall and time grow with it, time in proportion.
    n_links : int, default 32
        Largest number of links of a row, 2 or more; 4 bytes each.
    n_jobs : int or None, default None
        Threads that build the graph and that answer many queries; the result does not depend on them.
    random_state : int, default 0
        Seed of the clusters from which `fit` finds neighbour lists.
    on_progress : callable or None, default None
        Called as on_progress(done, total) during `fit`.
    dtype : str, default "float32"
        Type of the stored vectors. "float16" halves their size; similarities are then off by up to 2^-11.

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
        """Build the graph of float32 unit rows (n, d), and keep these as `dtype`."""
        if self.n_links < 2:
            raise ValueError(f"n_links must be 2 or more, got {self.n_links}")
        if self.dtype not in _DTYPES:
            raise ValueError(f"dtype must be one of {', '.join(_DTYPES)}, got {self.dtype!r}")
        X = checked_vectors(X)
        graph = build_graph(X, self.n_links, self.random_state, self.n_jobs, self.on_progress)
        return self._set(X.astype(self.dtype, copy=False), graph, np.zeros(0, dtype=np.uint8))

    @classmethod
    def open(
        cls,
        arrays: Mapping[str, NDArray[Any]],
        scale: float,
        vectors: NDArray[np.floating[Any]],
        **parameters: Any,
    ) -> Self:
        """Return an index of the arrays from `to_arrays`, its `scale_` and its vectors; all may be memory-mapped."""
        self = cls(**parameters, dtype=vectors.dtype.name)
        graph = SearchGraph(scale=np.float32(scale), **{name: arrays[name] for name in _ARRAYS})
        return self._set(vectors, graph, arrays["hidden"])

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return the arrays that `open` takes besides vectors and `scale_`, by name."""
        self._check_fitted()
        return {**{name: getattr(self.graph_, name) for name in _ARRAYS}, "hidden": self.hidden_}

    def _set(self, vectors: NDArray[np.floating[Any]], graph: SearchGraph, hidden: NDArray[np.uint8]) -> Self:
        self.vectors_, self.graph_, self.hidden_ = vectors, graph, hidden
        self.scale_ = graph.scale
        self.n_features_in_ = vectors.shape[1]
        self._room: dict[str, NDArray[Any]] = {}
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
            Queries, unit rows. None searches for the neighbours of every stored row, without the row itself.
        n_neighbors : int or None
            1 or more. If fewer rows exist, the lists are shorter.
        allowed : ndarray of bool, shape (n,), or None
            Rows that may be found. None allows all that are not deleted.

        Returns
        -------
        distances : ndarray of float32, shape (m, k)
            ``1 - cosine``.
        rows : ndarray of int32, shape (m, k)

        Notes
        -----
        A query takes about ``beam * n_links`` products of bytes, almost independently of n. With a filter that leaves
        a share s it takes ``1 / s`` times as many, or one product for each row left if that is fewer.
        """
        self._check_fitted()
        k = checked_neighbours(n_neighbors, self.n_neighbors)
        if X is None:
            distances, rows = self.kneighbors(self.vectors_.astype(np.float32, copy=False), k + 1, allowed)
            return without(np.arange(len(rows)), distances, rows) if rows.shape[1] else (distances, rows)
        X = checked_vectors(X, self.n_features_in_)
        hidden = self._hidden(allowed)
        n_visible = len(self.vectors_) - int(np.count_nonzero(hidden))
        k = min(k, n_visible)
        similarities = np.empty((len(X), k), dtype=np.float32)
        rows = np.empty((len(X), k), dtype=np.int32)
        if k and len(X) <= _QUERIES:
            self._answer(X, hidden, n_visible, Answers(similarities, rows))
        elif k:
            parts = slices(len(X), _QUERIES)

            def answer() -> None:
                for part in parts:
                    self._answer(X[part], hidden, n_visible, Answers(similarities[part], rows[part]))

            on_all_threads(answer, self.n_jobs)
        return 1.0 - similarities, rows

    def kneighbors_graph(
        self, X: NDArray[np.float32] | None = None, n_neighbors: int | None = None
    ) -> csr_matrix:
        """Return the same neighbours as a CSR matrix of distances, shape (m, n)."""
        return neighbours_matrix(*self.kneighbors(X, n_neighbors), len(self.vectors_))

    def add(self, X: NDArray[np.float32]) -> NDArray[np.int32]:
        """Add vectors, float32 unit rows of shape (m, d); return their row numbers, which follow the present ones.

        The first call copies memory-mapped arrays into memory.
        """
        self._check_fitted()
        X = checked_vectors(X, self.n_features_in_)
        n, m = len(self.vectors_), len(X)
        rows = np.arange(n, n + m, dtype=np.int32)
        if n == 0:  # an empty graph has no entry rows
            self.fit(X)
            return rows
        self.vectors_ = self._grown("vectors", self.vectors_, m)
        self.graph_ = self.graph_._replace(
            codes=self._grown("codes", self.graph_.codes, m),
            links=self._grown("links", self.graph_.links, m),
            order=self._grown("order", self.graph_.order, m),
        )
        if len(self.hidden_):
            self.hidden_ = self._grown("hidden", self.hidden_, m)
            self.hidden_[n:] = 0
        self.vectors_[n:], self.graph_.links[n:], self.graph_.order[n:] = X, -1, rows
        link_new(X, n, self.graph_)
        return rows

    def _grown(self, name: str, old: NDArray[Any], m: int) -> NDArray[Any]:
        """Return an array m rows longer, in the spare room of a larger one."""
        n, room = len(old), self._room.get(name)
        if room is None or len(room) < n + m:
            room = self._room[name] = np.empty((int(_GROWTH * (n + m)), *old.shape[1:]), dtype=old.dtype)
            room[:n] = old
        return room[: n + m]

    def delete(self, rows: NDArray[np.int32]) -> None:
        """Delete rows: they are never found again, and other rows keep their numbers.

        Walks still pass through deleted rows. After many deletions, fit again.
        """
        self._check_fitted()
        deleted = np.unique(np.asarray(rows))
        if deleted.size and deleted.dtype.kind not in "iu":
            raise ValueError(f"wanted rows as whole numbers, got {deleted.dtype}")
        deleted = deleted.astype(np.int64)
        if deleted.size and (deleted[0] < 0 or deleted[-1] >= len(self.vectors_)):
            raise ValueError(
                f"wanted rows from 0 to {len(self.vectors_) - 1}, got {deleted[0]} to {deleted[-1]}"
            )
        hidden = np.zeros(len(self.vectors_), dtype=np.uint8)
        hidden[: len(self.hidden_)] = self.hidden_
        hidden[deleted] = 1
        self.hidden_ = hidden
        self._room.pop("hidden", None)

    def _hidden(self, allowed: NDArray[np.bool_] | None) -> NDArray[np.uint8]:
        """Return 1 for each row that may not be found; an empty array if all may."""
        if allowed is None:
            return self.hidden_
        n, allowed = len(self.vectors_), np.asarray(allowed)
        if allowed.shape != (n,) or allowed.dtype != np.bool_:
            raise ValueError(f"allowed must be bool of shape ({n},), got {allowed.dtype} of {allowed.shape}")
        hidden = (~allowed).view(np.uint8)
        return hidden | self.hidden_ if len(self.hidden_) else hidden

    def _answer(
        self, X: NDArray[np.float32], hidden: NDArray[np.uint8], n_visible: int, answers: Answers
    ) -> None:
        """Write lists found by walks, or by a scan where it is faster or the walks find too few rows."""
        n, k = len(self.vectors_), answers.rows.shape[1]
        n_scored = max(2 * k, k + 8)  # as products of codes are not exact
        stored = StoredRows(half_bits(self.vectors_), hidden)
        beam = max(self.beam, k) * n // n_visible
        while beam * _WALKED < n_visible:
            if walk_all(X, self.graph_, stored, beam, n_scored, answers) == k:
                return
            beam *= 2
        scan_all(X, self.graph_, stored, n_scored, answers)

    def _check_fitted(self) -> None:
        if not hasattr(self, "graph_"):
            raise NotFittedError("this GraphIndex is not fitted; call fit with the vectors first")
