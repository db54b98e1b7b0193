"""What a pair of languages does to a score: pairs of unrelated articles reach the same in all.

``log = ln(chance / chance of the pair)``, where the chance of a pair of languages is the raw score that one in fifty pairs
of unrelated articles in these reaches, as `chance_level` reads it off. So a score says the same within a language and
across languages. Where few pairs were measured, the level is drawn to that of all pairs of two languages.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.scoring.calibration import tail_level

__all__ = ["LanguagePairs", "language_logs"]

_PRIOR = 400.0  # articles that the typical level counts as, and pairs that the level of all pairs of languages does
_MOST = np.log(50.0)  # of a log, and the least with a minus


class LanguagePairs(NamedTuple):
    """The logs of pairs of articles by their languages.

    Attributes
    ----------
    languages : ndarray of int16, shape (n,)
        Of all articles, see `Collection`.
    logs : ndarray of float32, shape (n_languages + 1, n_languages + 1)
        See `language_logs`.
    """

    languages: NDArray[np.int16]
    logs: NDArray[np.float32]

    def between(self, own: NDArray[np.integer[Any]], others: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
        """Return the logs of pairs of a language and the row of an article. They are 0 where a language is unknown."""
        theirs, unknown = self.languages[others], len(self.logs) - 1
        places = (np.where((each >= 0) & (each < unknown), each, unknown) for each in (own, theirs))
        found = self.logs[tuple(places)]
        return np.where((own == theirs) | (own < 0) | (theirs < 0), np.float32(0), found)


def language_logs(
    scores: NDArray[np.floating[Any]],
    pairs: tuple[NDArray[np.integer[Any]], NDArray[np.integer[Any]]],
    n_languages: int,
    levels: tuple[float, float],
    n_articles: int,
) -> NDArray[np.float32]:
    """Return the log of each pair of languages, symmetric, with zeros on the diagonal.

    Parameters
    ----------
    scores : ndarray of float, shape (p,)
        Raw scores of random pairs of articles in two languages that are not neighbours.
    pairs : tuple of ndarray of int, shape (p,)
        Places of their languages, 0 to n_languages - 1.
    n_languages : int
    levels : tuple of float
        The chance of pairs in one language, and the level of pairs in two on a typical site: that of a small one.
    n_articles : int

    Returns
    -------
    ndarray of float32, shape (n_languages + 1, n_languages + 1)
        From -ln 50 to ln 50, to four digits. The last row and column are those of languages that the site did not have.
    """
    n = n_languages + 1
    (chance, typical), weight = levels, n_articles if len(scores) else 0
    general = (weight * (tail_level(scores) if weight else 0) + _PRIOR * typical) / (weight + _PRIOR)
    found = np.full((n, n), general)
    low, high = np.minimum(*pairs), np.maximum(*pairs)
    for pair in np.unique(low * n + high).tolist():
        one, other = divmod(pair, n)
        some = scores[(low == one) & (high == other)]
        weight = min(len(some), n_articles)
        level = (weight * tail_level(some) + _PRIOR * general) / (weight + _PRIOR)
        found[one, other] = found[other, one] = level
    logs = np.log(chance / np.maximum(found, chance * np.exp(-_MOST)))
    logs[np.arange(n_languages), np.arange(n_languages)] = 0
    return np.asarray(np.maximum(logs, -_MOST).round(4), dtype=np.float32)
