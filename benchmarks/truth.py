"""Exact neighbours of vectors, and the recall of an answer."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.vectors import VectorSet
from recommender.index.exact import ExactIndex

__all__ = ["Truth", "query_truth", "recall", "self_join_truth"]

_KEPT = 100  # neighbours computed and stored, as many as in ann-benchmarks; a smaller k takes the first
_TIE = 1e-6  # cosines this close count as equal, as float32 does not separate them


class Truth(NamedTuple):
    """Result of an exact search.

    Attributes
    ----------
    asked : ndarray of int64, shape (m,)
        Rows of the queries: among the vectors for a self-join, else among the queries.
    itself : bool
        Whether this is a self-join, in which a vector is not its own neighbour.
    rows : ndarray of int32, shape (m, k)
        Neighbours, nearest first.
    similarities : ndarray of float64, shape (m, k)
        Their cosines.
    """

    asked: NDArray[np.int64]
    itself: bool
    rows: NDArray[np.int32]
    similarities: NDArray[np.float64]


def self_join_truth(vectors: VectorSet, k: int, n_asked: int = 2000, seed: int = 0) -> Truth:
    """Return the `k` nearest of `n_asked` random vectors, or of all if there are fewer, without the vector itself."""
    n = len(vectors.vectors)
    asked = np.sort(np.random.default_rng(seed).choice(n, min(n_asked, n), replace=False))
    return _truth(vectors, asked, True, k, f"truth-join-{len(asked)}-{seed}")


def query_truth(vectors: VectorSet, k: int) -> Truth:
    """Return the `k` nearest vectors of every query."""
    return _truth(vectors, np.arange(len(vectors.queries)), False, k, "truth-queries")


def recall(rows: NDArray[np.integer], truth: Truth, vectors: VectorSet) -> NDArray[np.float64]:
    """Return the fraction of true neighbours in an answer, for each query.

    An entry counts if its cosine in float64 is at least that of the k-th true neighbour less 1e-6, so any of several
    neighbours at the same distance counts. A repeated entry counts once, and the query itself never.

    Parameters
    ----------
    rows : ndarray of int, shape (m, at most k)
        The answer for ``truth.asked``, in that order, padded with -1.
    truth : Truth
    vectors : VectorSet

    Returns
    -------
    ndarray of float64, shape (m,)
        0 (none) to 1 (all).

    Raises
    ------
    ValueError
        If a row does not exist, a list is longer than k, or the number of lists is not that of the queries.
    """
    m, k = truth.rows.shape
    if rows.ndim != 2 or len(rows) != m or rows.shape[1] > k:
        raise ValueError(f"wanted {m} lists of at most {k} rows, got an array of shape {rows.shape}")
    n = len(vectors.vectors)
    bad = (rows < -1) | (rows >= n)
    if bad.any():
        raise ValueError(
            f"wanted rows from 0 to {n - 1}, or -1 for none, got {rows[bad][0]} and {bad.sum() - 1} more"
        )
    if k == 0:
        return np.ones(m)
    order = np.sort(rows, axis=1)
    counted = order >= 0
    counted[:, 1:] &= order[:, 1:] != order[:, :-1]
    if truth.itself:
        counted &= order != truth.asked[:, None]
    found = _cosines(vectors, truth.asked, truth.itself, order) >= truth.similarities[:, -1:] - _TIE
    hits: NDArray[np.float64] = (found & counted).sum(axis=1) / k
    return hits


def _truth(vectors: VectorSet, asked: NDArray[np.int64], itself: bool, k: int, name: str) -> Truth:
    if k < 1:
        raise ValueError(f"wanted k of 1 or more, got {k}")
    n = len(vectors.vectors) - itself
    if k > _KEPT:
        return _exact(vectors, asked, itself, min(k, n))
    file = vectors.folder / f"{name}.npy"
    if not file.is_file():
        found = _exact(vectors, asked, itself, min(_KEPT, n)).rows
        np.save(file, found)
    rows = np.load(file)[:, :k]
    return Truth(asked, itself, rows, _cosines(vectors, asked, itself, rows))


def _exact(vectors: VectorSet, asked: NDArray[np.int64], itself: bool, k: int) -> Truth:
    """Return the nearest by the exact index, sorted by their cosines in float64."""
    queries = np.asarray((vectors.vectors if itself else vectors.queries)[asked])
    rows = ExactIndex().fit(vectors.vectors).kneighbors(queries, k + itself)[1]
    if itself:  # moved to the end, so that itself or else the farthest is cut off
        order = np.argsort(rows == asked[:, None], axis=1, kind="stable")
        rows = np.take_along_axis(rows, order, axis=1)[:, :k]
    cosines = _cosines(vectors, asked, itself, rows)
    order = np.lexsort((rows, -cosines))
    rows = np.take_along_axis(rows, order, axis=1)
    return Truth(asked, itself, rows, np.take_along_axis(cosines, order, axis=1))


def _cosines(
    vectors: VectorSet, asked: NDArray[np.int64], itself: bool, rows: NDArray[np.integer]
) -> NDArray[np.float64]:
    """Return the cosines in float64 of each query with its rows; those of row -1 are meaningless."""
    queries = vectors.vectors if itself else vectors.queries
    cosines = np.empty(rows.shape, dtype=np.float64)
    for number, row in enumerate(asked):
        near = vectors.vectors[rows[number]].astype(np.float64)
        cosines[number] = near @ queries[row].astype(np.float64)
    return cosines
