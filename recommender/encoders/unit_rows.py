"""Rows of length 1."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["unit_rows"]

_SHORT = 1e-6  # length that counts as zero


def unit_rows(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return rows divided by their lengths, float32 of shape (n, d). Rows without length become zero."""
    lengths = np.sqrt((vectors * vectors).sum(axis=1, keepdims=True))
    return np.asarray(np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > _SHORT))
