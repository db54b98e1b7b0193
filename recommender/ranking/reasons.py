"""Why one article stands in another's list: the parts of its score and the terms that both hold."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from recommender.ranking.related import SharedTerm

__all__ = ["shared_terms"]


def shared_terms(
    columns: NDArray[np.int32],
    values: NDArray[np.float32],
    other_columns: NDArray[np.int32],
    other_values: NDArray[np.float32],
    weight: float,
    spell: Callable[[int], str],
    n_terms: int = 5,
) -> tuple[float, tuple[SharedTerm, ...]]:
    """Return the lexical part of a score and its strongest terms.

    Parameters
    ----------
    columns, values : ndarray of int32 and of float32, shape (n_entries,)
        A row of the sparse vectors; `other_columns` and `other_values` another.
    weight : float
        Weight of the lexical signal.
    spell : callable
        Column to term.
    n_terms : int
        Terms named; the shares of all shared terms add up to the part.

    Returns
    -------
    part : float
        ``weight`` times the cosine of the rows.
    terms : tuple of SharedTerm
        Largest share first, ties by spelling order of the columns. A term whose every word stands
        in a stronger one that is named is not named itself.
    """
    common, mine, theirs = np.intersect1d(columns, other_columns, assume_unique=True, return_indices=True)
    shares = weight * values[mine].astype(np.float64) * other_values[theirs]
    order = np.lexsort((common, -shares))
    named: list[SharedTerm] = []
    words_named: set[str] = set()
    for place in order[: 10 * n_terms].tolist():
        term = spell(int(common[place]))
        words = set(term.split())
        if len(named) < n_terms and not words <= words_named:
            named.append(SharedTerm(term, float(shares[place])))
            words_named |= words
    return float(shares.sum()), tuple(named)
