"""Compiled loop of `Sketches`."""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["least_different"]

_PAIRS, _NIBBLES, _BYTES = (np.uint64(each * (2**64 // 255)) for each in (0x55, 0x33, 0x0F))
_ONES = np.uint64(2**64 // 255)


@njit(nogil=True, cache=True)
def least_different(bits, signs, n):  # type: ignore[no-untyped-def]
    """Return the n rows that differ from `signs` in the fewest bits, ties by row."""
    differing = np.empty(bits.shape[0], dtype=np.uint16)
    for row in range(bits.shape[0]):
        total = np.uint64(0)
        for word in range(bits.shape[1]):
            x = bits[row, word] ^ signs[word]  # population count (Warren 2002)
            x = x - ((x >> np.uint64(1)) & _PAIRS)
            x = (x & _NIBBLES) + ((x >> np.uint64(2)) & _NIBBLES)
            x = (x + (x >> np.uint64(4))) & _BYTES
            total += (x * _ONES) >> np.uint64(56)
        differing[row] = np.uint16(total)
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
