"""Least overlaps of similar sets, as integers consistent with floating-point division to the last bit."""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["least_shared", "least_with_any"]


@njit(nogil=True, cache=True)
def least_shared(x, y, at_least):  # type: ignore[no-untyped-def]
    """Return the least overlap with which sets of sizes x and y reach a Jaccard similarity."""
    shared = np.int64(at_least / (1 + at_least) * (x + y))
    while shared / (x + y - shared) < at_least:  # the division that defines the similarity
        shared += 1
    while shared > 0 and (shared - 1) / (x + y - shared + 1) >= at_least:
        shared -= 1
    return shared


@njit(nogil=True, cache=True)
def least_with_any(x, at_least):  # type: ignore[no-untyped-def]
    """Return the least overlap of a set of size x with any similar set, also the least size of that set."""
    shared = np.int64(at_least * x)
    while shared / x < at_least:
        shared += 1
    while shared > 0 and (shared - 1) / x >= at_least:
        shared -= 1
    return shared
