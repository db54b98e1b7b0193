"""Lists with the rows of after an update, before any is made anew."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recommender.lists.lists import Lists
from recommender.lists.reserve import Reserve
from recommender.lists.site import Site
from recommender.updating.merge import Merge

__all__ = ["GONE", "moved_lists"]

GONE = -2
"""Stands in lists for an article that was removed, until the list is repaired."""


def moved_lists(site: Site, merge: Merge) -> tuple[Lists, Reserve]:
    """Return the lists of a site and what follows them by new rows. New articles have none."""
    n = len(merge.order)
    k = min(site.settings.k, max(n, 1))  # as `Site.longest_list`, after the update
    width = min(k, site.lists.rows.shape[1])
    empty = np.zeros((n, 0), dtype=np.float32)
    lists = Lists.of(empty.astype(np.int32), empty, k, 0.0)
    stayed, kept = merge.stayed, merge.kept
    lists.rows[stayed, :width] = _moved(site.lists.rows[kept, :width], merge)
    lists.scores[stayed, :width] = site.lists.scores[kept, :width]
    lists.sources[stayed, :width] = site.lists.sources[kept, :width]
    reserve = site.reserve
    spare = np.full((len(merge.added), reserve.rows.shape[1]), -1, dtype=np.int32)
    return lists, Reserve(
        merge.arrays(_moved(reserve.rows, merge), spare)
        if len(merge.added)
        else _moved(reserve.rows, merge)[kept],
        merge.arrays(reserve.scores, spare.astype(np.float32) * 0),
        merge.arrays(reserve.bars, np.zeros(len(merge.added), dtype=np.float32)),
    )


def _moved(rows: NDArray[np.int32], merge: Merge) -> NDArray[np.int32]:
    moved = merge.moved[rows]
    return np.where((rows >= 0) & (moved < 0), np.int32(GONE), moved)
