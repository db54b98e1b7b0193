"""Clusters of vectors: spherical k-means on a sample, and the clusters nearest to each vector."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from recommender.index.join import join_codes
from recommender.index.kernels.cluster_rows import rows_by_cluster
from recommender.index.kernels.large_arrays import large_array
from recommender.index.kernels.neighbour_lists import rows_of
from recommender.index.quantised import Quantised

__all__ = ["Clusters", "centroids_of", "gather", "nearest_centroids"]

_SAMPLE = 40  # sampled vectors per cluster
_ROUNDS = 5
_ROWS = 2**17  # vectors whose clusters are found at a time


class Clusters(NamedTuple):
    """Rows sorted by cluster: those of cluster c are ``starts[c]`` to ``starts[c + 1]`` in the new order.

    `order` is the old number of each new row. `probes` are the clusters nearest to each new row, its own first.
    """

    order: NDArray[np.int32]  # (n,)
    starts: NDArray[np.int64]  # (n_clusters + 1,)
    probes: NDArray[np.int32]  # (n, n_probes)

    @property
    def n_clusters(self) -> int:
        """Number of clusters, including empty ones."""
        return len(self.starts) - 1

    def probers(self) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Return the rows that probe each cluster from outside, by cluster, and where each cluster's rows start."""
        others = self.probes[:, 1:]
        rows = large_array((others.size,), np.int32)
        return rows, rows_by_cluster(others, self.n_clusters, rows)


def centroids_of(
    X: NDArray[np.float32], quantised: Quantised, n_clusters: int, seed: int, n_jobs: int | None
) -> NDArray[np.float32]:
    """Return unit centroids (n_clusters, d) by spherical k-means (Dhillon and Modha 2001) on 40 vectors per cluster."""
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
    found = large_array((len(codes), n_probes), np.int32)
    for start in range(0, len(codes), _ROWS):
        some = slice(start, start + _ROWS)
        found[some] = rows_of(join_codes(targets, codes[some], n_probes, n_jobs).keys, n_probes)
    return found


def gather(probes: NDArray[np.int32], n_clusters: int) -> Clusters:
    """Return the rows sorted by their nearest cluster."""
    order = np.argsort(probes[:, 0], kind="stable").astype(np.int32)
    starts = np.searchsorted(probes[order, 0], np.arange(n_clusters + 1))
    ordered = large_array(probes.shape, np.int32)
    return Clusters(order, starts, np.take(probes, order, axis=0, out=ordered, mode="clip"))
