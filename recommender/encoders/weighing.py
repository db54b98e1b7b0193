"""Weights of terms in articles, ``tf * idf ** power`` (see `TfidfEncoder`), without imports that are slow."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.index.kernels.array_layout import read_only

__all__ = ["idf_weights", "weighed_rows"]

_PRIOR_ARTICLES = 100  # pseudocount of articles, which separates function words from topics on small sites


def idf_weights(frequencies: NDArray[Any] | float, n_articles: int, power: float) -> Any:
    """Return ``(1 + ln((1 + N) / (1 + df))) ** power`` as float32, where N is ``n_articles + 100``."""
    n = n_articles + _PRIOR_ARTICLES
    return ((1.0 + np.log((1.0 + n) / (1.0 + np.asarray(frequencies)))) ** power).astype(np.float32)


def weighed_rows(
    indptr: NDArray[np.int64],
    columns: NDArray[np.int32],
    weights: NDArray[np.float32],
    idf: NDArray[np.float32],
    rare: np.float32,
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]:
    """Return weighted counts, divided by their length, as the three arrays of a CSR matrix: indptr, indices, data.

    Parameters
    ----------
    indptr, weights
        As in `TermCounts`.
    columns : ndarray of int32, shape (n_entries,)
        Column of each entry, -1 for unknown terms.
    idf : ndarray of float32, shape (n_terms,)
    rare : float32
        Idf of unknown terms. They count towards the length of a row but are not in the row.
    """
    return _weighed(indptr, columns, weights, read_only(idf), rare)  # type: ignore[no-any-return]


@njit(nogil=True, cache=True)
def _weighed(indptr, columns, weights, idf, rare):  # type: ignore[no-untyped-def]
    kept = np.zeros(indptr.shape[0], dtype=np.int64)
    for row in range(indptr.shape[0] - 1):
        n_known = 0
        for entry in range(indptr[row], indptr[row + 1]):
            n_known += columns[entry] >= 0
        kept[row + 1] = kept[row] + n_known
    indices = np.empty(kept[-1], dtype=np.int32)
    data = np.empty(kept[-1], dtype=np.float32)
    for row in range(indptr.shape[0] - 1):
        at, squares = kept[row], 0.0
        for entry in range(indptr[row], indptr[row + 1]):
            count = weights[entry]
            tf = np.float32(1.0 + np.log(count)) if count >= 1.0 else count
            column = columns[entry]
            weight = tf * (idf[column] if column >= 0 else rare)
            squares += weight * weight
            if column >= 0:
                indices[at], data[at] = column, weight
                at += 1
        if squares > 0.0:
            data[kept[row] : at] *= np.float32(1.0 / np.sqrt(squares))
    return kept, indices, data
