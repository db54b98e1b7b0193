"""Links between articles as names: what each article is called, and what it links to under which names.

Names are hashes, and those of an article depend on the article alone. Which article a name stands for depends on all of
them, so links are resolved anew for each set of articles, whether a build or updates made it.
"""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

__all__ = ["KEYS", "LinkNames", "LinkTargets", "joined_targets", "linked_pairs"]

KEYS = 4
"""Possible names of one target."""


class LinkTargets(NamedTuple):
    """What articles link to, as compressed rows.

    Attributes
    ----------
    indptr : ndarray of int64, shape (n + 1,)
    names : ndarray of uint64, shape (m, KEYS)
        Possible names of each target, likeliest first, 0 past the last.
    """

    indptr: NDArray[np.int64]
    names: NDArray[np.uint64]

    @classmethod
    def none(cls) -> Self:
        """Return the targets of no article."""
        return cls(np.zeros(1, np.int64), np.zeros((0, KEYS), np.uint64))

    def take(self, rows: NDArray[np.int64]) -> Self:
        """Return the targets of some articles."""
        lengths = np.diff(self.indptr)[rows]
        indptr = np.concatenate([[0], lengths.cumsum()]).astype(np.int64)
        within = np.arange(indptr[-1]) - np.repeat(indptr[:-1], lengths)
        return type(self)(indptr, self.names[np.repeat(self.indptr[:-1][rows], lengths) + within])


class LinkNames(NamedTuple):
    """The names of articles and of what they link to.

    Attributes
    ----------
    own : ndarray of uint64, shape (n, 2)
        By address and by id; 0 for none.
    links : LinkTargets
        In the text.
    alternates : LinkTargets
        Other languages of the same page.
    keys : ndarray of uint64, shape (n,)
        The same for articles that share a key of their translations, 0 for none.
    """

    own: NDArray[np.uint64]
    links: LinkTargets
    alternates: LinkTargets
    keys: NDArray[np.uint64]

    @classmethod
    def none(cls) -> Self:
        """Return the names of no article."""
        own, keys = np.zeros((0, 2), np.uint64), np.zeros(0, np.uint64)
        return cls(own, LinkTargets.none(), LinkTargets.none(), keys)

    def take(self, rows: NDArray[np.int64]) -> Self:
        """Return the names of some articles."""
        return type(self)(self.own[rows], self.links.take(rows), self.alternates.take(rows), self.keys[rows])


def joined_targets(parts: list[LinkTargets]) -> LinkTargets:
    """Return the targets of several sets of articles as one."""
    ends = np.cumsum([0, *(len(part.names) for part in parts)])
    starts = [part.indptr[:-1] + end for part, end in zip(parts, ends[:-1], strict=True)]
    indptr = np.concatenate([*starts, ends[-1:]]).astype(np.int64, copy=False)
    return LinkTargets(indptr, np.concatenate([part.names for part in parts]))


def linked_pairs(
    own: NDArray[np.uint64], targets: LinkTargets
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return each pair of an article and another that it links to, once, ascending.

    A target is the first of its names that one article alone has.

    Parameters
    ----------
    own : ndarray of uint64, shape (n, 2)
        See `LinkNames`.
    targets : LinkTargets
        Of the same articles.

    Notes
    -----
    Takes two binary searches among ``2 n`` names for most targets.
    """
    n = len(own)
    if not len(targets.names):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    names, first, counts = np.unique(own, return_index=True, return_counts=True)
    kept = (counts == 1) & (names > 0)
    names, rows = np.append(names[kept], np.uint64(0)), np.append(first[kept] // 2, -1)
    linked = np.full(len(targets.names), -1, dtype=np.int64)
    for key in range(KEYS):
        some = np.flatnonzero((linked < 0) & (targets.names[:, key] > 0))
        at = np.searchsorted(names[:-1], targets.names[some, key])
        linked[some] = np.where(names[at] == targets.names[some, key], rows[at], -1)
    sources = np.repeat(np.arange(len(targets.indptr) - 1), np.diff(targets.indptr))
    real = (linked >= 0) & (linked != sources)
    sources, linked = np.divmod(np.unique(sources[real] * n + linked[real]), max(n, 1))
    return sources, linked
