"""Random pairs of articles."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["mean_cosine", "random_pairs"]

_PAIRS = 20_000
_MOST = 0.9999  # of a mean cosine: the signal divides by one minus it


def random_pairs(by_id: NDArray[np.int32], most: int, seed: int = 0) -> NDArray[np.int32]:
    """Return pairs of two different rows, shape (2, p), with p up to `most` and to 50 an article.

    `by_id` holds the rows in the order of their ids, so the pairs do not depend on the order of the rows.
    """
    n = len(by_id)
    pairs = np.random.default_rng(seed).integers(0, max(n, 1), (2, min(most, 50 * n)))
    return by_id[pairs[:, pairs[0] != pairs[1]]]


def mean_cosine(vectors: NDArray[np.float32], by_id: NDArray[np.int32]) -> float:
    """Return the mean cosine of random pairs of unit rows, up to .9999, from at most 20,000 pairs. No pairs give 0."""
    if not vectors.size:
        return 0.0
    one, other = random_pairs(by_id, _PAIRS)
    cosines = np.einsum("ij,ij->i", vectors[one], vectors[other])
    return min(round(float(cosines.mean(dtype=np.float64)), 4), _MOST) if len(cosines) else 0.0
