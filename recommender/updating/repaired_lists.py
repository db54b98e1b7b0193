"""Lists that articles left or entered, without a ranking of all candidates."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recommender.lists.opening import is_opened
from recommender.lists.site import Site
from recommender.ranking.top_k import IdOrder, top_k
from recommender.scoring.queries import Queries
from recommender.updating.affected import Affected

__all__ = ["repaired_lists"]


def repaired_lists(site: Site, affected: Affected) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Repair the lists that articles left or entered in place, but for those that are made anew.

    Returns
    -------
    repaired, starved : ndarray of int32
        Rows whose lists were repaired, and those of them that may lack an article: they are ranked anew.
    """
    lists, reserve = site.lists, site.reserve
    rows = np.setdiff1d(np.union1d(affected.holding, affected.rows), affected.remade).astype(np.int32)
    if not len(rows):
        return rows, rows
    k, depth = lists.rows.shape[1], lists.rows.shape[1] + reserve.rows.shape[1]
    entering, their_scores = _entering(affected, rows)
    found = np.hstack([lists.rows[rows], reserve.rows[rows], entering])
    scores = np.hstack([lists.scores[rows], reserve.scores[rows], their_scores])
    leaves = found < 0
    leaves[:, :depth] |= affected.leaving[np.maximum(found[:, :depth], 0)]
    scores[leaves] = np.nan
    order = IdOrder.of(site.collection.id_order, site.collection.by_id)
    best, their_best = top_k(scores, np.maximum(found, 0), order, depth)
    lists.rows[rows], lists.scores[rows], lists.sources[rows] = best[:, :k], their_best[:, :k], 0
    reserve.rows[rows], reserve.scores[rows] = best[:, k:], their_best[:, k:]
    full = (~leaves).sum(axis=1) > depth
    reserve.bars[rows[full]] = their_best[full, -1]
    lacks = (best[:, k - 1] < 0) & (reserve.bars[rows] > np.float32(site.rules.ranking_floor))
    lost = np.flatnonzero((leaves[:, :depth] & (found[:, :depth] != -1)).any(axis=1) & ~lacks)
    queries = Queries.of_articles(site.collection, rows[lost])
    lacks[lost] = ~is_opened(site.scorer, site.rules, (best[lost], their_best[lost]), queries)
    return rows, rows[lacks]


def _entering(affected: Affected, rows: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return the articles that enter each of some lists and their scores, padded with -1."""
    places = np.searchsorted(rows, affected.rows)
    order = np.argsort(places, kind="stable")
    places = places[order]
    counts = np.bincount(places, minlength=len(rows))
    ranks = np.arange(len(places)) - np.repeat(np.cumsum(counts) - counts, counts)
    found = np.full((len(rows), int(counts.max(initial=0))), -1, dtype=np.int32)
    scores = np.zeros(found.shape, dtype=np.float32)
    found[places, ranks], scores[places, ranks] = affected.others[order], affected.scores[order]
    return found, scores
