"""The k best of a stream of similarities, for many rows at once.

"Better" is a larger similarity, then a smaller row number. The order is total, so the same entries remain in
whatever order they came. A row's entries collect in a buffer somewhat longer than k; when it is full, a
quickselect (Hoare 1961) keeps the k best, and their worst is the bar that later entries must pass.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["Best", "empty_best", "keep_best", "keep_best_both", "take_best"]

_LANE = 64  # similarities compared at once before any is looked at


class Best(NamedTuple):
    """Buffers of n rows; the first `counts` entries of a row are in use."""

    k: int
    similarities: NDArray[np.float32]  # (n, k + spare)
    rows: NDArray[np.int32]  # (n, k + spare)
    counts: NDArray[np.int32]  # (n,)
    bars: NDArray[np.float32]  # (n,), the worst similarity among k kept, -inf before there are k


def empty_best(n: int, k: int) -> Best:
    """Return buffers for the k best of n rows; ``16 k n`` bytes."""
    width = 2 * k + 16
    return Best(
        k,
        np.empty((n, width), dtype=np.float32),
        np.empty((n, width), dtype=np.int32),
        np.zeros(n, dtype=np.int32),
        np.full(n, -np.inf, dtype=np.float32),
    )


@njit(nogil=True, cache=True, inline="always")
def _better(similarity, row, than, than_row):  # type: ignore[no-untyped-def]
    return similarity > than or (similarity == than and row < than_row)


@njit(nogil=True, cache=True)
def _select(values, rows, count, k):  # type: ignore[no-untyped-def]
    """Move the k best of the first `count` entries to the front, in no order."""
    low, high = 0, count - 1
    while low < high:
        middle = (low + high) // 2
        pivot, pivot_row = values[middle], rows[middle]
        i, j = low, high
        while i <= j:
            while _better(values[i], rows[i], pivot, pivot_row):
                i += 1
            while _better(pivot, pivot_row, values[j], rows[j]):
                j -= 1
            if i <= j:
                values[i], values[j] = values[j], values[i]
                rows[i], rows[j] = rows[j], rows[i]
                i += 1
                j -= 1
        if k <= j + 1:
            high = j
        elif k > i:
            low = i
        else:
            break


@njit(nogil=True, cache=True)
def _compact(values, rows, k):  # type: ignore[no-untyped-def]
    """Keep the k best of a full buffer; return the worst similarity among them."""
    _select(values, rows, values.shape[0], k)
    bar = values[0]
    for entry in range(1, k):
        bar = min(bar, values[entry])
    return bar


@njit(nogil=True, cache=True, inline="always")
def _offer(similarity, row, values, rows, counts, bars, i, k):  # type: ignore[no-untyped-def]
    """Add an entry that passes the bar of row i."""
    count = counts[i]
    values[i, count], rows[i, count] = similarity, row
    if count + 1 == values.shape[1]:
        bars[i] = _compact(values[i], rows[i], k)
        counts[i] = k
    else:
        counts[i] = count + 1


@njit(nogil=True, cache=True)
def _keep_best(tile, a, b, k, values, rows, counts, bars):  # type: ignore[no-untyped-def]
    first = max(a, 0)
    for i in range(tile.shape[0]):
        bar = bars[first + i]
        for start in range(0, tile.shape[1], _LANE):
            lane = tile[i, start : start + _LANE]
            n_better = np.int32(0)
            for j in range(lane.shape[0]):
                n_better += np.int32(lane[j] >= bar)
            if n_better > 0:
                for j in range(lane.shape[0]):
                    column = b + start + j
                    if lane[j] >= bars[first + i] and column != a + i:
                        _offer(lane[j], np.int32(column), values, rows, counts, bars, first + i, k)
                bar = bars[first + i]


@njit(nogil=True, cache=True)
def _keep_best_both(tile, a, b, k, values, rows, counts, bars):  # type: ignore[no-untyped-def]
    for i in range(tile.shape[0]):
        bar = bars[a + i]
        for start in range(0, tile.shape[1], _LANE):
            lane = tile[i, start : start + _LANE]
            column_bars = bars[b + start : b + start + lane.shape[0]]
            n_better = np.int32(0)
            for j in range(lane.shape[0]):
                n_better += np.int32(lane[j] >= min(bar, column_bars[j]))
            if n_better > 0:
                for j in range(lane.shape[0]):
                    if lane[j] >= bar:
                        column = np.int32(b + start + j)
                        _offer(lane[j], column, values, rows, counts, bars, a + i, k)
                        bar = bars[a + i]
                    if lane[j] >= column_bars[j]:
                        _offer(lane[j], np.int32(a + i), values, rows, counts, bars, b + start + j, k)


def keep_best(tile: NDArray[np.float32], a: int, b: int, best: Best) -> None:
    """Offer a tile to the lists of its rows; its columns are rows b, b + 1, ... of the index.

    With ``a >= 0`` its rows are rows a, a + 1, ... of the same index, and a row is not offered itself;
    with ``a = -1`` they are queries, and row i of the tile goes to list i.
    """
    _keep_best(tile, a if a >= 0 else -tile.shape[0] - 1, b, *best)


def keep_best_both(tile: NDArray[np.float32], a: int, b: int, best: Best) -> None:
    """Offer a tile between two different blocks to the lists of its rows and to those of its columns."""
    _keep_best_both(tile, a, b, *best)


@njit(nogil=True, cache=True)
def _take_best(k, values, rows, counts, out_values, out_rows, start, stop):  # type: ignore[no-untyped-def]
    for i in range(start, stop):
        _select(values[i], rows[i], counts[i], k)
        n = min(counts[i], k)
        by_row = np.argsort(rows[i, :n])
        order = np.argsort(-values[i, :n][by_row], kind="mergesort")
        out_values[i, :n] = values[i, :n][by_row][order]
        out_rows[i, :n] = rows[i, :n][by_row][order]


def take_best(
    best: Best, similarities: NDArray[np.float32], rows: NDArray[np.int32], start: int, stop: int
) -> None:
    """Write the lists of rows `start` to `stop`, best first, into two arrays of shape (n, k)."""
    _take_best(best.k, best.similarities, best.rows, best.counts, similarities, rows, start, stop)
