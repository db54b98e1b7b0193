"""What stands behind each list: the articles that follow, and the score down to which they are complete.

With them a deletion seldom needs a search, and whether another article changes a list is one comparison.
"""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from recommender.lists.choosing_steps import choosing_depth
from recommender.lists.opening import Ranked
from recommender.rules.site_rules import SiteRules

__all__ = ["Reserve", "ranking_depth"]

_SPARE = 6  # articles that follow a list


class Reserve(NamedTuple):
    """The articles behind the lists of a site.

    Attributes
    ----------
    rows : ndarray of int32, shape (n, s)
        Best first, padded with -1. s is 0 where rules choose among the ranked articles.
    scores : ndarray of float32, shape (n, s)
    bars : ndarray of float32, shape (n,)
        The score from which on an article that is ranked anew would change a list or what follows it: that of the last
        article when the list was ranked, or the floor where no more were found. That of a list that is closed is the
        score that opens it.
    """

    rows: NDArray[np.int32]
    scores: NDArray[np.float32]
    bars: NDArray[np.float32]

    @classmethod
    def of(cls, ranked: Ranked, k: int, rules: SiteRules) -> Self:
        """Return what follows lists of k, from the ranking that they were made of. Nothing follows a closed list."""
        closed = ~ranked.opens
        rows, scores = ranked.rows.copy(), ranked.scores.copy()
        rows[closed], scores[closed] = -1, 0
        floor = np.float32(rules.ranking_floor)
        if not rows.shape[1]:
            return cls(rows, scores, np.full(len(rows), floor, dtype=np.float32))
        bars = np.where(rows[:, -1] >= 0, scores[:, -1], floor).astype(np.float32)
        bars[closed] = ranked.opening
        if rules.chooses:
            return cls(rows[:, :0], scores[:, :0], bars)
        return cls(rows[:, k:].copy(), scores[:, k:].copy(), bars)

    @classmethod
    def empty(cls, n: int) -> Self:
        """Return the reserve of lists that were not ranked."""
        rows = np.zeros((n, 0), dtype=np.int32)
        return cls(rows, rows.astype(np.float32), np.zeros(n, dtype=np.float32))


def ranking_depth(rules: SiteRules, k: int) -> int:
    """Return how many articles are ranked for stored lists of k."""
    return choosing_depth(rules, k) if rules.chooses else k + _SPARE
