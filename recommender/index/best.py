"""The k best of a stream of similarities, for many rows at once.

"Better" is a larger similarity, then a smaller row number. Both are packed into one 64-bit key whose order is
that order, so an entry is one number and no two are equal: the same entries remain in whatever order they came.
A row's keys collect in a buffer somewhat longer than k; when it is full, a quickselect (Hoare 1961) keeps the
k best, and their worst is the bar that later entries must pass.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["Best", "empty_best", "keep_best", "packed", "select", "take_best", "unpacked"]

_LANE = 64  # similarities compared at once before any is looked at
_SIGN = np.uint32(0x80000000)
_ROWS = np.uint64(0xFFFFFFFF)


class Best(NamedTuple):
    """Buffers of n rows; the first `counts` keys of a row are in use."""

    k: int
    keys: NDArray[np.uint64]  # (n, 2 k + 16)
    counts: NDArray[np.int32]  # (n,)
    bars: NDArray[np.float32]  # (n,), the worst similarity among k kept, -inf before there are k


def empty_best(n: int, k: int) -> Best:
    """Return buffers for the k best of n rows; ``16 k n`` bytes."""
    keys = np.empty((n, 2 * k + 16), dtype=np.uint64)
    return Best(k, keys, np.zeros(n, dtype=np.int32), np.full(n, -np.inf, dtype=np.float32))


@njit(nogil=True, cache=True, inline="always")
def packed(bits, row):  # type: ignore[no-untyped-def]
    """Key of a similarity given as its float32 bits: those of floats order like integers once signs are turned."""
    if bits == _SIGN:
        bits = np.uint32(0)  # minus zero is zero
    ordered = ~bits if bits & _SIGN else bits | _SIGN
    return (np.uint64(ordered) << np.uint64(32)) | (_ROWS - np.uint64(row))


@njit(nogil=True, cache=True)
def unpacked(keys, bits, rows):  # type: ignore[no-untyped-def]
    """Write the float32 bits and the rows of packed keys into two arrays."""
    for entry in range(keys.shape[0]):
        ordered = np.uint32(keys[entry] >> np.uint64(32))
        bits[entry] = ordered ^ _SIGN if ordered & _SIGN else ~ordered
        rows[entry] = np.int32(_ROWS - (keys[entry] & _ROWS))


@njit(nogil=True, cache=True)
def select(keys, k):  # type: ignore[no-untyped-def]
    """Move the k largest keys to the front, in no order."""
    low, high = 0, keys.shape[0] - 1
    while low < high:
        pivot = keys[(low + high) // 2]
        i, j = low, high
        while i <= j:
            while keys[i] > pivot:
                i += 1
            while pivot > keys[j]:
                j -= 1
            if i <= j:
                keys[i], keys[j] = keys[j], keys[i]
                i += 1
                j -= 1
        if k <= j + 1:
            high = j
        elif k > i:
            low = i
        else:
            break


@njit(nogil=True, cache=True)
def _compact(keys, k):  # type: ignore[no-untyped-def]
    """Keep the k best of a full buffer; return the worst similarity among them."""
    select(keys, k)
    worst = keys[:k].min()
    bits, rows = np.empty(1, np.uint32), np.empty(1, np.int32)
    unpacked(np.array([worst]), bits, rows)
    return bits.view(np.float32)[0]


@njit(nogil=True, cache=True, inline="always")
def _offer(bits, row, keys, counts, bars, i, k):  # type: ignore[no-untyped-def]
    """Add an entry that passes the bar of row i."""
    count = counts[i]
    keys[i, count] = packed(bits, row)
    if count + 1 == keys.shape[1]:
        bars[i] = _compact(keys[i], k)
        counts[i] = k
    else:
        counts[i] = count + 1


@njit(nogil=True, cache=True)
def keep_best(tile, first, best):  # type: ignore[no-untyped-def]
    """Offer row i of a tile of float32 similarities to list i; its columns are rows first, first + 1, ... of the index."""
    k, keys, counts, bars = best
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
                        _offer(bits[i, start + j], first + start + j, keys, counts, bars, i, k)


@njit(nogil=True, cache=True)
def _take_best(k, keys, counts, bits, rows, start, stop):  # type: ignore[no-untyped-def]
    for i in range(start, stop):
        select(keys[i, : counts[i]], k)
        n = min(counts[i], k)
        unpacked(np.sort(keys[i, :n])[::-1], bits[i], rows[i])


def take_best(
    best: Best, similarities: NDArray[np.float32], rows: NDArray[np.int32], start: int, stop: int
) -> None:
    """Write the lists of rows `start` to `stop`, best first, into two arrays of shape (n, k)."""
    _take_best(best.k, best.keys, best.counts, similarities.view(np.uint32), rows, start, stop)
