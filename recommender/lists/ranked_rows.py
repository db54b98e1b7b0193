"""The ranking of some articles of a site among all others."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.lists.drafts import wide_budget
from recommender.lists.opening import Ranking
from recommender.ranking.candidates import AllArticles
from recommender.ranking.candidates_of_rows import CandidateRows, Search
from recommender.ranking.nearest import Nearest, See
from recommender.ranking.ranker import Ranker
from recommender.ranking.second_round import SECOND_ROUND, LeftOut, neighbours_by_lists
from recommender.ranking.site_sizes import is_large, is_small
from recommender.ranking.starved import ranked_anew

__all__ = ["Known", "nearest_of_rows", "ranked_rows"]


class Known(NamedTuple):
    """Articles, ascending, whose nearest are known."""

    rows: NDArray[np.int32]
    nearest: Nearest


def ranked_rows(
    ranker: Ranker,
    search: Search,
    rows: NDArray[np.int32],
    depth: int,
    known: Known | None = None,
    lists: NDArray[np.int32] | None = None,
) -> Ranking:
    """Return the `depth` best of some articles by the rules and the scorer of a ranker, as a build ranks them.

    `search` finds candidates where the site is not small. `rows` ascend and hold those whose nearest are `known`. See
    `nearest_of_rows` for `lists`.
    """
    floor = ranker.rules.ranking_floor
    if known is None:
        near = nearest_of_rows(ranker, search, rows, depth, lists=lists)
    else:
        others = np.setdiff1d(rows, known.rows).astype(np.int32)
        near = known.nearest
        if len(others):
            near = _both(known, Known(others, nearest_of_rows(ranker, search, others, depth, lists=lists)))
    if is_small(len(ranker.scorer.collection)):
        return ranker.ranked(near, depth, floor, rows)
    best, scores = ranker.ranked(near, depth, floor, rows)
    starved = np.flatnonzero(near.starved)
    if len(starved):
        best[starved], scores[starved] = ranked_anew(ranker, rows[starved], depth, floor)
    return best, scores


def nearest_of_rows(
    ranker: Ranker,
    search: Search,
    rows: NDArray[np.int32],
    depth: int,
    see: See | None = None,
    lists: NDArray[np.int32] | None = None,
) -> Nearest:
    """Return the nearest of some articles, of which the `depth` best are ranked; see `Ranker.nearest` for `see`.

    Parameters
    ----------
    ranker : Ranker
    search : callable
    rows : ndarray of int32, shape (m,)
    depth : int
    see : callable or None
    lists : ndarray of int32, shape (n, k), or None
        The lists of all articles. On a large site what those of the best hold is compared as well, as in the second
        round of a build.
    """
    n, view = len(ranker.scorer.collection), ranker.view(depth)
    if is_small(n):
        return ranker.nearest(AllArticles(np.arange(n, dtype=np.int32)), [view], rows, see)[0]
    (near,) = ranker.nearest(search(rows, wide_budget(depth)), [view], rows, see)
    near = ranker.with_mates(near, view, rows, see)
    if lists is None or not is_large(n):
        return near
    best, _ = ranker.ranked(near, depth, ranker.rules.ranking_floor, rows)
    groups = ranker.rules.eligibility.columns.group
    more = CandidateRows(
        rows, neighbours_by_lists(best, lists, LeftOut(near.rows, groups), SECOND_ROUND, rows)
    )
    return near.beside(ranker.nearest(more, [view], rows, see)[0])


def _both(one: Known, other: Known) -> Nearest:
    """Return the nearest of two sets of articles by ascending row."""
    order = np.argsort(np.concatenate([one.rows, other.rows]))
    pairs = zip(one.nearest, other.nearest, strict=True)
    return Nearest(*(np.concatenate(pair)[order] for pair in pairs))
