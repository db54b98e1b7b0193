"""Diversity within lists: the mean distance between their entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from recommender.evaluation.in_degrees import Lists, in_degrees

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["Vectors", "intra_list_distance"]

Vectors: TypeAlias = "NDArray[np.floating[Any]] | csr_array"

_BLOCK = 1_024  # lists whose vectors are summed per step


def intra_list_distance(lists: Lists, vectors: Vectors) -> NDArray[np.float64]:
    """Return the mean of 1 - cosine over the pairs of entries in each list (Smyth and McClave 2001).

    Parameters
    ----------
    lists : int array, shape (n, k)
        Lists, padded with -1.
    vectors : float array or sparse matrix, shape (n, dim)
        One row per article. A zero vector has distance 1 to every other.

    Returns
    -------
    float64 array, shape (n,)
        0 (all entries have the same direction) to 2. NaN for lists of fewer than two entries.

    Raises
    ------
    ValueError
        If a shape or a position is invalid.
    """
    from scipy.sparse import csr_array, issparse

    in_degrees(lists)  # validates the positions
    if vectors.ndim != 2 or vectors.shape[0] != len(lists):
        raise ValueError(f"expected vectors of shape ({len(lists)}, dim), got {vectors.shape}")
    table: Any = csr_array(vectors) if issparse(vectors) else np.asarray(vectors)
    blocks = [slice(start, start + _BLOCK) for start in range(0, len(lists), _BLOCK)]
    squares = np.concatenate([_row_sums(table[block] * table[block]) for block in blocks] or [np.zeros(0)])
    scale = np.divide(1.0, np.sqrt(squares), out=np.zeros(len(squares)), where=squares > 0)
    shown = lists >= 0
    lengths = shown.sum(axis=1)
    ends = np.concatenate(([0], np.cumsum(lengths)))
    members = csr_array((scale[lists[shown]], lists[shown], ends), shape=(len(lists), len(lists)))
    # the squared norm of the sum of a list's unit vectors is the sum of cosines over all ordered pairs,
    # including each entry with itself
    squared = np.zeros(len(lists))
    for block in blocks:
        summed: Any = members[block] @ table
        squared[block] = _row_sums(summed * summed)
    itself = np.sum(shown & (scale > 0)[lists], axis=1)
    pairs = lengths * (lengths - 1.0)
    cosine = np.divide(squared - itself, pairs, out=np.full(len(lists), np.nan), where=pairs > 0)
    return np.asarray(np.clip(1 - cosine, 0, 2), dtype=np.float64)


def _row_sums(table: Any) -> NDArray[np.float64]:
    return np.asarray(table.sum(axis=1), dtype=np.float64).ravel()
