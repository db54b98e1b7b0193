"""The ranking of some articles of a site among all others."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.lists.drafts import wide_budget
from recommender.lists.opening import Ranking
from recommender.ranking.candidates import AllArticles, Candidates
from recommender.ranking.candidates_of_rows import Search
from recommender.ranking.nearest import Nearest, See
from recommender.ranking.ranker import Ranker
from recommender.ranking.site_sizes import is_small
from recommender.ranking.starved import ranked_anew

__all__ = ["Known", "nearest_of_rows", "ranked_rows"]


class Known(NamedTuple):
    """Articles, ascending, whose nearest are known."""

    rows: NDArray[np.int32]
    nearest: Nearest


def ranked_rows(
    ranker: Ranker, search: Search, rows: NDArray[np.int32], depth: int, known: Known | None = None
) -> Ranking:
    """Return the `depth` best of some articles by the rules and the scorer of a ranker, as a build ranks them.

    `search` finds candidates where the site is not small. `rows` ascend and hold those whose nearest are `known`.
    """
    floor = ranker.rules.ranking_floor
    if known is None:
        near = nearest_of_rows(ranker, search, rows, depth)
    else:
        others = np.setdiff1d(rows, known.rows).astype(np.int32)
        near = known.nearest
        if len(others):
            near = _both(known, Known(others, nearest_of_rows(ranker, search, others, depth)))
    if is_small(len(ranker.scorer.collection)):
        return ranker.ranked(near, depth, floor, rows)
    best, scores = ranker.ranked(near, depth, floor, rows)
    starved = np.flatnonzero(near.starved)
    if len(starved):
        best[starved], scores[starved] = ranked_anew(ranker, rows[starved], depth, floor)
    return best, scores


def nearest_of_rows(
    ranker: Ranker, search: Search, rows: NDArray[np.int32], depth: int, see: See | None = None
) -> Nearest:
    """Return the nearest of some articles, of which the `depth` best are ranked; see `Ranker.nearest` for `see`."""
    n = len(ranker.scorer.collection)
    if is_small(n):
        found: Candidates = AllArticles(np.arange(n, dtype=np.int32))
    else:
        found = search(rows, wide_budget(depth))
    view = ranker.view(depth)
    return ranker.with_mates(ranker.nearest(found, [view], rows, see)[0], view, rows, see)


def _both(one: Known, other: Known) -> Nearest:
    """Return the nearest of two sets of articles by ascending row."""
    order = np.argsort(np.concatenate([one.rows, other.rows]))
    pairs = zip(one.nearest, other.nearest, strict=True)
    return Nearest(*(np.concatenate(pair)[order] for pair in pairs))
