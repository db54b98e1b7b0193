"""Why one article stands in another's list: the parts of its score and the terms that both hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from recommender.encoders.function_words import FUNCTION_WORDS
from recommender.ranking.context import parts_of
from recommender.ranking.one_list import Query
from recommender.ranking.related import SharedTerm
from recommender.ranking.site import Site
from recommender.ranking.sparse_rows import SparseRow
from recommender.ranking.weights import CONTENT, content_weights

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


def reasons_of(query: Query, other: Query, site: Site, spell: Callable[[int], str]) -> dict[str, Any]:
    """Return `parts` and `terms` of a `RelatedArticle`; the parts add up to the score.

    `other` is the article in the list, `query` the one whose list it is.
    """
    factors = content_weights(site.weights, query.lean, has_neural=site.has_neural)
    lexical, terms = shared_terms(query.sparse, other.sparse, float(factors[0]), spell)
    planes = {
        "dense": float(query.dense.astype(np.float64) @ other.dense.astype(np.float64)),
        "neural": float(
            site.above_strangers(query.neural.astype(np.float64) @ other.neural.astype(np.float64))
        ),
        "mention": float(query.mentions.values[query.mentions.columns == other.row].sum()),
    }
    content = {"lexical": lexical} | {
        name: float(factor) * planes[name] for name, factor in zip(CONTENT[1:], factors[1:], strict=True)
    }
    pair = np.array([query.row]), np.full(1, query.lean, np.float32), np.array([other.row])
    logs = site.context.logs(query.attributes, *pair, site.weights)
    parts = parts_of(content, {name: float(log[0]) for name, log in logs.items()})
    raw = sum(parts.values())
    if raw <= 0 or not (terms or planes["neural"] > 0):  # nothing in common, as `rank_one` sees it
        return {"parts": {}, "terms": ()}
    scale = 1 / (raw + site.chance)  # makes a score of the raw score, see `calibrated`
    parts = {name: scale * part for name, part in parts.items()}
    terms = tuple(SharedTerm(each.term, scale * each.share) for each in terms)
    return {"parts": {name: part for name, part in parts.items() if part}, "terms": terms}
