"""Raw scores become scores: how far a pair is above two unrelated articles of the site.

``score = raw / (raw + chance)``, where *chance* is the raw score that one in fifty pairs of unrelated articles reaches.
A score of 1/2 is at chance and 3/4 is three times as much, on every site and with every encoder.
"""

from __future__ import annotations

from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "calibrated", "chance_level", "opening_level", "opening_score", "raw_score", "tail_level", "without_nearest",
]  # fmt: skip

_TYPICAL = 0.02  # chance level of most sites of whole articles; twice that of short texts
_PRIOR = 400.0  # weight of the typical level in articles: on a small or narrow site few pairs are unrelated
_RANGE = 3.0  # times less or more than typical, at most
_OPENING = 1.4  # times chance that opens a list, at least
_READ = 0.45  # of what an opening is above chance, which is not needed where an encoder reads the texts
_REACHING = 4  # unrelated articles of a site that reach what opens a list


def chance_level(scores: NDArray[np.floating[Any]], n_articles: int, brevity: float = 0.0) -> float:
    """Return the raw score that one in fifty pairs of unrelated articles reaches.

    Parameters
    ----------
    scores : ndarray of float, shape (p,)
        Raw scores of random pairs that are not neighbours; 0 for pairs with nothing in common.
    n_articles : int
    brevity : float
        How short the texts of the site are, 0 to 1. The weights of their terms differ less, so that unrelated ones are
        closer.

    Returns
    -------
    float
        From a third of ``.02 * 2 ** brevity``, which is typical, to three times that. No pairs give what is typical.

    Notes
    -----
    Some pairs that are not neighbours are related nevertheless, and these have the highest scores. So the tail is not
    read off but extrapolated from the bulk. An exponential tail through the quantiles q(.5) and q(.9) reaches 2 % at
    2 q(.9) - q(.5).
    """
    typical = float(_TYPICAL * 2.0**brevity)
    if not len(scores):
        return round(typical, 6)
    found = np.clip(tail_level(scores), typical / _RANGE, typical * _RANGE)
    return round(float((n_articles * found + _PRIOR * typical) / (n_articles + _PRIOR)), 6)


def tail_level(scores: NDArray[np.floating[Any]]) -> float:
    """Return what one in fifty scores reaches by an exponential tail, see `chance_level`. There is one score or more."""
    middle, high = np.quantile(scores, [0.5, 0.9])
    return float(2 * high - middle)


def opening_level(
    scores: NDArray[np.floating[Any]], n_articles: int, chance: float, read: float = 0.0
) -> float:
    """Return how many times chance an article has to reach that opens a list.

    Parameters
    ----------
    scores : ndarray of float, shape (p,)
        Raw scores of random pairs that are not neighbours, as far as shared terms corroborate each other.
    n_articles : int
    chance : float
        See `chance_level`.
    read : float
        How far the scores are those of an encoder that reads whole texts, 0 to 1.

    Returns
    -------
    float
        1.4 or more, and 1.22 or more where `read` is 1.

    Notes
    -----
    An article without a partner has a best candidate too: the best of n unrelated ones. An exponential tail through the
    quantiles q(.5) and q(.98) says what four of n unrelated pairs reach. It counts as far as it is below that of a
    typical site, ``.5 * 25 ** -x`` at x times chance: pairs that are not neighbours may be related, most of all on a
    narrow site.

    Words that are shared by accident are what an opening is for. An encoder that reads the texts is not deceived by
    them, and raises chance, so that the same multiple of chance would close lists. What the opening is above chance
    counts 45 % less there.

    Examples
    --------
    >>> scores = np.random.default_rng(0).exponential(0.005, 20_000)
    >>> [round(opening_level(scores, n, 0.02), 2) for n in (300, 3_000, 30_000)]
    [1.4, 1.64, 2.22]
    """
    opening = _OPENING
    if len(scores):
        middle, high = np.quantile(scores, [0.5, 0.98])
        typical = log(max(n_articles / (2 * _REACHING), 1)) / log(25)
        found = float(middle + (high - middle) * typical) / chance
        opening = max(opening, min(found, typical))
    return round(1 + (opening - 1) * (1 - _READ * read), 4)


def without_nearest(
    scores: NDArray[np.floating[Any]], articles: NDArray[np.integer[Any]], n_nearest: int
) -> NDArray[np.intp]:
    """Return the places of scores of pairs without the `n_nearest` highest of each article.

    On a site about ten subjects, one random pair in ten is of one subject: these are the nearest pairs of an article.
    What they reach says nothing of chance.

    Parameters
    ----------
    scores : ndarray of float, shape (p,)
    articles : ndarray of int, shape (p,)
        The article that each pair belongs to.
    n_nearest : int
        The expected number of the ten nearest of an article among its random pairs.

    Examples
    --------
    >>> without_nearest(np.array([0.1, 0.3, 0.2, 0.5]), np.array([0, 0, 0, 7]), 1).tolist()
    [2, 0]
    """
    order = np.lexsort((-scores, articles))
    _, first, counts = np.unique(articles[order], return_index=True, return_counts=True)
    rank = np.arange(len(order)) - np.repeat(first, counts)
    kept: NDArray[np.intp] = order[rank >= n_nearest]
    return kept


def opening_score(floor: float, opening: float) -> float:
    """Return the score that some article has to reach before an article gets a list.

    Parameters
    ----------
    floor : float
        Least score of an entry, 0 to 1. One below chance lowers the opening in proportion.
    opening : float
        Times chance, see `opening_level`.

    Returns
    -------
    float
        0 to 1. A floor of 0 gives 0.

    Examples
    --------
    >>> [round(opening_score(floor, 1.4), 3) for floor in (0, 0.25, 0.5, 0.6, 0.75)]
    [0.0, 0.318, 0.583, 0.583, 0.583]
    """
    times = opening * min(floor / (1 - min(floor, 0.5)), 1)
    return times / (1 + times)


def calibrated(raw: Any, chance: float) -> Any:
    """Return raw scores as scores, 0 to 1, in the dtype they have; below 0 counts as 0."""
    raw = np.maximum(raw, 0)
    return raw / (raw + raw.dtype.type(chance))


def raw_score(score: float, chance: float) -> float:
    """Return the raw score of a score; infinite for 1."""
    return chance * score / (1 - score) if score < 1 else float("inf")
