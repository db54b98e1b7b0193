"""All pairs of sets whose Jaccard similarity reaches a threshold, exactly.

Sets are compared only where they share one of their rarest members, and are near enough in size (AllPairs, Bayardo et al.
2007; PPJoin, Xiao et al. 2008). First goes every set that shares too few of its members with all others
together: that left a tenth of a wiki, 3 % of documentation and news, and a thousandth of abstracts.
"""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np
from joblib import Parallel, delayed, effective_n_jobs
from numba import njit
from numpy.typing import NDArray

from recommender.text.set_bounds import least_shared, least_with_any

__all__ = ["SetJoin"]

_PARTS = 4  # for each thread: large sets cost more than small ones


class SetJoin(NamedTuple):
    """Sets in order of size, smaller first, and what finds those that share a rare member.

    Attributes
    ----------
    rows : ndarray of int64, shape (m,)
        What the caller calls each set.
    sizes : ndarray of int64, shape (m,)
        Of the whole set; the members that no other set has are not in `tokens`, and count as its first.
    indptr, tokens : ndarray of int64, shape (m + 1,); ndarray of int32
        Ranks of its recurring members, rarest first.
    starts, owners, places : ndarray of int64, int32 and int32
        For each token, the sets that have it among their first, and where in their tokens.
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
        """Return the sets `rows`, given by all their members that are in two sets or more (and others, perhaps)."""
        _, ranks, counts = np.unique(members, return_inverse=True, return_counts=True)
        n_kept, ranks = _enough(ranks, counts, sizes, n_kept, at_least)
        rows, sizes, n_kept = rows[n_kept > 0], sizes[n_kept > 0], n_kept[n_kept > 0]
        by_size = np.lexsort((rows, sizes))
        by_rarity = np.empty(len(counts), dtype=np.int32)
        by_rarity[np.argsort(counts, kind="stable")] = np.arange(len(counts), dtype=np.int32)
        indptr, tokens = _ordered(by_rarity, ranks, n_kept, by_size)
        rows, sizes = rows[by_size], sizes[by_size]
        index = _index(sizes, indptr, tokens, len(counts), at_least)
        return cls(rows, sizes, indptr, tokens, *index)

    def pairs(
        self, at_least: float, *, limit: int, n_jobs: int | None
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return all pairs, each once and in no order, and their similarities.

        Where there are more than `limit`, only as many as connect what all of them would, on one thread.

        Returns
        -------
        pairs : ndarray of int64, shape (p, 2)
            As the caller calls the sets.
        similarities : ndarray of float64, shape (p,)
        """
        n_parts = _PARTS * effective_n_jobs(n_jobs)
        n_found = np.zeros(n_parts, dtype=np.int64)
        apart = np.arange(len(self.rows))
        found = Parallel(n_jobs, prefer="threads")(
            delayed(_pairs)(*self[1:], at_least, part, n_found, limit, apart, False)
            for part in range(n_parts)
        )
        if n_found.sum() > limit:
            n_found = np.zeros(1, dtype=np.int64)
            found = [_pairs(*self[1:], at_least, 0, n_found, len(apart), apart, True)]
        return self.rows[np.concatenate([pairs for pairs, _ in found])], np.concatenate([s for _, s in found])


@njit(nogil=True, cache=True)
def _enough(ranks, counts, sizes, n_kept, at_least):  # type: ignore[no-untyped-def]
    """Leave out the members that are in one set, and the sets that have too few others."""
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
def _index(sizes, indptr, tokens, n_tokens, at_least):  # type: ignore[no-untyped-def]
    """Index each set by its first tokens: it shares one of these with any larger one that is near enough."""
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


@njit(nogil=True, cache=True, inline="always")
def _shared(a, b, wanted):  # type: ignore[no-untyped-def]
    """Count what two ascending arrays share; -1 where it turns out to be fewer than `wanted`."""
    at, bt, shared = 0, 0, 0
    spare = a.shape[0] + b.shape[0] - 2 * wanted  # members that may be without a partner
    while at < a.shape[0] and bt < b.shape[0]:
        if a[at] == b[bt]:
            at, bt, shared = at + 1, bt + 1, shared + 1
            continue
        spare -= 1
        if spare < 0:
            return -1
        if a[at] < b[bt]:
            at += 1
        else:
            bt += 1
    return shared


@njit(nogil=True, cache=True, inline="always")
def _root(parents, row):  # type: ignore[no-untyped-def]
    while parents[row] != row:
        parents[row] = parents[parents[row]]  # halves the path
        row = parents[row]
    return row


@njit(nogil=True, cache=True)
def _candidates(  # type: ignore[no-untyped-def]
    row, sizes, indptr, tokens, starts, owners, places, at_least, parents, counts, wanted, touched
):
    """Count the first tokens that smaller sets share with one, -1 where too few are left; return how many are touched."""
    mine = tokens[indptr[row] : indptr[row + 1]]
    smallest = least_with_any(sizes[row], at_least)
    first = np.searchsorted(sizes, smallest)
    n_touched = 0
    for place in range(mine.shape[0] - smallest + 1):
        begin, end = starts[mine[place]], starts[mine[place] + 1]
        for entry in range(begin + np.searchsorted(owners[begin:end], first), end):
            other = owners[entry]
            if other >= row:
                break
            if counts[other] == 0:
                touched[n_touched] = other
                n_touched += 1
                wanted[other] = least_shared(sizes[row], sizes[other], at_least)
                if _root(parents, other) == _root(parents, row):
                    counts[other] = -1
            if counts[other] >= 0:
                others_left = indptr[other + 1] - indptr[other] - places[entry]
                reachable = counts[other] + min(mine.shape[0] - place, others_left)
                counts[other] = counts[other] + 1 if reachable >= wanted[other] else -1
    return n_touched


@njit(nogil=True, cache=True)
def _pairs(  # type: ignore[no-untyped-def]
    sizes, indptr, tokens, starts, owners, places, at_least, part, n_found, limit, parents, join
):
    """Pairs of each set in a part of them with all smaller ones, until all parts have found more than the limit.

    With `join`, the two of a pair are joined in `parents`, and pairs that are joined already are passed over.
    """
    n = sizes.shape[0]
    counts = np.zeros(n, dtype=np.int32)
    wanted = np.empty(n, dtype=np.int64)
    touched = np.empty(n, dtype=np.int32)
    found = np.empty((64, 2), dtype=np.int32)
    similarities = np.empty(64, dtype=np.float64)
    total = 0
    for row in range(part, n, n_found.shape[0]):
        n_touched = _candidates(
            row, sizes, indptr, tokens, starts, owners, places, at_least, parents, counts, wanted, touched
        )
        mine = tokens[indptr[row] : indptr[row + 1]]
        for other in touched[:n_touched]:
            likely = counts[other] > 0 and _root(parents, other) != _root(parents, row)
            counts[other] = 0
            shared = _shared(mine, tokens[indptr[other] : indptr[other + 1]], wanted[other]) if likely else -1
            if shared < wanted[other]:
                continue
            if total == found.shape[0]:
                found = np.concatenate((found, np.empty_like(found)))
                similarities = np.concatenate((similarities, np.empty_like(similarities)))
            found[total, 0], found[total, 1] = row, other
            similarities[total] = shared / (sizes[row] + sizes[other] - shared)
            total += 1
            if join:
                parents[_root(parents, row)] = _root(parents, other)
        n_found[part] = total
        if n_found.sum() > limit:
            break
    return found[:total].copy(), similarities[:total].copy()
