"""Force-directed refinement of map coordinates, compiled with numba."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["apply_forces"]

_EPOCHS = 100
_NEGATIVES = 5  # random articles that repel each end of a link


@njit(nogil=True, cache=True)
def apply_forces(
    places: NDArray[np.float64], heads: NDArray[np.int32], tails: NDArray[np.int32], seed: int
) -> None:
    """Update `places` in 100 epochs over all links with decreasing step size.

    Links lead from `heads` to `tails`, both rows of `places`. This is gradient ascent on the likelihood of
    LargeVis (Tang et al., WWW 2016), in which a link has probability ``1 / (1 + distance²)``. A link attracts
    by ``2 d / (1 + d²)``, and each of 5 random points repels by ``2 d / ((ε + d²)(1 + d²))``. The function
    uses one thread and its own generator (xorshift, Marsaglia 2003), so the result depends on the input only.
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
            for turn in range(2 * _NEGATIVES):
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
