"""Every vector's exact neighbours: blocks of matrix products with the k best kept on the way.

The self-join looks at each pair once: a tile of similarities between two blocks of rows updates the best
lists of both blocks, and no row of similarities is ever whole in memory. The order of neighbours is total
(similarity, then row), so the result depends neither on threads nor on the order of the tiles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import length_hint
from threading import Lock
from typing import Self

import numpy as np
from joblib import Parallel, delayed, effective_n_jobs
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator
from sklearn.exceptions import NotFittedError
from threadpoolctl import threadpool_limits

from recommender.index.best import Best, empty_best, keep_best, keep_best_both, take_best

__all__ = ["ExactIndex"]

_BLOCK = 1024  # rows; a tile of float32 similarities is 4 MB, and fits the cache of a core


class ExactIndex(BaseEstimator):  # type: ignore[misc]
    """Exact neighbours by cosine distance, for unit vectors.

    Parameters
    ----------
    n_neighbors : int, default 10
        Neighbours given where a call does not say.
    n_jobs : int or None, default None
        Threads; None honours ``joblib.parallel_config``. The result does not depend on it.
    on_progress : callable or None, default None
        Called with the tiles done and the tiles there are, as a self-join goes on.

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
    ) -> None:
        self.n_neighbors = n_neighbors
        self.n_jobs = n_jobs
        self.on_progress = on_progress

    def fit(self, X: NDArray[np.float32], y: None = None) -> Self:
        """Keep the vectors, float32 unit rows of shape (n, d); a zero row is nobody's neighbour but at distance 1."""
        self.vectors_ = _checked(X)
        self.n_features_in_ = self.vectors_.shape[1]
        return self

    def kneighbors(
        self, X: NDArray[np.float32] | None = None, n_neighbors: int | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
        """Return distances and rows of the nearest vectors, nearest first, ties by row.

        Parameters
        ----------
        X : ndarray of float32, shape (m, d), or None
            Queries, unit rows; None asks for the neighbours of every fitted vector, itself left out.
        n_neighbors : int or None
            1 or more; above what exists gives fewer.

        Returns
        -------
        distances : ndarray of float32, shape (m, k)
            ``1 - cosine``, 0 for the same direction, 1 for nothing in common, 2 for the opposite.
        rows : ndarray of int32, shape (m, k)

        Notes
        -----
        Costs ``2 m n d`` operations, half of it for the self-join; memory ``8 m k`` bytes and 4 MB a thread.
        """
        if not hasattr(self, "vectors_"):
            raise NotFittedError("this ExactIndex is not fitted; call fit with the vectors first")
        k = self.n_neighbors if n_neighbors is None else n_neighbors
        if k < 1:
            raise ValueError(f"n_neighbors must be 1 or more, got {k}")
        n = self.vectors_.shape[0]
        with threadpool_limits(1, "blas"):  # one tile a thread: the product's bytes do not depend on cores
            if X is None:
                similarities, rows = self._self_join(min(k, max(n - 1, 0)))
            else:
                similarities, rows = self._search(_checked(X, self.n_features_in_), min(k, n))
        return 1.0 - similarities, rows

    def kneighbors_graph(
        self, X: NDArray[np.float32] | None = None, n_neighbors: int | None = None
    ) -> csr_matrix:
        """Return the same neighbours as a CSR matrix of distances, shape (m, n)."""
        distances, rows = self.kneighbors(X, n_neighbors)
        indptr = np.arange(0, rows.size + 1, max(rows.shape[1], 1)) if rows.size else np.zeros(len(rows) + 1)
        shape = (rows.shape[0], self.vectors_.shape[0])
        return csr_matrix((distances.ravel(), rows.ravel(), indptr), shape=shape)

    def _self_join(self, k: int) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
        n = self.vectors_.shape[0]
        best = empty_best(n if k else 0, k)
        pairs = _tiles(-(-n // _BLOCK) if k else 0)
        tiles = iter(pairs)  # of a list and not a generator, since threads share it
        locks = [Lock() for _ in range(0, n, _BLOCK)]

        def join() -> None:
            for first, second, tile in self._products(tiles, self.vectors_):
                if first == 0 and self.on_progress is not None:  # a diagonal of blocks begins
                    self.on_progress(len(pairs) - length_hint(tiles), len(pairs))
                with locks[first]:
                    if first == second:
                        keep_best(tile, first * _BLOCK, second * _BLOCK, best)
                        continue
                    with locks[second]:
                        keep_best_both(tile, first * _BLOCK, second * _BLOCK, best)

        self._on_all_threads(join)
        return self._lists(best, n)

    def _search(self, X: NDArray[np.float32], k: int) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
        best = empty_best(X.shape[0] if k else 0, k)
        n_blocks = -(-self.vectors_.shape[0] // _BLOCK)
        queries = iter(range(-(-X.shape[0] // _BLOCK) if k else 0))

        def search() -> None:
            for block in queries:
                part = slice(block * _BLOCK, (block + 1) * _BLOCK)
                mine = Best(k, best.keys[part], best.counts[part], best.bars[part])
                tiles = ((block, second) for second in range(n_blocks))
                for _, second, tile in self._products(tiles, X):
                    keep_best(tile, -1, second * _BLOCK, mine)

        self._on_all_threads(search)
        return self._lists(best, X.shape[0])

    def _products(
        self, tiles: Iterator[tuple[int, int]], X: NDArray[np.float32]
    ) -> Iterator[tuple[int, int, NDArray[np.float32]]]:
        """Similarities of each pair of blocks, in one buffer that the next pair overwrites."""
        buffer = np.empty(_BLOCK * _BLOCK, dtype=np.float32)
        for first, second in tiles:
            rows = X[first * _BLOCK : (first + 1) * _BLOCK]
            columns = self.vectors_[second * _BLOCK : (second + 1) * _BLOCK]
            tile = buffer[: len(rows) * len(columns)].reshape(len(rows), len(columns))
            yield first, second, np.matmul(rows, columns.T, out=tile)

    def _lists(self, best: Best, n: int) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
        similarities = np.empty((n, best.k), dtype=np.float32)
        rows = np.empty((n, best.k), dtype=np.int32)
        starts = iter(range(0, n if best.k else 0, _BLOCK))

        def take() -> None:
            for start in starts:
                take_best(best, similarities, rows, start, min(start + _BLOCK, n))

        self._on_all_threads(take)
        return similarities, rows

    def _on_all_threads(self, work: Callable[[], None]) -> None:
        """Run `work` once a thread; the threads share one iterator of what is to be done."""
        Parallel(n_jobs=self.n_jobs, prefer="threads")(
            delayed(work)() for _ in range(effective_n_jobs(self.n_jobs))
        )


def _tiles(n_blocks: int) -> list[tuple[int, int]]:
    """Pairs of blocks, first <= second, diagonal by diagonal: neighbours in the order share no block."""
    return [(first, first + gap) for gap in range(n_blocks) for first in range(n_blocks - gap)]


def _checked(X: NDArray[np.float32], n_features: int | None = None) -> NDArray[np.float32]:
    X = np.ascontiguousarray(X, dtype=np.float32)
    if X.ndim != 2 or X.shape[1] < 1:
        raise ValueError(f"wanted vectors of shape (n, d), got shape {X.shape}")
    if n_features is not None and X.shape[1] != n_features:
        raise ValueError(f"the index holds vectors of {n_features} dimensions, the queries have {X.shape[1]}")
    if not np.isfinite(np.dot(X.ravel(), X.ravel())):
        raise ValueError("vectors hold NaN or infinity; encode the articles again")
    return X
