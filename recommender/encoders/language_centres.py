"""Centres of languages: what the vectors of all texts in a language have in common says nothing of a text.

Vectors of encoders that read many languages alike still tell the language. So the centre of the language is taken from
each vector, and the rest has length 1. The centre is the mean over the articles of the site in this language, drawn to
the mean of all languages as if three articles stood there. An unknown language has that mean.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.encoders.unit_rows import unit_rows

__all__ = ["centred", "language_centres"]

_PRIOR = 3.0  # articles that the mean of all languages counts as


def language_centres(
    vectors: NDArray[np.float32], codes: NDArray[np.integer[Any]], n_languages: int
) -> NDArray[np.float32]:
    """Return the centre of each language, and that of an unknown one at the end.

    Parameters
    ----------
    vectors : ndarray of float32, shape (n, d)
        Unit rows or zeros. Zeros do not count.
    codes : ndarray of int, shape (n,)
        Place of each article's language; others than 0 to n_languages - 1 do not count.
    n_languages : int

    Returns
    -------
    ndarray of float32, shape (n_languages + 1, d)
    """
    there = vectors.any(axis=1)
    sums = np.zeros((n_languages, vectors.shape[1]))
    counts = np.zeros((n_languages, 1))
    for code in range(n_languages):
        mine = vectors[there & (codes == code)]
        sums[code], counts[code] = mine.sum(axis=0, dtype=np.float64), len(mine)
    means = sums[counts[:, 0] > 0] / counts[counts[:, 0] > 0]
    general = means.sum(axis=0, keepdims=True) / max(len(means), 1)
    centres = (sums + _PRIOR * general) / (counts + _PRIOR)
    return np.concatenate([centres, general]).astype(np.float32)


def centred(
    vectors: NDArray[np.float32], codes: NDArray[np.integer[Any]], centres: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return vectors without the centres of their languages, as unit rows; zeros stay zeros."""
    unknown = len(centres) - 1
    rows = np.where((codes >= 0) & (codes < unknown), codes, unknown)
    moved = vectors - centres[rows]
    moved[~vectors.any(axis=1)] = 0
    return unit_rows(moved)
