"""Groups of near copies."""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

__all__ = ["NearCopies"]


class NearCopies(NamedTuple):
    """Groups and pairs of near-copies.

    Attributes
    ----------
    groups : ndarray of int32, shape (n,)
        First row of each article's group; its own row if the article has no copies. Groups are the connected
        components of `pairs`, so two members may be less similar than the threshold.
    identical : ndarray of int32, shape (n,)
        First row with the same set of shingles, or for an article of fewer than five words the first with its
        title; the article's own row if there is no earlier one.
    pairs : ndarray of int32, shape (p, 2)
        Rows of two near-copies, the smaller row first, in ascending order. Only the first of several
        identical articles appears here. Above 2,000,000 pairs plus ten per article, only enough pairs to
        connect the groups.
    jaccard : ndarray of float64, shape (p,)
        Similarity of each pair, from the threshold up to 1, exclusive. Lower for a teaser and its article.
    """

    groups: NDArray[np.int32]
    identical: NDArray[np.int32]
    pairs: NDArray[np.int32]
    jaccard: NDArray[np.float64]

    @classmethod
    def alone(cls, n: int) -> Self:
        """Return what is known of n articles without copies."""
        rows = np.arange(n, dtype=np.int32)
        return cls(rows, rows, np.zeros((0, 2), np.int32), np.zeros(0))

    @classmethod
    def of_pairs(
        cls, identical: NDArray[np.int32], pairs: NDArray[np.int32], jaccard: NDArray[np.float64]
    ) -> Self:
        """Return the groups that some pairs and identical articles make."""
        return cls(_components(pairs, identical), identical, pairs, jaccard)

    def of(self, row: int) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """Return the rows of an article's near-copies and their Jaccard similarities.

        The most similar come first, ties by row. Takes one pass over the pairs.
        """
        first = self.identical[row]
        own = (self.pairs == first).any(axis=1)
        similarities = np.zeros(len(self.identical))
        similarities[self.pairs[own].sum(axis=1) - first] = self.jaccard[own]
        similarities[first] = 1
        similarities = similarities[self.identical]
        similarities[row] = 0
        rows = np.flatnonzero(similarities).astype(np.int32)
        rows = rows[np.argsort(-similarities[rows], kind="stable")]
        return rows, similarities[rows]

    def similarity(self, row: int, other: int) -> float | None:
        """Return the Jaccard similarity of two near-copies; None where a third article makes them a group."""
        rows, similarities = self.of(row)
        return dict(zip(rows.tolist(), similarities.tolist(), strict=True)).get(other)


def _components(pairs: NDArray[np.int32], identical: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the first row of each connected component of similar or identical articles."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    n = len(identical)
    if not len(pairs) and (identical == np.arange(n)).all():
        return identical.astype(np.int32)
    one = np.concatenate([pairs[:, 0], np.arange(n)])
    other = np.concatenate([pairs[:, 1], identical])
    links = coo_matrix((np.ones(len(one), dtype=np.int8), (one, other)), shape=(n, n))
    labels = connected_components(links, directed=False)[1] if n else np.empty(0, np.int32)
    _, first, members = np.unique(labels, return_index=True, return_inverse=True)
    return first[members].astype(np.int32)
