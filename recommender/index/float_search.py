"""Exact search in float32: blocks of matrix products, of which the k best are kept."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from recommender.index.kernels.top_similarities import Best, empty_best, keep_best, take_best
from recommender.index.threads import on_all_threads, slices

__all__ = ["search_floats"]

_BLOCK = 1024  # rows; a tile of float32 similarities is 4 MB and fits in the cache of a core


def search_floats(
    X: NDArray[np.float32], vectors: NDArray[np.float32], k: int, n_jobs: int | None
) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Return similarities and rows of the k best vectors of each row of `X`, best first, ties by row.

    The caller limits BLAS to one thread, so that the result does not depend on the number of cores.
    """
    best = empty_best(X.shape[0], k)
    n_blocks = -(-vectors.shape[0] // _BLOCK)
    queries = iter(range(-(-X.shape[0] // _BLOCK)))

    def search() -> None:
        for block in queries:
            part = slice(block * _BLOCK, (block + 1) * _BLOCK)
            own = Best(k, best.keys[part], best.counts[part], best.bars[part])
            for number, tile in _products(X[part], vectors, n_blocks):
                keep_best(tile, number * _BLOCK, own)

    on_all_threads(search, n_jobs)
    return _lists(best, X.shape[0], n_jobs)


def _products(
    X: NDArray[np.float32], vectors: NDArray[np.float32], n_blocks: int
) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Yield the similarities of rows with each block of vectors, in a buffer that the next block overwrites."""
    buffer = np.empty(_BLOCK * _BLOCK, dtype=np.float32)
    for number in range(n_blocks):
        block = vectors[number * _BLOCK : (number + 1) * _BLOCK]
        tile = buffer[: len(X) * len(block)].reshape(len(X), len(block))
        yield number, np.matmul(X, block.T, out=tile)


def _lists(best: Best, n: int, n_jobs: int | None) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    similarities = np.empty((n, best.k), dtype=np.float32)
    rows = np.empty((n, best.k), dtype=np.int32)
    parts = slices(n, _BLOCK)

    def take() -> None:
        for part in parts:
            take_best(best, similarities, rows, part.start, part.stop)

    on_all_threads(take, n_jobs)
    return similarities, rows
