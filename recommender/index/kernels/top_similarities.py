"""The k best of a stream of similarities, for many rows at once.

The keys of a row collect in a buffer somewhat longer than k. When it is full, the k best are kept, and later
entries must reach the worst of these. The result does not depend on the order of the entries.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.index.kernels.similarity_keys import packed, select, unpacked

__all__ = ["Best", "empty_best", "keep_best", "take_best"]

_LANE = 64  # similarities compared as a group before single ones are tested


class Best(NamedTuple):
    """Buffers of n rows; the first `counts` keys of a row are in use."""

    k: int
    keys: NDArray[np.uint64]  # (n, 2 k + 16)
    counts: NDArray[np.int32]  # (n,)
    bars: NDArray[np.float32]  # (n,), the worst of the k similarities kept, -inf while there are fewer


def empty_best(n: int, k: int) -> Best:
    """Return buffers for the k best of n rows; ``16 k n`` bytes."""
    keys = np.empty((n, 2 * k + 16), dtype=np.uint64)
    return Best(k, keys, np.zeros(n, dtype=np.int32), np.full(n, -np.inf, dtype=np.float32))


@njit(nogil=True, cache=True)
def _compact(keys, k):  # type: ignore[no-untyped-def]
    """Keep the k best of a full buffer; return the worst similarity among them."""
    select(keys, k)
    worst = keys[:k].min()
    bits, rows = np.empty(1, np.uint32), np.empty(1, np.int32)
    unpacked(np.array([worst]), bits, rows)
    return bits.view(np.float32)[0]


@njit(nogil=True, cache=True, inline="always")
def _offer(best, i, bits, row):  # type: ignore[no-untyped-def]
    """Add an entry that reaches the bar of list i."""
    count = best.counts[i]
    best.keys[i, count] = packed(bits, row)
    if count + 1 == best.keys.shape[1]:
        best.bars[i] = _compact(best.keys[i], best.k)
        best.counts[i] = best.k
    else:
        best.counts[i] = count + 1


@njit(nogil=True, cache=True)
def keep_best(tile, first, best):  # type: ignore[no-untyped-def]
    """Offer row i of a float32 tile to list i; the columns are rows first, first + 1, ... of the index."""
    bars = best.bars
    bits = tile.view(np.uint32)
    for i in range(tile.shape[0]):
        for start in range(0, tile.shape[1], _LANE):
            lane = tile[i, start : start + _LANE]
            n_better = np.int32(0)
            for j in range(lane.shape[0]):
                n_better += np.int32(lane[j] >= bars[i])
            if n_better > 0:
                for j in range(lane.shape[0]):
                    if lane[j] >= bars[i]:
                        _offer(best, i, bits[i, start + j], first + start + j)


@njit(nogil=True, cache=True)
def _take_best(best, bits, rows, start, stop):  # type: ignore[no-untyped-def]
    for i in range(start, stop):
        select(best.keys[i, : best.counts[i]], best.k)
        n = min(best.counts[i], best.k)
        unpacked(np.sort(best.keys[i, :n])[::-1], bits[i], rows[i])


def take_best(
    best: Best, similarities: NDArray[np.float32], rows: NDArray[np.int32], start: int, stop: int
) -> None:
    """Write the lists of rows `start` to `stop`, best first, into two arrays of shape (n, k)."""
    _take_best(best, similarities.view(np.uint32), rows, start, stop)
