"""Which lists hold an article, or are followed by it."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.index.kernels.array_layout import read_only
from recommender.lists.lists import Lists
from recommender.lists.reserve import Reserve
from recommender.updating.moved_lists import GONE

__all__ = ["ListHolders", "holding"]

_CHANGED = 5_000  # lists that are looked at one by one


def holding(lists: Lists, reserve: Reserve, articles: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Return the rows of lists that hold one of some articles or what was removed, or are followed by one, ascending.

    Parameters
    ----------
    lists, reserve
        Of all articles.
    articles : ndarray of bool, shape (n,)
    """
    found = _holding(read_only(lists.rows), articles) | _holding(read_only(reserve.rows), articles)
    return np.flatnonzero(found).astype(np.int32)


class ListHolders:
    """The lists that hold each article, of lists that are changed a few at a time.

    Those of some moment are kept by article. The lists that changed since are marked, and looked at one by one.
    """

    def __init__(self, lists: Lists, reserve: Reserve) -> None:
        parts = read_only(lists.rows), read_only(reserve.rows)
        self._starts, self._holders = _by_article(*parts)
        self._changed = np.zeros(len(lists.rows), dtype=np.bool_)

    def of(self, lists: Lists, reserve: Reserve, articles: NDArray[np.bool_]) -> NDArray[np.int32]:
        """Return what `holding` does for the lists of now."""
        known = np.flatnonzero(articles[: len(self._starts) - 1])
        runs = [self._holders[self._starts[each] : self._starts[each + 1]] for each in known.tolist()]
        asked = self._changed.copy()
        asked[np.concatenate([known[:0], *runs])] = True
        rows = np.flatnonzero(asked).astype(np.int32)
        return np.asarray(rows[_hold(read_only(lists.rows), read_only(reserve.rows), rows, articles)])

    def changed(self, rows: NDArray[np.int32], lists: Lists, reserve: Reserve) -> None:
        """Note lists that changed."""
        self._changed = np.concatenate(
            [self._changed, np.ones(len(lists.rows) - len(self._changed), np.bool_)]
        )
        self._changed[rows] = True
        if np.count_nonzero(self._changed) > _CHANGED:
            self.__init__(lists, reserve)  # type: ignore[misc]


@njit(nogil=True, cache=True)
def _holding(rows, articles):  # type: ignore[no-untyped-def]
    found = np.zeros(rows.shape[0], dtype=np.bool_)
    for row in range(rows.shape[0]):
        for each in rows[row]:
            found[row] |= each == GONE or (each >= 0 and articles[each])
    return found


@njit(nogil=True, cache=True)
def _hold(lists, reserve, rows, articles):  # type: ignore[no-untyped-def]
    """Return which of some lists hold one of the articles, or are followed by one."""
    found = np.zeros(rows.shape[0], dtype=np.bool_)
    for part in (lists, reserve):
        for place in range(rows.shape[0]):
            for each in part[rows[place]]:
                found[place] |= each >= 0 and articles[each]
    return found


@njit(nogil=True, cache=True)
def _by_article(lists, reserve):  # type: ignore[no-untyped-def]
    """Return the rows that hold each article as compressed sparse rows."""
    n = lists.shape[0]
    starts = np.zeros(n + 2, dtype=np.int64)
    for part in (lists, reserve):
        for row in range(n):
            for each in part[row]:
                if each >= 0:
                    starts[each + 2] += 1
    for each in range(n):
        starts[each + 2] += starts[each + 1]
    holders = np.empty(starts[n + 1], dtype=np.int32)
    for part in (lists, reserve):
        for row in range(n):
            for each in part[row]:
                if each >= 0:
                    holders[starts[each + 1]] = row
                    starts[each + 1] += 1
    return starts[:-1], holders
