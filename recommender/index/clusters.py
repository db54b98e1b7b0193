"""Vectors in clusters: spherical k-means on a sample, and which clusters each vector lies nearest to."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from recommender.index.join import join_codes
from recommender.index.nearest import rows_of
from recommender.index.quantised import Quantised

__all__ = ["Clusters", "centroids_of", "gather", "nearest_centroids"]

_SAMPLE = 40  # vectors a cluster that its centroid is learned from
_ROUNDS = 5


class Clusters(NamedTuple):
    """Rows gathered by cluster: those of cluster c are ``starts[c]`` to ``starts[c + 1]`` in the new order.

    `order` names the old row of each new one. `probes` are the clusters nearest to each new row, its own first.
    """

    order: NDArray[np.int32]  # (n,)
    starts: NDArray[np.int64]  # (n_clusters + 1,)
    probes: NDArray[np.int32]  # (n, n_probes)

    @property
    def n_clusters(self) -> int:
        """How many clusters there are, empty ones included."""
        return len(self.starts) - 1

    def callers(self) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Return the new rows that probe a cluster and are not of it, cluster by cluster, and where each begins."""
        others = self.probes[:, 1:]
        by_cluster = np.argsort(others, axis=None, kind="stable")
        rows = (by_cluster // max(others.shape[1], 1)).astype(np.int32)
        return rows, np.searchsorted(others.ravel()[by_cluster], np.arange(self.n_clusters + 1))


def centroids_of(
    X: NDArray[np.float32], quantised: Quantised, n_clusters: int, seed: int, n_jobs: int | None
) -> NDArray[np.float32]:
    """Return unit centroids (n_clusters, d) by spherical k-means (Dhillon and Modha 2001) on 40 vectors a cluster."""
    random = np.random.default_rng(seed)
    n = min(len(X), _SAMPLE * n_clusters)
    chosen = np.sort(random.choice(len(X), n, replace=False))
    sample, codes = X[chosen], np.ascontiguousarray(quantised.codes[chosen])
    centroids = sample[random.choice(n, n_clusters, replace=False)]
    for _ in range(_ROUNDS):
        nearest = nearest_centroids(centroids, quantised, codes, 1, n_jobs)[:, 0]
        members = csr_matrix((np.ones(n, np.float32), (nearest, np.arange(n))), shape=(n_clusters, n))
        centroids = members @ sample
        lengths = np.linalg.norm(centroids, axis=1)
        empty = np.flatnonzero(lengths < 1e-6)
        centroids[empty] = sample[random.choice(n, len(empty))]
        lengths[empty] = 1.0
        centroids /= lengths[:, None]
    return np.asarray(centroids, dtype=np.float32)


def nearest_centroids(
    centroids: NDArray[np.float32],
    quantised: Quantised,
    codes: NDArray[np.uint8],
    n_probes: int,
    n_jobs: int | None,
) -> NDArray[np.int32]:
    """Return the clusters nearest to each row of codes, nearest first, shape (n, n_probes)."""
    targets = quantised._replace(codes=quantised.encode(centroids, n_jobs))
    rows: NDArray[np.int32] = rows_of(join_codes(targets, codes, n_probes, n_jobs).keys, n_probes)
    return rows


def gather(probes: NDArray[np.int32], n_clusters: int) -> Clusters:
    """Return the rows gathered by the first of their probes."""
    order = np.argsort(probes[:, 0], kind="stable").astype(np.int32)
    starts = np.searchsorted(probes[order, 0], np.arange(n_clusters + 1))
    return Clusters(order, starts, probes[order])
