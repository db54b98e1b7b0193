"""The content score of many candidates from their signals."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recommender.ranking.weights import CONTENT, Weights, content_weights

__all__ = ["content_scores"]


def content_scores(
    planes: NDArray[np.float32], lean: NDArray[np.float32], weights: Weights, *, has_neural: bool
) -> NDArray[np.float32]:
    """Return the content scores of candidates from their signals; NaN for none and for nothing in common.

    Parameters
    ----------
    planes : ndarray of float32, shape (4, m, c)
        See `Signals.planes`.
    lean : ndarray of float32, shape (m,)
    """
    factors = content_weights(weights, lean, has_neural=has_neural)
    content = sum(
        (planes[s] * factors[s][:, None] for s in range(1, len(CONTENT))), planes[0] * factors[0][:, None]
    )
    in_common = (planes[0] > 0) | ((planes[0] == 0) & (planes[2] > 0))
    return np.where(in_common, content, np.float32(np.nan)).astype(np.float32)
