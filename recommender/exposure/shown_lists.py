"""Lists that change while exposure is spread over a site, and the figures that are taken of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

__all__ = ["Bools", "Floats", "Ints", "Rows", "ShownLists", "discounted", "in_degrees", "ranks"]

Bools: TypeAlias = NDArray[np.bool_]
Floats: TypeAlias = NDArray[np.float32]
Rows: TypeAlias = NDArray[np.int32]
Ints: TypeAlias = NDArray[np.integer[Any]]


@dataclass
class ShownLists:
    """Lists of k candidates each, in the order of their places.

    Parameters
    ----------
    rows, scores : ndarray of int32 and float32, shape (n, k)
        Padded with row -1 and score 0.
    places : ndarray of int, shape (n, k)
        Where they stand among the candidates of their list.
    """

    rows: Rows
    scores: Floats
    places: Ints

    @classmethod
    def at(cls, rows: Rows, scores: Floats, places: Ints) -> ShownLists:
        """Return the candidates at `places`, where m stands for none, of rows and scores of shape (n, m)."""
        none = places == rows.shape[1]
        at = np.where(none, 0, places)
        lists = cls(
            np.where(none, np.int32(-1), np.take_along_axis(rows, at, axis=1)),
            np.where(none, np.float32(0), np.take_along_axis(scores, at, axis=1)),
            places,
        )
        lists.sort()
        return lists

    def sort(self) -> None:
        """Put the entries of each list in the order of their places, none last."""
        beyond = np.iinfo(self.places.dtype).max
        order = np.argsort(np.where(self.rows < 0, beyond, self.places), axis=1, kind="stable")
        self.rows = np.take_along_axis(self.rows, order, axis=1)
        self.scores = np.take_along_axis(self.scores, order, axis=1)
        self.places = np.take_along_axis(self.places, order, axis=1)

    def orphans(self, eligible: Bools) -> Bools:
        """Return which eligible articles are in no list, shape (n,)."""
        return cast(Bools, eligible & (in_degrees(self.rows) == 0))


def in_degrees(lists: Rows) -> NDArray[np.int64]:
    """Return how many lists each article is in, shape (n,), for lists of shape (n, k) padded with -1."""
    return np.bincount(lists[lists >= 0], minlength=len(lists))


def discounted(losses: NDArray[Any], places: Ints) -> NDArray[Any]:
    """Return losses discounted by their places, which count from 0 (Järvelin and Kekäläinen 2002)."""
    return losses / np.log2(2 + places)


def ranks(groups: Ints) -> NDArray[np.int64]:
    """Return the place of each element within its run of equal ones, from 0.

    Examples
    --------
    >>> ranks(np.array([7, 7, 7, 2, 5, 5])).tolist()
    [0, 1, 2, 0, 0, 1]
    """
    starts = np.flatnonzero(np.append(True, groups[1:] != groups[:-1]))[: len(groups)]
    return np.arange(len(groups)) - np.repeat(starts, np.diff(np.append(starts, len(groups))))
