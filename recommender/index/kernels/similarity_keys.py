"""64-bit keys that order entries by similarity, then by row.

An entry is better if its similarity is larger, or equal with a smaller row number. Similarity and row are packed
into one integer with the same order, so entries are compared as single numbers and no two are equal.
"""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["packed", "select", "unpacked"]

_SIGN = np.uint32(0x80000000)
_ROWS = np.uint64(0xFFFFFFFF)


@njit(nogil=True, cache=True, inline="always")
def packed(bits, row):  # type: ignore[no-untyped-def]
    """Return the key of a similarity, given as its float32 bits. With signs flipped, floats order like integers."""
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
    """Move the k largest keys to the front, unordered: quickselect (Hoare 1961)."""
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
