"""The lists of a large site and what follows them, in arrays that grow by rows and belong to one writer."""

from __future__ import annotations

import numpy as np

from recommender.lists.lists import Lists
from recommender.lists.reserve import Reserve
from recommender.updating.growing import Growing

__all__ = ["GrowingLists"]


class GrowingLists:
    """Lists that are repaired in place."""

    def __init__(self, lists: Lists, reserve: Reserve) -> None:
        self._k, self._spare = lists.rows.shape[1], reserve.rows.shape[1]
        self._rows, self._scores = Growing(np.array(lists.rows)), Growing(np.array(lists.scores))
        self._sources, self._bars = Growing(np.array(lists.sources)), Growing(np.array(reserve.bars))
        self._spare_rows = Growing(np.array(reserve.rows))
        self._spare_scores = Growing(np.array(reserve.scores))

    def grown(self, n: int, n_new: int) -> tuple[Lists, Reserve]:
        """Return the lists of the first n articles and, behind them, as many empty ones as there are new articles."""
        empty, spare = np.zeros((n_new, self._k)), np.zeros((n_new, self._spare))
        lists = Lists(
            self._rows.grown(n, empty - 1), self._scores.grown(n, empty), self._sources.grown(n, empty)
        )
        reserve = Reserve(
            self._spare_rows.grown(n, spare - 1), self._spare_scores.grown(n, spare),
            self._bars.grown(n, np.zeros(n_new)),
        )  # fmt: skip
        return lists, reserve
