"""All pairs of sets whose Jaccard similarity reaches a threshold, exactly.

Two sets are compared only if they share one of their rarest members and are close enough in size; see
`SetIndex`.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import numpy as np
from joblib import effective_n_jobs
from numba import njit
from numpy.typing import NDArray

from recommender.index.threads import mapped
from recommender.text.set_bounds import least_shared, least_with_any
from recommender.text.set_index import SetIndex

__all__ = ["similar_pairs"]

_PARTS = 4  # per thread: large sets take longer than small ones


class _Join(NamedTuple):
    """Settings and state that all parts of a join share."""

    at_least: float
    limit: int
    n_found: NDArray[np.int64]  # pairs found, by part
    parents: NDArray[np.int64]  # union-find forest of the sets
    connect: bool  # whether pairs that are already connected are skipped


class _Scratch(NamedTuple):
    """Buffers of one part, one element for each set."""

    counts: NDArray[np.int32]
    required: NDArray[np.int64]
    touched: NDArray[np.int32]


def similar_pairs(
    index: SetIndex, at_least: float, *, limit: int, n_jobs: int | None
) -> tuple[NDArray[np.int64], NDArray[np.float64], bool]:
    """Return all pairs of similar sets, each once and in no particular order, and their similarities.

    Parameters
    ----------
    index : SetIndex
        Built with the same `at_least`.
    at_least : float
        Least Jaccard similarity of a pair.
    limit : int
        If there are more pairs, only enough of them are returned to connect the same sets, found on one
        thread.
    n_jobs : int or None
        Threads.

    Returns
    -------
    pairs : ndarray of int64, shape (p, 2)
        The caller's row numbers.
    similarities : ndarray of float64, shape (p,)
    complete : bool
        Whether these are all pairs.
    """
    n_parts = _PARTS * effective_n_jobs(n_jobs)
    alone = np.arange(len(index.rows))
    join = _Join(at_least, limit, np.zeros(n_parts, dtype=np.int64), alone, False)
    found = list(mapped(partial(_pairs, index, join), range(n_parts), n_jobs))
    complete = bool(join.n_found.sum() <= limit)
    if not complete:
        join = _Join(at_least, len(alone), np.zeros(1, dtype=np.int64), alone, True)
        found = [_pairs(index, join, 0)]
    pairs, similarities = (np.concatenate(each) for each in zip(*found, strict=True))
    return index.rows[pairs], similarities, complete


@njit(nogil=True, cache=True, inline="always")
def _n_shared(a, b, required):  # type: ignore[no-untyped-def]
    """Count the elements that two ascending arrays share, or return -1 once `required` is out of reach."""
    at, bt, shared = 0, 0, 0
    spare = a.shape[0] + b.shape[0] - 2 * required  # elements that may stay unmatched
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
def _candidates(row, index, join, scratch):  # type: ignore[no-untyped-def]
    """Count the indexed tokens that each smaller set shares with a set; return how many sets are touched.

    The count is -1 for a set that cannot reach the threshold any more, and for one that is already connected.
    """
    sizes, indptr, starts, owners = index.sizes, index.indptr, index.starts, index.owners
    counts, required = scratch.counts, scratch.required
    own = index.tokens[indptr[row] : indptr[row + 1]]
    smallest = least_with_any(sizes[row], join.at_least)
    first = np.searchsorted(sizes, smallest)
    n_touched = 0
    for place in range(own.shape[0] - smallest + 1):
        begin, end = starts[own[place]], starts[own[place] + 1]
        for entry in range(begin + np.searchsorted(owners[begin:end], first), end):
            other = owners[entry]
            if other >= row:
                break
            if counts[other] == 0:
                scratch.touched[n_touched] = other
                n_touched += 1
                required[other] = least_shared(sizes[row], sizes[other], join.at_least)
                if _root(join.parents, other) == _root(join.parents, row):
                    counts[other] = -1
            if counts[other] >= 0:
                others_left = indptr[other + 1] - indptr[other] - index.places[entry]
                reachable = counts[other] + min(own.shape[0] - place, others_left)
                counts[other] = counts[other] + 1 if reachable >= required[other] else -1
    return n_touched


@njit(nogil=True, cache=True)
def _pairs(index, join, part):  # type: ignore[no-untyped-def]
    """Pair each set of a part with all smaller ones. Stop once all parts together exceed the limit.

    With `connect`, a pair is added to the forest of `parents`, and pairs that are already connected are
    skipped.
    """
    sizes, indptr, tokens, parents = index.sizes, index.indptr, index.tokens, join.parents
    n = sizes.shape[0]
    scratch = _Scratch(np.zeros(n, dtype=np.int32), np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int32))
    counts, required = scratch.counts, scratch.required
    found = np.empty((64, 2), dtype=np.int32)
    similarities = np.empty(64, dtype=np.float64)
    total = 0
    for row in range(part, n, join.n_found.shape[0]):
        n_touched = _candidates(row, index, join, scratch)
        own = tokens[indptr[row] : indptr[row + 1]]
        for other in scratch.touched[:n_touched]:
            likely = counts[other] > 0 and _root(parents, other) != _root(parents, row)
            counts[other] = 0
            shared = (
                _n_shared(own, tokens[indptr[other] : indptr[other + 1]], required[other]) if likely else -1
            )
            if shared < required[other]:
                continue
            if total == found.shape[0]:
                found = np.concatenate((found, np.empty_like(found)))
                similarities = np.concatenate((similarities, np.empty_like(similarities)))
            found[total, 0], found[total, 1] = row, other
            similarities[total] = shared / (sizes[row] + sizes[other] - shared)
            total += 1
            if join.connect:
                parents[_root(parents, row)] = _root(parents, other)
        join.n_found[part] = total
        if join.n_found.sum() > join.limit:
            break
    return found[:total].copy(), similarities[:total].copy()
