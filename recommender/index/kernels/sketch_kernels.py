"""Compiled loops of `Sketches`."""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["least_different", "products_of_rows"]

_PAIRS, _NIBBLES, _BYTES = (np.uint64(each * (2**64 // 255)) for each in (0x55, 0x33, 0x0F))
_ONES = np.uint64(2**64 // 255)


@njit(nogil=True, cache=True, inline="always")
def _n_ones(x):  # type: ignore[no-untyped-def]
    """Return how many bits of a word are set (Warren 2002)."""
    x = x - ((x >> np.uint64(1)) & _PAIRS)
    x = (x & _NIBBLES) + ((x >> np.uint64(2)) & _NIBBLES)
    x = (x + (x >> np.uint64(4))) & _BYTES
    return (x * _ONES) >> np.uint64(56)


@njit(nogil=True, cache=True)
def _differing(bits, signs):  # type: ignore[no-untyped-def]
    """Return in how many bits each row differs. Four words at a time take half as long as a loop over the words."""
    differing = np.zeros(bits.shape[0], dtype=np.uint16)
    together = bits.shape[1] // 4 * 4
    for at in range(0, together, 4):
        a, b, c, d = signs[at], signs[at + 1], signs[at + 2], signs[at + 3]
        for row in range(bits.shape[0]):
            first = _n_ones(bits[row, at] ^ a) + _n_ones(bits[row, at + 1] ^ b)
            differing[row] += np.uint16(
                first + _n_ones(bits[row, at + 2] ^ c) + _n_ones(bits[row, at + 3] ^ d)
            )
    for at in range(together, bits.shape[1]):
        for row in range(bits.shape[0]):
            differing[row] += np.uint16(_n_ones(bits[row, at] ^ signs[at]))
    return differing


@njit(nogil=True, cache=True)
def least_different(bits, signs, n):  # type: ignore[no-untyped-def]
    """Return the n rows that differ from `signs` in the fewest bits, ties by row."""
    differing = _differing(bits, signs)
    counts = np.zeros(64 * bits.shape[1] + 1, dtype=np.int64)
    for row in range(bits.shape[0]):
        counts[differing[row]] += 1
    last, before = 0, 0
    while before + counts[last] < n:
        before += counts[last]
        last += 1
    ties = n - before
    rows = np.empty(n, dtype=np.int32)
    n_found = 0
    for row in range(bits.shape[0]):
        if differing[row] < last or (differing[row] == last and ties > 0):
            ties -= differing[row] == last
            rows[n_found] = row
            n_found += 1
    return rows


@njit(nogil=True, cache=True, fastmath={"reassoc", "contract"})
def products_of_rows(vectors, rows, query):  # type: ignore[no-untyped-def]
    """Return the inner products of some rows with a query. A copy of the rows would take as long again."""
    products = np.empty(rows.shape[0], dtype=np.float32)
    for place in range(rows.shape[0]):
        total = np.float32(0.0)
        for dimension in range(query.shape[0]):
            total += vectors[rows[place], dimension] * query[dimension]
        products[place] = total
    return products
