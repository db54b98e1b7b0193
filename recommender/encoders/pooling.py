"""Pools the vectors of chunks into one vector per text."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["pool"]


def pool(
    vectors: NDArray[np.float32],
    rows: ArrayLike,
    n_tokens: ArrayLike,
    n_rows: int,
    decay: float | None = None,
) -> NDArray[np.float32]:
    """Return the weighted mean of each text's chunks, scaled to unit length.

    The weight of a chunk is ``n_tokens / (1 + before / decay)``, where `before` is the number of tokens in
    the chunks before it.

    Parameters
    ----------
    vectors : ndarray of float32, shape (n_chunks, n_dimensions)
        Unit rows.
    rows : array-like of int, shape (n_chunks,)
        Row of each chunk's text, ascending. The chunks of a text are in their order.
    n_tokens : array-like of int, shape (n_chunks,)
        Length of each chunk, 1 or more.
    n_rows : int
        Number of texts.
    decay : float or None, default None
        Number of tokens after which a token counts half. Near 0 only the first chunk counts. None weighs all
        tokens equally.

    Returns
    -------
    ndarray of float32, shape (n_rows, n_dimensions)
        Zero rows for texts without chunks.

    Examples
    --------
    >>> chunks = np.eye(2, dtype=np.float32)
    >>> pool(chunks, [0, 0], [300, 400], n_rows=2)
    array([[0.6, 0.8],
           [0. , 0. ]], dtype=float32)
    """
    rows, n_tokens = np.asarray(rows, dtype=np.int64), np.asarray(n_tokens, dtype=np.float64)
    before = np.cumsum(n_tokens) - n_tokens
    first = np.searchsorted(rows, rows)  # of the chunk's text
    weights = n_tokens / (1 + (before - before[first]) / (decay or np.inf))
    pooled = np.zeros((n_rows, vectors.shape[1]), dtype=np.float64)
    np.add.at(pooled, rows, weights[:, None] * vectors)
    lengths = np.linalg.norm(pooled, axis=1, keepdims=True)
    np.divide(pooled, lengths, out=pooled, where=lengths > 0)
    return pooled.astype(np.float32)
