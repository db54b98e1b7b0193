"""The join of a large set by clusters in runs of clusters, which need not be in one process.

Each run gives the lists of its own rows alone. Together they are those of `ClusteredIndex`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.index.cluster_join import join_run
from recommender.index.cluster_plan import ClusterPlan, recalls_of
from recommender.index.clustered import ClusteredIndex
from recommender.index.kernels.large_arrays import large_array, rows_of
from recommender.index.rescoring import FirstPass, exact_best

__all__ = ["RunLists", "cluster_runs", "listed_run", "rows_of_runs"]

Probers = tuple[NDArray[np.int32], NDArray[np.int64]]


class RunLists(NamedTuple):
    """The lists of the rows of a run.

    Attributes
    ----------
    rows : ndarray of int32, shape (m,)
    near : ndarray of int32, shape (m, k)
        Nearest first, padded with -1.
    sampled : ndarray of int64, shape (s,)
        Places in the sample of the plan of the rows that it has of these.
    recalls : ndarray of float64, shape (s,)
    """

    rows: NDArray[np.int32]
    near: NDArray[np.int32]
    sampled: NDArray[np.int64]
    recalls: NDArray[np.float64]


def cluster_runs(starts: NDArray[np.int64], n_runs: int) -> list[range]:
    """Return runs of clusters with about as many rows each, from where the rows of each cluster start."""
    wanted = np.linspace(0, int(starts[-1]), n_runs + 1)[1:-1]
    bounds = np.unique([0, *np.searchsorted(starts, wanted).tolist(), len(starts) - 1])
    return [range(a, b) for a, b in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)]


def listed_run(
    vectors: NDArray[np.float32],
    plan: ClusterPlan,
    probers: Probers,
    wanted: tuple[int, int],
    run: range,
    n_jobs: int | None,
) -> RunLists:
    """Return the lists of the rows of a run of clusters.

    `wanted` are the candidates of a row that are kept by products of codes, and the length of a list.
    """
    kept, k = wanted
    clusters = plan.clusters
    nearest = join_run(plan.codes.codes, clusters, probers, kept, run, n_jobs)
    some = slice(int(clusters.starts[run.start]), int(clusters.starts[run.stop]))
    rows = np.array(clusters.order[some])
    mine = nearest._replace(keys=nearest.keys[some])
    candidates = FirstPass(plan.codes, mine, clusters.order, np.arange(len(rows), dtype=np.int32))
    similarities, near, _ = exact_best(rows_of(vectors, rows), vectors, candidates, k, n_jobs)
    sampled = np.flatnonzero(np.isin(plan.sample, rows))
    places = np.argsort(rows)[np.searchsorted(np.sort(rows), plan.sample[sampled])]
    return RunLists(rows, near, sampled, recalls_of(similarities[places], plan.best[sampled]))


def rows_of_runs(
    vectors: NDArray[np.float32], k: int, found: Iterable[RunLists], n_jobs: int | None
) -> NDArray[np.int32]:
    """Return the neighbours of every row from the lists of all runs, as `ClusteredIndex` does."""
    near = large_array((len(vectors), k), np.int32)
    for each in found:
        near[each.rows] = each.near
    return ClusteredIndex(n_jobs=n_jobs).fit(vectors).filled_rows(near)
