"""Sorted neighbour lists that several threads add to.

An entry is one 64-bit key: the product of codes in the upper half, 2^32 - 1 minus the row in the lower half. Keys
order like (product, row), so the same keys remain in whatever order entries are offered. An entry offered twice is
kept once.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.index.kernels.large_arrays import large_array
from recommender.index.kernels.machine_instructions import acquire, release

__all__ = ["Nearest", "empty_nearest", "key_of", "keys_of", "offer", "product_of", "row_of", "rows_of"]

_HIGH = np.uint32(0x80000000)
_ROWS = np.uint64(0xFFFFFFFF)


class Nearest(NamedTuple):
    """Lists of n rows."""

    keys: NDArray[np.uint64]  # (n, kept), best first, padded with 0
    bars: NDArray[np.int32]  # (n,), the smallest product that may enter
    locks: NDArray[np.uint8]  # (n,)


def empty_nearest(n: int, kept: int) -> Nearest:
    """Return empty lists."""
    keys = large_array((n, kept), np.uint64)
    return Nearest(keys, np.full(n, -(2**31), dtype=np.int32), np.zeros(n, dtype=np.uint8))


@njit(nogil=True, cache=True, inline="always")
def key_of(product, row):  # type: ignore[no-untyped-def]
    """Return the key of an entry."""
    return (np.uint64(np.uint32(product) ^ _HIGH) << np.uint64(32)) | (_ROWS - np.uint64(row))


def keys_of(products: NDArray[np.int32], rows: NDArray[np.int32]) -> NDArray[np.uint64]:
    """Return the keys of arrays of entries."""
    high = (products.astype(np.int32).view(np.uint32) ^ _HIGH).astype(np.uint64) << np.uint64(32)
    return np.asarray(high | (_ROWS - rows.astype(np.uint64)))


@njit(nogil=True, cache=True, inline="always")
def row_of(key):  # type: ignore[no-untyped-def]
    """Return the row of a key."""
    return np.int32(_ROWS - (key & _ROWS))


@njit(nogil=True, cache=True, inline="always")
def product_of(key):  # type: ignore[no-untyped-def]
    """Return the product of a key."""
    return np.int32(np.uint32(key >> np.uint64(32)) ^ _HIGH)


@njit(nogil=True, cache=True)
def offer(nearest, i, product, row):  # type: ignore[no-untyped-def]
    """Offer an entry to list i; return the new bar of the list."""
    key = key_of(product, row)
    lock = nearest.locks.ctypes.data + i
    while acquire(lock) != 0:
        pass
    keys = nearest.keys[i]
    last = keys.shape[0] - 1
    place = last
    if key > keys[place]:
        while place > 0 and keys[place - 1] < key:
            place -= 1
        if place == 0 or keys[place - 1] != key:
            for j in range(last, place, -1):
                keys[j] = keys[j - 1]
            keys[place] = key
            if keys[last] != np.uint64(0):
                nearest.bars[i] = product_of(keys[last])
    bar = nearest.bars[i]
    release(lock)
    return bar


@njit(nogil=True, cache=True)
def rows_of(keys, k):  # type: ignore[no-untyped-def]
    """Return the rows of the first k entries of each list, int32 (n, k), padded with -1."""
    rows = np.full((keys.shape[0], k), -1, dtype=np.int32)
    for i in range(keys.shape[0]):
        for j in range(k):
            if keys[i, j] != 0:
                rows[i, j] = row_of(keys[i, j])
    return rows
