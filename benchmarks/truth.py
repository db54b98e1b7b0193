"""The exact neighbours of some vectors, and how many of them an answer has."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.vectors import VectorSet
from recommender.index.exact import ExactIndex

__all__ = ["Truth", "query_truth", "recall", "self_join_truth"]

_KEPT = 100  # neighbours that are worked out and kept, whatever k is asked: as many as ann-benchmarks has
_TIE = 1e-6  # cosines this close are one: less than what float32 can tell


class Truth(NamedTuple):
    """What exact search finds.

    Attributes
    ----------
    asked : ndarray of int64, shape (m,)
        Rows of what was asked: of the vectors for a self-join, of the queries otherwise.
    itself : bool
        Whether this is a self-join, where a vector is not its own neighbour.
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
    """Return the `k` nearest, itself left out, of `n_asked` vectors drawn at random, or of all where there are no more."""
    n = len(vectors.vectors)
    asked = np.sort(np.random.default_rng(seed).choice(n, min(n_asked, n), replace=False))
    return _truth(vectors, asked, True, k, f"truth-join-{len(asked)}-{seed}")


def query_truth(vectors: VectorSet, k: int) -> Truth:
    """Return the `k` nearest vectors of every query."""
    return _truth(vectors, np.arange(len(vectors.queries)), False, k, "truth-queries")


def recall(rows: NDArray[np.integer], truth: Truth, vectors: VectorSet) -> NDArray[np.float64]:
    """Return for each vector asked the fraction of its true neighbours that an answer has.

    An entry counts if its cosine, worked out here in float64, is no less than that of the k-th true neighbour, less
    1e-6: of neighbours at one distance any will do. An entry that comes twice counts once, and itself never does.

    Parameters
    ----------
    rows : ndarray of int, shape (m, at most k)
        The answer for ``truth.asked``, in that order; -1 where it has no more.
    truth : Truth
    vectors : VectorSet

    Returns
    -------
    ndarray of float64, shape (m,)
        0 (none) to 1 (all).

    Raises
    ------
    ValueError
        If a row is no row of the vectors, or there are more than k or not one list for each asked.
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
    """Nearest by the exact index, then in the order of their cosines in float64."""
    queries = np.asarray((vectors.vectors if itself else vectors.queries)[asked])
    rows = ExactIndex().fit(vectors.vectors).kneighbors(queries, k + itself)[1]
    if itself:  # last if it is there, so that what is cut off is itself or the farthest
        order = np.argsort(rows == asked[:, None], axis=1, kind="stable")
        rows = np.take_along_axis(rows, order, axis=1)[:, :k]
    cosines = _cosines(vectors, asked, itself, rows)
    order = np.lexsort((rows, -cosines))
    rows = np.take_along_axis(rows, order, axis=1)
    return Truth(asked, itself, rows, np.take_along_axis(cosines, order, axis=1))


def _cosines(
    vectors: VectorSet, asked: NDArray[np.int64], itself: bool, rows: NDArray[np.integer]
) -> NDArray[np.float64]:
    """Cosines in float64 of each vector asked with its rows; of row -1 they mean nothing."""
    queries = vectors.vectors if itself else vectors.queries
    cosines = np.empty(rows.shape, dtype=np.float64)
    for number, row in enumerate(asked):
        near = vectors.vectors[rows[number]].astype(np.float64)
        cosines[number] = near @ queries[row].astype(np.float64)
    return cosines
