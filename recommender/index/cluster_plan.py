"""How a large set of vectors is joined by clusters: their clusters, how many each row probes, and what recall that gives."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.index.cluster_join import recall_by_probes
from recommender.index.clusters import Clusters, centroids_of, gather, nearest_centroids
from recommender.index.exact import ExactIndex
from recommender.index.kernels.similarity_scores import without
from recommender.index.quantised import Quantised, quantise

__all__ = ["ROUNDS", "ClusterPlan", "Wanted", "plan_clusters", "recalls_of"]

_CLUSTERS = 2.0  # times the square root of the number of vectors
_MOST_PROBES = 48
_SAMPLE = 2_000  # rows whose exact neighbours are found to estimate recall
_SURE = 1.64  # standard errors by which the sample must exceed the recall: 95 % confidence for all rows
_SURELY = 3.0  # standard errors by which the final lists of the sample may fall short of it
_JUDGED = 32  # largest number of neighbours of a row by which recall is estimated

ROUNDS = ((1, 4), (4, 32))
"""Candidates kept: times k, plus; the second where products of codes are too coarse."""


class Wanted(NamedTuple):
    """What lists by clusters are to reach.

    Attributes
    ----------
    recall : float
    kept : int
        Candidates of each row.
    seed : int
    bounded : bool
        See `ClusteredIndex`.
    """

    recall: float
    kept: int
    seed: int
    bounded: bool = False


class ClusterPlan(NamedTuple):
    """Vectors as codes in the order of their clusters, and a sample of rows by which recall is estimated."""

    codes: Quantised
    clusters: Clusters
    n_probes: int
    sample: NDArray[np.int32]  # (m,), rows of X
    best: NDArray[np.float32]  # (m, judged), similarities of their exact neighbours

    def settles(self, recalls: NDArray[np.float64], recall: float, *, last: bool, bounded: bool) -> bool:
        """Return whether lists are taken that have some recalls on the sample. `last` says that no round follows."""
        if bounded and (last or self.n_probes == _MOST_PROBES):
            return True
        return bool(recalls.mean() + _SURELY * recalls.std() / len(recalls) ** 0.5 >= recall)


def recalls_of(similarities: NDArray[np.float32], best: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the recall of each sampled row whose list has some similarities, and those of its exact neighbours."""
    n = min(similarities.shape[1], best.shape[1])
    found = similarities >= best[:, n - 1 : n] - 1e-6
    return np.asarray(np.minimum(found.sum(axis=1) / n, 1.0))


def plan_clusters(X: NDArray[np.float32], wanted: Wanted, n_jobs: int | None) -> ClusterPlan | None:
    """Return how to find the `kept` best of every row with the wanted recall.

    Returns None for vectors without clusters unless the wanted recall is bounded.
    """
    recall, kept, seed, bounded = wanted
    codes = quantise(X, n_jobs)
    centroids = centroids_of(X, codes, round(_CLUSTERS * len(X) ** 0.5), seed, n_jobs)
    chosen = np.random.default_rng(seed).choice(len(X), min(_SAMPLE, len(X)), replace=False)
    sample = np.sort(chosen).astype(np.int32)
    best, others = _neighbours_of(sample, X, codes, min(kept, _JUDGED), n_jobs)
    n_probes = _enough_probes(sample, others, codes, centroids, recall, n_jobs)
    if n_probes == 0:
        if not bounded:
            return None
        n_probes = min(_MOST_PROBES, len(centroids))
    probes = nearest_centroids(centroids, codes, codes.codes, n_probes, n_jobs)
    clusters = gather(probes, len(centroids))
    return ClusterPlan(codes.taken(clusters.order), clusters, n_probes, sample, best)


def _neighbours_of(
    rows: NDArray[np.int32], X: NDArray[np.float32], codes: Quantised, k: int, n_jobs: int | None
) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Return similarities and rows of the exact neighbours of the given rows."""
    index = ExactIndex(n_jobs=n_jobs).fit(X)
    index.codes_ = codes
    distances, others = without(rows, *index.kneighbors(X[rows], k + 1))
    return 1.0 - distances, others


def _enough_probes(
    rows: NDArray[np.int32],
    others: NDArray[np.int32],
    codes: Quantised,
    centroids: NDArray[np.float32],
    recall: float,
    n_jobs: int | None,
) -> int:
    """Return the number of probes at which rows meet enough of their neighbours `others` (m, k); 0 if none suffices."""
    most = min(_MOST_PROBES, len(centroids))
    probes = nearest_centroids(centroids, codes, codes.taken(np.append(rows, others)).codes, most, n_jobs)
    recalls = recall_by_probes(probes[: len(rows)], probes[len(rows) :].reshape(*others.shape, most))
    means, errors = recalls.mean(axis=0), recalls.std(axis=0) / np.sqrt(len(recalls))
    enough = np.flatnonzero(means - _SURE * errors >= recall)
    return int(enough[0]) + 1 if enough.size else 0
