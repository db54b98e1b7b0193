"""The signals of content between queries and their candidates, before any weight."""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.scoring.queries import Vectors
from recommender.scoring.weights import CONTENT

__all__ = ["Cosines", "Scratch", "content_signals"]

_SKETCH = 2**15  # bytes that rule out most terms that are not in the query
_RUN = 512  # rows of the site that are compared with all queries together, which the caches hold
_RUN_CANDIDATES = 16  # of a query in a run, so that reading the query takes little beside them
_REUSED = 2  # queries that a row is a candidate of, from which on rows are read in runs


class Cosines(NamedTuple):
    """What the cosine of the neural vectors says.

    Attributes
    ----------
    mean : float
        Of random pairs.
    across : bool
        Whether the cosine of articles in two languages is a signal of its own: its third power, because small cosines
        of summed words say little and large ones much.
    """

    mean: float
    across: bool = False


class Scratch(NamedTuple):
    """Memory that one thread works in."""

    spread: NDArray[np.float32]
    sketch: NDArray[np.uint8]
    hits: NDArray[np.uint32]
    mentioned: NDArray[np.float32]

    @classmethod
    def of(cls, site: Vectors, n_terms: int) -> Self:
        """Return the memory for the candidates of a site."""
        longest = int(site.sparse.lengths.max(initial=0))
        return cls(
            np.zeros(n_terms, dtype=np.float32), np.zeros(_SKETCH, dtype=np.uint8),
            np.empty(longest + 1, dtype=np.uint32), np.zeros(site.sparse.n_rows, dtype=np.float32),
        )  # fmt: skip


def content_signals(
    queries: Vectors, site: Vectors, candidates: NDArray[np.int32], cosines: Cosines, scratch: Scratch
) -> NDArray[np.float32]:
    """Return the signals between queries and their candidates.

    Parameters
    ----------
    queries, site : Vectors
    candidates : ndarray of int32, shape (m, c)
        Rows of the site for each query, -1 for none.
    cosines : Cosines
    scratch : Scratch
        Of this thread.

    Returns
    -------
    ndarray of float32, shape (5, m, c)
        In the order of `CONTENT`. The first signal of no candidate is -1.

    Notes
    -----
    Each sum is taken in an order that depends on the two articles alone, so a pair has the same signals in every block.
    Takes c times the mean number of terms of an article, a query.
    """
    signals = np.empty((len(CONTENT), *candidates.shape), dtype=np.float32)
    run = _run_length(site.sparse.n_rows, *candidates.shape)
    _signals((queries, site, candidates), cosines, scratch, signals, run)
    return signals


def _run_length(n: int, n_queries: int, n_candidates: int) -> int:
    """Return how many rows of the site are compared with all queries before the next ones.

    Where a row is a candidate of several queries, runs of rows stay in the caches from one query to the next.
    """
    if n_queries * n_candidates < _REUSED * n:
        return n
    return max(_RUN, _RUN_CANDIDATES * n // max(n_candidates, 1))


@njit(nogil=True, cache=True)
def _signals(pairs, cosines, scratch, signals, run):  # type: ignore[no-untyped-def]
    """Write the signals. Candidates in any order are right; ascending ones are compared a run of rows at a time."""
    _, site, candidates = pairs
    n = site.sparse.indptr.shape[0] - 1
    places = np.zeros(candidates.shape[0], dtype=np.int64)
    for start in range(0, max(n, 1), run):
        limit = start + run if start + run < n else np.int64(2**31)  # the last takes what does not ascend
        for query in range(candidates.shape[0]):
            place = places[query]
            if place < candidates.shape[1] and candidates[query, place] < limit:
                until = (query, place, limit)
                places[query] = _signals_until(pairs, cosines, scratch, signals, until)


@njit(nogil=True, cache=True)
def _signals_until(pairs, cosines, scratch, signals, until):  # type: ignore[no-untyped-def]
    """Write the signals of one query from a place on, up to a candidate that reaches the limit; return its place."""
    queries, site, candidates = pairs
    query, place, limit = until
    spread, sketch, hits, mentioned = scratch
    last = np.uint32(sketch.shape[0] - 1)
    indptr, indices, data = site.sparse
    mean, across = np.float32(cosines[0]), cosines[1]
    language = queries.languages[query]
    _mark(queries.sparse, query, spread, sketch)
    _scatter(queries.mentions, query, mentioned)
    while place < candidates.shape[1]:
        candidate = candidates[query, place]
        if candidate >= limit:
            break
        if candidate < 0:
            signals[:, query, place] = 0.0
            signals[0, query, place] = -1.0
            place += 1
            continue
        terms = indices[indptr[candidate] : indptr[candidate + 1]]
        values = data[indptr[candidate] : indptr[candidate + 1]]
        n_hits = np.uint64(0)
        for entry in range(np.uint64(terms.shape[0])):  # without a branch: a miss is overwritten
            hits[n_hits] = np.uint32(entry)
            n_hits += np.uint64(sketch[np.uint32(terms[entry]) & last])
        shared = np.float32(0.0)
        for hit in range(n_hits):
            shared += spread[np.uint32(terms[hits[hit]])] * values[hits[hit]]
        signals[0, query, place] = shared
        signals[1, query, place] = _product(queries.dense, query, site.dense, candidate)
        crosses = across and language >= 0 <= site.languages[candidate] != language
        cosine = _product(queries.neural, query, site.neural, candidate)
        above = max(np.float32(0.0), (cosine - mean) / (np.float32(1.0) - mean))
        signals[2, query, place] = np.float32(0.0) if crosses else above
        signals[3, query, place] = above * above * above if crosses else np.float32(0.0)
        signals[4, query, place] = mentioned[candidate]
        place += 1
    _unmark(queries.sparse, query, spread, sketch)
    _clear(queries.mentions, query, mentioned)
    return place


@njit(nogil=True, cache=True, inline="never", fastmath={"reassoc", "contract"})
def _product(one, row, other, other_row):  # type: ignore[no-untyped-def]
    """Return an inner product of two rows.

    It is summed in vector registers, in an order that the number of dimensions decides. Inlined, it would be summed in
    one order here and in another there.
    """
    total = np.float32(0.0)
    for dimension in range(one.shape[1]):
        total += one[row, dimension] * other[other_row, dimension]
    return total


@njit(nogil=True, cache=True)
def _mark(rows, row, spread, sketch):  # type: ignore[no-untyped-def]
    last = np.uint32(sketch.shape[0] - 1)
    for entry in range(rows.indptr[row], rows.indptr[row + 1]):
        spread[rows.indices[entry]] = rows.data[entry]
        sketch[np.uint32(rows.indices[entry]) & last] = 1


@njit(nogil=True, cache=True)
def _unmark(rows, row, spread, sketch):  # type: ignore[no-untyped-def]
    last = np.uint32(sketch.shape[0] - 1)
    for entry in range(rows.indptr[row], rows.indptr[row + 1]):
        spread[rows.indices[entry]] = 0.0
        sketch[np.uint32(rows.indices[entry]) & last] = 0


@njit(nogil=True, cache=True)
def _scatter(rows, row, values):  # type: ignore[no-untyped-def]
    for entry in range(rows.indptr[row], rows.indptr[row + 1]):
        values[rows.indices[entry]] = rows.data[entry]


@njit(nogil=True, cache=True)
def _clear(rows, row, values):  # type: ignore[no-untyped-def]
    for entry in range(rows.indptr[row], rows.indptr[row + 1]):
        values[rows.indices[entry]] = 0.0
