"""The best of each row, sorted, while several threads offer to them.

An entry is one 64-bit key: the product of codes above, 2^32 - 1 less the row below. Keys are ordered as
(product, row) are, so whoever offers what in whatever order, the same keys remain; one offered twice is kept once.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.index.int8_products import COLUMNS, ROWS, acquire, lowest_bit, release, tile

__all__ = [
    "BOTH",
    "NEVER",
    "ONE",
    "QUERIES",
    "Nearest",
    "empty_nearest",
    "join_tiles",
    "key_of",
    "keys_of",
    "offer",
    "product_of",
    "row_of",
    "rows_of",
]

_HIGH = np.uint32(0x80000000)
_ROWS = np.uint64(0xFFFFFFFF)
NEVER = np.int32(2**31 - 1)
"""A bar that nothing reaches."""
QUERIES, ONE, BOTH = 0, 1, 2
"""Rows are queries and get a list each; rows are of the same vectors as columns and get lists; columns get them too."""


class Nearest(NamedTuple):
    """Lists of n rows."""

    keys: NDArray[np.uint64]  # (n, kept), best first, 0 where there are fewer
    bars: NDArray[np.int32]  # (n,), the least product that may enter
    locks: NDArray[np.uint8]  # (n,)


def empty_nearest(n: int, kept: int) -> Nearest:
    """Return empty lists."""
    keys = np.zeros((n, kept), dtype=np.uint64)
    return Nearest(keys, np.full(n, -(2**31), dtype=np.int32), np.zeros(n, dtype=np.uint8))


@njit(nogil=True, cache=True, inline="always")
def key_of(product, row):  # type: ignore[no-untyped-def]
    """Key of an entry."""
    return (np.uint64(np.uint32(product) ^ _HIGH) << np.uint64(32)) | (_ROWS - np.uint64(row))


def keys_of(products: NDArray[np.int32], rows: NDArray[np.int32]) -> NDArray[np.uint64]:
    """Return the keys of entries."""
    high = (products.astype(np.int32).view(np.uint32) ^ _HIGH).astype(np.uint64) << np.uint64(32)
    return np.asarray(high | (_ROWS - rows.astype(np.uint64)))


@njit(nogil=True, cache=True, inline="always")
def row_of(key):  # type: ignore[no-untyped-def]
    """Row of a key."""
    return np.int32(_ROWS - (key & _ROWS))


@njit(nogil=True, cache=True, inline="always")
def product_of(key):  # type: ignore[no-untyped-def]
    """Product of a key."""
    return np.int32(np.uint32(key >> np.uint64(32)) ^ _HIGH)


@njit(nogil=True, cache=True)
def offer(list_, product, row, keys, bars, locks):  # type: ignore[no-untyped-def]
    """Offer an entry to a list; return the list's bar."""
    key = key_of(product, row)
    lock = locks.ctypes.data + list_
    while acquire(lock) != 0:
        pass
    mine = keys[list_]
    place = mine.shape[0] - 1
    if key > mine[place]:
        while place > 0 and mine[place - 1] < key:
            place -= 1
        if place == 0 or mine[place - 1] != key:
            for i in range(mine.shape[0] - 1, place, -1):
                mine[i] = mine[i - 1]
            mine[place] = key
            if mine[mine.shape[0] - 1] != np.uint64(0):
                bars[list_] = product_of(mine[mine.shape[0] - 1])
    bar = bars[list_]
    release(lock)
    return bar


@njit(nogil=True, cache=True)
def join_tiles(  # type: ignore[no-untyped-def]
    rows,
    packed_rows,
    biases,
    columns,
    packed_columns,
    pairs,
    keys,
    bars,
    locks,
    row_bars,
    column_bars,
    out,
    masks,
):
    """Offer each pair of `rows` and `columns` as `pairs` says: see its values."""
    both = pairs == BOTH
    steps = packed_rows.shape[1]
    for i in range(row_bars.shape[0]):
        row_bars[i] = bars[rows[i]] if i < rows.shape[0] else NEVER
    for j in range(column_bars.shape[0]):
        column_bars[j] = bars[columns[j]] if both and j < columns.shape[0] else NEVER
    n_rows = -(-rows.shape[0] // ROWS)
    for j in range(-(-columns.shape[0] // COLUMNS)):
        for i in range(n_rows):
            seen = tile(
                packed_rows.ctypes.data + i * steps * ROWS * 4, packed_columns.ctypes.data + j * steps * COLUMNS * 4,
                steps, biases.ctypes.data + i * ROWS * 4, row_bars.ctypes.data + i * ROWS * 4,
                column_bars.ctypes.data + j * COLUMNS * 4, out.ctypes.data, masks.ctypes.data,
            )  # fmt: skip
            if seen != 0:
                _offer_all(
                    i * ROWS,
                    j * COLUMNS,
                    rows,
                    columns,
                    pairs,
                    keys,
                    bars,
                    locks,
                    row_bars,
                    column_bars,
                    out,
                    masks,
                )


@njit(nogil=True, cache=True)
def _offer_all(  # type: ignore[no-untyped-def]
    first_row, first_column, rows, columns, pairs, keys, bars, locks, row_bars, column_bars, out, masks
):
    for word in range(masks.shape[0]):
        bits = masks[word]
        while bits != 0:
            place = word * 64 + np.int64(lowest_bit(bits))
            bits &= bits - np.uint64(1)
            i, j = first_row + place // COLUMNS, first_column + place % COLUMNS
            if i >= rows.shape[0] or j >= columns.shape[0] or (rows[i] == columns[j] and pairs != QUERIES):
                continue
            product = out[place]
            if product >= row_bars[i]:
                row_bars[i] = offer(rows[i], product, columns[j], keys, bars, locks)
            if pairs == BOTH and product >= column_bars[j]:
                column_bars[j] = offer(columns[j], product, rows[i], keys, bars, locks)


@njit(nogil=True, cache=True)
def rows_of(keys, k):  # type: ignore[no-untyped-def]
    """Return the rows of the first k of each list, int32 (n, k); -1 where there are fewer."""
    rows = np.full((keys.shape[0], k), -1, dtype=np.int32)
    for i in range(keys.shape[0]):
        for j in range(k):
            if keys[i, j] != 0:
                rows[i, j] = row_of(keys[i, j])
    return rows
