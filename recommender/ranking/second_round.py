"""Neighbours of neighbours: the lists of a list's articles, and the lists that they are in.

Candidates by words and vectors miss articles that are further away by content and come near by date, section or tags.
Those are near to each other too, so lists lead to them (Dong, Moses and Li 2011).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Self

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.index.kernels.array_layout import read_only
from recommender.index.kernels.large_arrays import large_array
from recommender.index.threads import on_all_threads, slices

__all__ = [
    "SECOND_ROUND",
    "Holders",
    "LeftOut",
    "followed",
    "neighbours_by_lists",
    "neighbours_of_neighbours",
]

SECOND_ROUND = 32
"""Candidates of a second round, for each article."""

_FIRST = 10  # entries of each list that are followed
_BLOCK = 4_096  # articles that a thread takes at a time
_BACK = 20  # lists holding an article that are followed, those in which it ranks highest first


def neighbours_of_neighbours(
    lists: NDArray[np.int32],
    left_out: LeftOut,
    n: int,
    of: NDArray[np.int32] | None = None,
    holders: Holders | None = None,
    n_jobs: int | None = None,
) -> NDArray[np.int32]:
    """Return up to `n` rows for each of some articles that its list leads to, int32 of shape (m, n), padded with -1.

    First come articles whose lists hold it, then the lists of those in its list, then articles whose lists hold these.

    Parameters
    ----------
    lists : ndarray of int32, shape (n_articles, k)
        Best first, padded with -1. Rows are in the order of the ids.
    left_out : LeftOut
    n : int
    of : ndarray of int32, shape (m,), or None
        The articles whose neighbours are wanted. None means all.
    holders : Holders or None
        Those of the lists, where they are there already.
    n_jobs : int or None
    """
    lists = followed(lists)
    holders = Holders.of(lists) if holders is None else holders
    of = np.arange(len(lists), dtype=np.int32) if of is None else of
    firsts = lists if len(of) == len(lists) else lists[of]
    return _followed_from(firsts, lists, holders, left_out, (of, n), n_jobs)


def neighbours_by_lists(
    firsts: NDArray[np.int32],
    lists: NDArray[np.int32],
    left_out: LeftOut,
    n: int,
    of: NDArray[np.int32],
) -> NDArray[np.int32]:
    """Return up to `n` rows that the lists of the best of some articles hold, int32 of shape (m, n), padded with -1.

    `firsts` are the best of the m articles `of`, the rest is as for `neighbours_of_neighbours`. Who holds an article plays
    no part, so the time does not grow with the site.
    """
    none = Holders(np.zeros(len(lists) + 1, dtype=np.int64), np.zeros(0, dtype=np.int32))
    return _followed_from(firsts, lists, none, left_out, (of, n), n_jobs=1)


def _followed_from(
    firsts: NDArray[np.int32],
    lists: NDArray[np.int32],
    holders: Holders,
    left_out: LeftOut,
    wanted: tuple[NDArray[np.int32], int],
    n_jobs: int | None,
) -> NDArray[np.int32]:
    of, n = wanted
    found = np.full((len(of), n), -1, dtype=np.int32)
    site = read_only(lists), (read_only(holders.starts), read_only(holders.rows)), left_out.groups
    firsts, known = read_only(firsts), read_only(left_out.known)
    blocks = slices(len(of), _BLOCK)

    def fill(blocks: Iterator[slice]) -> None:
        seen = np.full(len(lists), -1, dtype=np.int32)
        for block in blocks:
            _neighbours(site, (of[block], firsts[block], known[block]), seen, found[block])

    on_all_threads(lambda: fill(blocks), n_jobs if len(of) > _BLOCK else 1)
    return found


def followed(lists: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the part of lists that is followed, shape (n, 10) at most."""
    return np.ascontiguousarray(lists[:, :_FIRST])


class LeftOut(NamedTuple):
    """What articles are not led to: those that each was compared with already, itself, and near copies of all these.

    Attributes
    ----------
    known : ndarray of int32, shape (m, c)
        Padded with -1.
    groups : ndarray of int32, shape (n_articles,)
        The same number for near copies of each other. One of each group is returned.
    """

    known: NDArray[np.int32]
    groups: NDArray[np.int32]


class Holders(NamedTuple):
    """The lists that hold each article, those in which it ranks highest first.

    Attributes
    ----------
    starts : ndarray of int64, shape (n_articles + 1,)
    rows : ndarray of int32
    """

    starts: NDArray[np.int64]
    rows: NDArray[np.int32]

    @classmethod
    def of(cls, lists: NDArray[np.int32]) -> Self:
        """Return the holders of all articles, from the part of lists that is followed."""
        lists = read_only(lists)
        starts = _holder_starts(lists)
        rows = large_array((int(starts[-1]),), np.int32)
        _write_holders(lists, starts[:-1].copy(), rows)
        return cls(starts, rows)


@njit(nogil=True, cache=True)
def _holder_starts(lists):  # type: ignore[no-untyped-def]
    starts = np.zeros(lists.shape[0] + 1, dtype=np.int64)
    for row in range(lists.shape[0]):
        for other in lists[row]:
            if other >= 0:
                starts[other + 1] += 1
    return np.cumsum(starts)


@njit(nogil=True, cache=True)
def _write_holders(lists, ends, rows):  # type: ignore[no-untyped-def]
    for rank in range(lists.shape[1]):
        for row in range(lists.shape[0]):
            other = lists[row, rank]
            if other >= 0:
                rows[ends[other]] = row
                ends[other] += 1


@njit(nogil=True, cache=True)
def _neighbours(site, articles, seen, found):  # type: ignore[no-untyped-def]
    """Fill in what the lists lead to. `seen` holds no row of these articles."""
    (lists, (starts, back), groups), (of, firsts, known) = site, articles
    for place in range(of.shape[0]):
        row = of[place]
        seen[groups[row]] = row
        for other in known[place]:
            if other >= 0:
                seen[groups[other]] = row
        n_found = 0
        for other in back[starts[row] : starts[row + 1]][:_BACK]:
            n_found = _take(other, row, groups, seen, found[place], n_found)
        n_listed = np.sum(firsts[place, :_FIRST] >= 0)
        for other in firsts[place, :n_listed]:
            for further in lists[other, :_FIRST]:
                n_found = _take(further, row, groups, seen, found[place], n_found)
        for other in firsts[place, :n_listed]:
            for further in back[starts[other] : starts[other + 1]][:_BACK]:
                n_found = _take(further, row, groups, seen, found[place], n_found)


@njit(nogil=True, cache=True, inline="always")
def _take(other, row, groups, seen, found, n_found):  # type: ignore[no-untyped-def]
    """Add an article that was not seen. Return how many there are now."""
    if other < 0 or n_found == found.shape[0]:
        return n_found
    if seen[groups[other]] != row:
        seen[groups[other]] = row
        found[n_found] = other
        n_found += 1
    return n_found
