"""The ranking of some articles of a site among all others."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recommender.lists.drafts import wide_budget
from recommender.lists.opening import Ranking
from recommender.ranking.candidates import AllArticles
from recommender.ranking.candidates_of_rows import Search
from recommender.ranking.ranker import Ranker
from recommender.ranking.site_sizes import is_small
from recommender.ranking.starved import ranked_anew

__all__ = ["ranked_rows"]


def ranked_rows(ranker: Ranker, search: Search, rows: NDArray[np.int32], depth: int) -> Ranking:
    """Return the `depth` best of some articles by the rules and the scorer of a ranker, as a build ranks them.

    `search` finds candidates where the site is not small.
    """
    rules, n = ranker.rules, len(ranker.scorer.collection)
    view, floor = ranker.view(depth), rules.ranking_floor
    if is_small(n):
        everything = AllArticles(np.arange(n, dtype=np.int32))
        (near,) = ranker.nearest(everything, [view], rows)
        return ranker.ranked(near, depth, floor, rows)
    found = search(rows, wide_budget(depth))
    (near,) = ranker.nearest(found, [view], rows)
    best, scores = ranker.ranked(near, depth, floor, rows)
    starved = np.flatnonzero(near.starved)
    if len(starved):
        best[starved], scores[starved] = ranked_anew(ranker, rows[starved], depth, floor)
    return best, scores
