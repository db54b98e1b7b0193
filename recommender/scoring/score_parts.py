"""The parts of a score: what each signal and each shared term adds to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from recommender.encoders.function_words import FUNCTION_WORDS
from recommender.index.sparse_rows import SparseRow
from recommender.scoring.mention_strength import mention_worth
from recommender.scoring.queries import Queries
from recommender.scoring.scorer import Scorer
from recommender.scoring.weights import CONTENT

__all__ = ["SharedTerm", "parts_of", "score_parts", "shared_terms"]

_FUNCTION_WORDS = frozenset(FUNCTION_WORDS)


@dataclass(frozen=True, slots=True)
class SharedTerm:
    """A word or word pair that two articles share, and its share of the score."""

    term: str
    share: float

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as JSON can hold them."""
        return asdict(self)


def score_parts(
    scorer: Scorer, query: Queries, other: int, score: float
) -> tuple[dict[str, float], tuple[SharedTerm, ...]]:
    """Return what each signal adds to the score of a pair, and the strongest shared terms.

    The parts add up to `score`. A pair with nothing in common has no parts.

    Parameters
    ----------
    scorer : Scorer
    query : Queries
        One query.
    other : int
        Row of the article in its list.
    score : float
        The score of the pair.
    """
    collection = scorer.collection
    vectors = query.vectors
    factors = scorer.factors(query)[:, 0]
    lexical, terms = shared_terms(
        query.sparse_row(0), collection.sparse.row(other), float(factors[0]), scorer.model.lexical.term
    )
    neural, across = _above_chance(scorer, query, other)
    weights = dict(zip(CONTENT, factors.tolist(), strict=True))
    dense = float(vectors.dense[0].astype(np.float64) @ collection.dense[other])
    content = {
        "lexical": lexical, "dense": weights["dense"] * dense, "neural": weights["neural"] * neural,
        "across": weights["across"] * across,
    }  # fmt: skip
    mentions = vectors.mentions.row(0)
    strength, rest = mentions.values[mentions.columns == other].sum(), sum(content.values())
    worth = mention_worth(*np.array([[strength], [rest]], np.float32))
    content["mention"] = weights["mention"] * float(worth[0])
    logs = scorer.logs(query, np.zeros(1, np.intp), np.array([other]))
    parts = parts_of(content, {name: float(log[0]) for name, log in logs.items()})
    raw = sum(parts.values())
    if raw <= 0 or score <= 0 or not (terms or neural > 0 or across > 0):
        return {}, ()
    scale = score / raw
    named = tuple(SharedTerm(each.term, scale * each.share) for each in terms)
    return {name: scale * part for name, part in parts.items() if part}, named


def _above_chance(scorer: Scorer, query: Queries, other: int) -> tuple[float, float]:
    """Return what the cosine of the neural vectors says of two articles: in one language, and in two."""
    model, vectors = scorer.model, query.vectors
    codes = int(vectors.languages[0]), int(scorer.collection.languages[other])
    crosses = model.crosses and min(codes) >= 0 and codes[0] != codes[1]
    cosine = vectors.neural[0].astype(np.float64) @ scorer.collection.neural[other]
    above = max(0.0, (float(cosine) - model.mean_cosine) / (1 - model.mean_cosine))
    return (0.0, above**3) if crosses else (above, 0.0)


def parts_of(content: Mapping[str, float], logs: Mapping[str, float]) -> dict[str, float]:
    """Return what each signal adds to a raw score. The parts add up to it.

    The gain by the logs, ``content * (exp(sum) - 1)``, is divided among them in proportion.

    Examples
    --------
    >>> parts = parts_of({"lexical": 0.2}, {"hub": -0.1, "time": 0.3})
    >>> bool(abs(sum(parts.values()) - 0.2 * np.exp(0.2)) < 1e-12)
    True
    """
    total, logged = sum(content.values()), sum(logs.values())
    gain = total * (np.expm1(logged) / logged if logged else 1.0)
    return dict(content) | {name: float(gain * log) for name, log in logs.items()}


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
        Terms named. The shares of all shared terms add up to the part.

    Returns
    -------
    part : float
        ``weight`` times the cosine of the rows.
    terms : tuple of SharedTerm
        Largest share first, ties by column. A term is left out if it adds only function words to the terms before it.
    """
    common, mine, theirs = np.intersect1d(row.columns, other.columns, return_indices=True)
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
