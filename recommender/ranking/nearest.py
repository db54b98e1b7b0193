"""The best by content of queries, and what looks on while they are found."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Nearest", "See", "no_nearest"]

See: TypeAlias = Callable[[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]], None]
"""Looks at articles, shape (m,), their candidates, shape (m, c), and the signals of these, shape (5, m, c)."""


class Nearest(NamedTuple):
    """The best by content of each query.

    Attributes
    ----------
    rows : ndarray of int32, shape (m, c)
        First the `View.n_kept` best, one of each group of near copies, best first. Then, where the score decides
        which copy is listed, other members of groups. Padded with -1 in both parts.
    contents : ndarray of float32, shape (m, c)
        0 for padding.
    starved : ndarray of bool, shape (m,)
        Whether rules or near copies left too few candidates.
    """

    rows: NDArray[np.int32]
    contents: NDArray[np.float32]
    starved: NDArray[np.bool_]

    def block(self, queries: slice) -> Nearest:
        """Return those of some queries."""
        return Nearest(self.rows[queries], self.contents[queries], self.starved[queries])

    def first(self, n: int) -> Nearest:
        """Return the n best."""
        return Nearest(self.rows[:, :n], self.contents[:, :n], self.starved)

    def beside(self, more: Nearest) -> Nearest:
        """Return these and the nearest of other candidates of the same queries. The latter starve no query."""
        rows, contents = np.hstack([self.rows, more.rows]), np.hstack([self.contents, more.contents])
        return Nearest(rows, contents, self.starved)


def no_nearest(n: int, n_kept: int) -> Nearest:
    """Return nothing found for n queries, to be filled in."""
    rows = np.full((n, n_kept), -1, dtype=np.int32)
    return Nearest(rows, np.zeros(rows.shape, dtype=np.float32), np.zeros(n, dtype=np.bool_))
