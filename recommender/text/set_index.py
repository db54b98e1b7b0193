"""An index of sets by their rarest members, for an exact similarity join.

A set is indexed under its rarest members only (AllPairs, Bayardo et al. 2007; PPJoin, Xiao et al. 2008).
Before that, every set that shares too few of its members with all others together is dropped: a tenth of the
articles of a wiki remained, 3 % of documentation and news, and a thousandth of abstracts.
"""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.text.set_bounds import least_shared, least_with_any

__all__ = ["SetIndex"]


class SetIndex(NamedTuple):
    """Sets ordered by size, smallest first, with an inverted index of their rarest members.

    Attributes
    ----------
    rows : ndarray of int64, shape (m,)
        The caller's row number of each set.
    sizes : ndarray of int64, shape (m,)
        Sizes of the whole sets. Members that appear in no other set count, but are not in `tokens`.
    indptr, tokens : ndarray of int64, shape (m + 1,); ndarray of int32
        Ranks of the recurring members of each set, rarest first.
    starts, owners, places : ndarray of int64, int32 and int32
        For each token, the sets that are indexed under it, and its place among their tokens.
    """

    rows: NDArray[np.int64]
    sizes: NDArray[np.int64]
    indptr: NDArray[np.int64]
    tokens: NDArray[np.int32]
    starts: NDArray[np.int64]
    owners: NDArray[np.int32]
    places: NDArray[np.int32]

    @classmethod
    def of(
        cls,
        rows: NDArray[np.int64],
        sizes: NDArray[np.int64],
        n_kept: NDArray[np.int64],
        members: NDArray[np.uint64],
        at_least: float,
    ) -> Self:
        """Return the index of some sets.

        Parameters
        ----------
        rows, sizes : ndarray of int64, shape (n,)
            Row number and size of each set.
        n_kept : ndarray of int64, shape (n,)
            Number of members of each set in `members`.
        members : ndarray of uint64
            Members of all sets, one set after the other. Must hold every member that appears in two sets or
            more.
        at_least : float
            Jaccard similarity that a join with this index has to reach.
        """
        _, ranks, counts = np.unique(members, return_inverse=True, return_counts=True)
        n_kept, ranks = _recurring(ranks, counts, sizes, n_kept, at_least)
        rows, sizes, n_kept = rows[n_kept > 0], sizes[n_kept > 0], n_kept[n_kept > 0]
        by_size = np.lexsort((rows, sizes))
        by_rarity = np.empty(len(counts), dtype=np.int32)
        by_rarity[np.argsort(counts, kind="stable")] = np.arange(len(counts), dtype=np.int32)
        indptr, tokens = _ordered(by_rarity, ranks, n_kept, by_size)
        rows, sizes = rows[by_size], sizes[by_size]
        postings = _postings(sizes, indptr, tokens, len(counts), at_least)
        return cls(rows, sizes, indptr, tokens, *postings)


@njit(nogil=True, cache=True)
def _recurring(ranks, counts, sizes, n_kept, at_least):  # type: ignore[no-untyped-def]
    """Drop the members that appear in one set only, and the sets that keep too few members."""
    lengths = np.zeros_like(n_kept)
    kept = np.empty(ranks.shape[0], dtype=np.int32)
    end, total = 0, 0
    for row in range(n_kept.shape[0]):
        begin, end = end, end + n_kept[row]
        before = total
        for at in range(begin, end):
            kept[total] = ranks[at]
            total += counts[ranks[at]] > 1
        if total - before < least_with_any(sizes[row], at_least):
            total = before
        lengths[row] = total - before
    return lengths, kept[:total].copy()


@njit(nogil=True, cache=True)
def _ordered(by_rarity, ranks, n_kept, by_size):  # type: ignore[no-untyped-def]
    """Return the sets in order of size, and the members of each in order of rarity."""
    starts = np.cumsum(n_kept) - n_kept
    indptr = np.zeros(by_size.shape[0] + 1, dtype=np.int64)
    tokens = np.empty(ranks.shape[0], dtype=np.int32)
    for place in range(by_size.shape[0]):
        row = by_size[place]
        indptr[place + 1] = indptr[place] + n_kept[row]
        members = by_rarity[ranks[starts[row] : starts[row] + n_kept[row]]]
        members.sort()
        tokens[indptr[place] : indptr[place + 1]] = members
    return indptr, tokens


@njit(nogil=True, cache=True)
def _postings(sizes, indptr, tokens, n_tokens, at_least):  # type: ignore[no-untyped-def]
    """Index each set under its first tokens, of which every larger similar set contains one."""
    n_first = np.empty(sizes.shape[0], dtype=np.int64)
    starts = np.zeros(n_tokens + 2, dtype=np.int64)
    for row in range(sizes.shape[0]):
        n_tokens_here = indptr[row + 1] - indptr[row]
        n_first[row] = max(0, n_tokens_here - least_shared(sizes[row], sizes[row], at_least) + 1)
        for at in range(indptr[row], indptr[row] + n_first[row]):
            starts[tokens[at] + 2] += 1
    starts = np.cumsum(starts)
    owners = np.empty(starts[-1], dtype=np.int32)
    places = np.empty(starts[-1], dtype=np.int32)
    for row in range(sizes.shape[0]):
        for place in range(n_first[row]):
            token = tokens[indptr[row] + place] + 1
            owners[starts[token]], places[starts[token]] = row, place
            starts[token] += 1
    return starts[:-1], owners, places
