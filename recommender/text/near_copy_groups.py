"""Groups of near copies."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["NearCopies"]


class NearCopies(NamedTuple):
    """Which articles are copies of which.

    Attributes
    ----------
    groups : ndarray of int32, shape (n,)
        First row of the group that an article is in, its own if it is alone. A group is all that hang together by
        pairs, so two of its members may be less alike than the threshold.
    identical : ndarray of int32, shape (n,)
        First row with the very same shingles, its own if it is that or none has them.
    pairs : ndarray of int32, shape (p, 2)
        Rows of two near copies, the smaller first, ascending; of identical articles only the first stands here. All of
        them, but on a site with more than two millions and ten an article only as many as hold the groups together.
    jaccard : ndarray of float64, shape (p,)
        Of each pair: from the threshold up to, and without, 1.
    """

    groups: NDArray[np.int32]
    identical: NDArray[np.int32]
    pairs: NDArray[np.int32]
    jaccard: NDArray[np.float64]

    def of(self, row: int) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """Return the rows of all near copies of an article, most alike first, ties by row, and their Jaccard similarities.

        Costs one pass over the pairs.
        """
        first = self.identical[row]
        mine = (self.pairs == first).any(axis=1)
        alike = np.zeros(len(self.identical))
        alike[self.pairs[mine].sum(axis=1) - first] = self.jaccard[mine]
        alike[first] = 1
        alike = alike[self.identical]
        alike[row] = 0
        rows = np.flatnonzero(alike).astype(np.int32)
        rows = rows[np.argsort(-alike[rows], kind="stable")]
        return rows, alike[rows]
