"""What fills a list that is short: a ladder that the site declares, each entry labelled with its rung."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.ranking.recency import NO_DATE

__all__ = ["Ladder", "fill"]

_CHUNK = 64  # asked at a time


class Ladder:
    """The rungs of a site: its articles in the order in which each offers them, sorted when a list is short.

    Parameters
    ----------
    rungs : sequence of str
        Of `recommender.assembly.policy.RUNGS`.
    published : ndarray of int64, shape (n,)
    section : ndarray of int32, shape (n,)
        Code, -1 for none.
    popularity : ndarray of float64, shape (n,)
        NaN where unknown: such an article is not offered as popular.
    id_order : ndarray of int32, shape (n,)
    """

    def __init__(
        self,
        rungs: Sequence[str],
        published: NDArray[np.int64],
        section: NDArray[np.int32],
        popularity: NDArray[np.float64],
        id_order: NDArray[np.int32],
    ) -> None:
        self.rungs = tuple(rungs)
        self._published, self._section, self._id_order = published, section, id_order
        self._popularity = popularity

    @cached_property
    def _newest(self) -> NDArray[Any]:
        newest = np.lexsort((self._id_order, -self._published.astype(np.float64)))
        return np.asarray(newest[self._published[newest] != NO_DATE])

    @cached_property
    def _popular(self) -> NDArray[Any]:
        known = np.flatnonzero(~np.isnan(self._popularity))
        return np.asarray(known[np.lexsort((self._id_order[known], -self._popularity[known]))])

    @cached_property
    def _sections(self) -> Mapping[int, NDArray[Any]]:
        sections = self._section[self._newest]
        return {code: self._newest[sections == code] for code in np.unique(sections[sections >= 0]).tolist()}

    def offers(self, rung: str, section: int) -> NDArray[Any]:
        """Return the rows that a rung offers to an article of a section, best first."""
        if rung == "section":
            return self._sections.get(section, np.zeros(0, dtype=np.int64))
        return self._newest if rung == "newest" else self._popular


def fill(
    ladder: Ladder,
    section: int,
    taken: Sequence[int],
    wanted: int,
    allows: Callable[[NDArray[Any]], NDArray[np.bool_]],
) -> list[tuple[int, str]]:
    """Return rows and their rungs that fill a list up to `wanted` entries; fewer where the ladder ends.

    Parameters
    ----------
    ladder : Ladder
    section : int
        Code of the section of the article whose list it is, -1 for none.
    taken : sequence of int
        Rows that the list has.
    wanted : int
    allows : callable
        Rows in, which of them may stand in the list out.
    """
    have = set(taken)
    found: list[tuple[int, str]] = []
    for rung in ladder.rungs:
        offers = ladder.offers(rung, section)
        for start in range(0, len(offers), _CHUNK):
            if len(taken) + len(found) >= wanted:
                return found
            some = offers[start : start + _CHUNK]
            for row in some[allows(some)].tolist():
                if row not in have and len(taken) + len(found) < wanted:
                    have.add(row)
                    found.append((row, rung))
    return found
