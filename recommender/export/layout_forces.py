"""Points of a map pull at those they are linked with and push others away; compiled."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["settle"]

_EPOCHS = 100
_PUSHED = 5  # articles drawn at random that each end of a link is driven from


@njit(nogil=True, cache=True)
def settle(
    places: NDArray[np.float64], heads: NDArray[np.int32], tails: NDArray[np.int32], seed: int
) -> None:
    """Move the places, in 100 rounds over all links from `heads` to `tails` (rows of `places`), in steps that shrink.

    Ascent of the likelihood of LargeVis (Tang et al., WWW 2016) for links of probability ``1 / (1 + distance²)``:
    a link pulls by ``2 d / (1 + d²)``, each of 5 random points pushes by ``2 d / ((ε + d²)(1 + d²))``. One thread,
    with a generator of its own (xorshift, Marsaglia 2003), so the outcome hangs on the input alone.
    """
    n = np.uint64(places.shape[0])
    state = np.uint64(seed) * np.uint64(2654435761) + np.uint64(88172645463325252)
    for epoch in range(_EPOCHS):
        rate = 1.0 - epoch / _EPOCHS
        for link in range(heads.shape[0]):
            head, tail = heads[link], tails[link]
            x, y = places[head, 0] - places[tail, 0], places[head, 1] - places[tail, 1]
            pull = -2.0 * rate / (1.0 + x * x + y * y)
            places[head, 0] += pull * x
            places[head, 1] += pull * y
            places[tail, 0] -= pull * x
            places[tail, 1] -= pull * y
            for turn in range(2 * _PUSHED):
                end = head if turn % 2 == 0 else tail
                state ^= state << np.uint64(13)
                state ^= state >> np.uint64(7)
                state ^= state << np.uint64(17)
                other = np.int64(state % n)
                if other == end:
                    continue
                x, y = places[end, 0] - places[other, 0], places[end, 1] - places[other, 1]
                square = x * x + y * y
                push = 2.0 / ((0.001 + square) * (1.0 + square))
                places[end, 0] += rate * min(4.0, max(-4.0, push * x))
                places[end, 1] += rate * min(4.0, max(-4.0, push * y))
