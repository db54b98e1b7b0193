"""Why one article stands in another's list: the parts of its score and the terms that both hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.encoders.function_words import FUNCTION_WORDS
from recommender.ranking.one_list import SparseRow
from recommender.ranking.related import SharedTerm
from recommender.ranking.weights import Weights

__all__ = ["reasons_of", "shared_terms"]

_FUNCTION_WORDS = frozenset(FUNCTION_WORDS)


def shared_terms(
    row: SparseRow, other: SparseRow, weight: float, spell: Callable[[int], str], n_terms: int = 5
) -> tuple[float, tuple[SharedTerm, ...]]:
    """Return the lexical part of a score and its strongest terms.

    Parameters
    ----------
    row, other : SparseRow
        Sparse vectors of the two articles.
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
        Largest share first, ties by spelling order of the columns. A term is not named where it
        adds nothing to those named before it but function words.
    """
    common, mine, theirs = np.intersect1d(row.columns, other.columns, assume_unique=True, return_indices=True)
    shares = weight * row.values[mine].astype(np.float64) * other.values[theirs]
    order = np.lexsort((common, -shares))
    named: list[SharedTerm] = []
    words_named: set[str] = set()
    for place in order[: 10 * n_terms].tolist():
        term = spell(int(common[place]))
        words = set(term.split()) - _FUNCTION_WORDS
        if len(named) < n_terms and (not named or not words <= words_named):
            named.append(SharedTerm(term, float(shares[place])))
            words_named |= words
    return float(shares.sum()), tuple(named)


def reasons_of(
    row: SparseRow,
    dense: NDArray[np.float32],
    other: SparseRow,
    other_dense: NDArray[np.float32],
    weights: Weights,
    spell: Callable[[int], str],
) -> dict[str, Any]:
    """Return `parts` and `terms` of a `RelatedArticle`; the parts add up to the score."""
    lexical, terms = shared_terms(row, other, weights.lexical, spell)
    cosine = float(dense.astype(np.float64) @ other_dense.astype(np.float64))
    return {"parts": {"lexical": lexical, "dense": weights.dense * cosine}, "terms": terms}
