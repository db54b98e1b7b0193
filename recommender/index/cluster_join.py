"""First pass over clusters: each cluster is joined with its own rows and with the rows that probe it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from operator import length_hint
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from recommender.index.clusters import Clusters
from recommender.index.join import BLOCK, Workspace
from recommender.index.kernels.array_layout import aligned, read_only
from recommender.index.kernels.int8_codes import pack_columns
from recommender.index.kernels.int8_products import COLUMNS, STEP
from recommender.index.kernels.neighbour_lists import Nearest, empty_nearest
from recommender.index.kernels.tile_join import BOTH, ONE
from recommender.index.threads import on_all_threads

__all__ = ["join_clusters", "join_run", "recall_by_probes"]


def join_clusters(
    codes: NDArray[np.uint8],
    clusters: Clusters,
    kept: int,
    n_jobs: int | None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Nearest:
    """Return the `kept` best of each row among the rows of the clusters it probes and those that probe its cluster.

    `codes` and the lists are in the order of the clusters. All clusters are first joined with their own rows: lists
    are then nearly full, and few of the many other products enter them.
    """
    nearest = empty_nearest(len(codes), kept)
    probers, prober_starts = clusters.probers()
    largest = int(np.diff(clusters.starts).max(initial=0))
    n_tasks = 2 * clusters.n_clusters
    tasks = iter(range(n_tasks))

    def rows_and_columns(task: int) -> tuple[NDArray[np.int32], NDArray[np.int32], bool]:
        cluster, own = task % clusters.n_clusters, task < clusters.n_clusters
        columns = np.arange(clusters.starts[cluster], clusters.starts[cluster + 1], dtype=np.int32)
        rows = columns if own else probers[prober_starts[cluster] : prober_starts[cluster + 1]]
        return rows, columns, own

    def join() -> None:
        space = Workspace(codes.shape[1], BLOCK, largest)
        tiles = aligned((-(-largest // COLUMNS), codes.shape[1] // STEP, COLUMNS), np.uint32)
        for task in tasks:
            if on_progress is not None and task % 16 == 0:
                on_progress(n_tasks - length_hint(tasks) - 1, n_tasks)
            rows, columns, own = rows_and_columns(task)
            if not (len(rows) and len(columns)):
                continue
            packed = tiles[: -(-len(columns) // COLUMNS)]
            pack_columns(read_only(codes), columns, packed)
            for part in _parts(rows):
                space.take_rows(codes, part)
                space.join(columns, packed, nearest, ONE if own else BOTH)

    on_all_threads(join, n_jobs)
    return nearest


def join_run(
    codes: NDArray[np.uint8],
    clusters: Clusters,
    probers: tuple[NDArray[np.int32], NDArray[np.int64]],
    kept: int,
    run: range,
    n_jobs: int | None,
) -> Nearest:
    """Return those lists of `join_clusters` that belong to the rows of a run of clusters; the others are empty.

    Only these rows are given lists, so a pair of rows in two runs is compared in both. `probers` are those of `clusters`.
    """
    nearest = empty_nearest(len(codes), kept)
    widest = max(BLOCK, int(np.diff(clusters.starts).max(initial=0)))
    shared, lock = _compared(clusters, probers, run), Lock()

    def join() -> None:
        space = Workspace(codes.shape[1], BLOCK, widest)
        tiles = aligned((-(-widest // COLUMNS), codes.shape[1] // STEP, COLUMNS), np.uint32)
        while True:
            with lock:  # a generator serves one thread at a time
                pair = next(shared, None)
            if pair is None:
                return
            rows, columns = pair
            packed = tiles[: -(-len(columns) // COLUMNS)]
            pack_columns(read_only(codes), columns, packed)
            for part in _parts(rows):
                space.take_rows(codes, part)
                space.join(columns, packed, nearest, ONE)

    on_all_threads(join, n_jobs)
    return nearest


def _compared(
    clusters: Clusters, probers: tuple[NDArray[np.int32], NDArray[np.int64]], run: range
) -> Iterator[tuple[NDArray[np.int32], NDArray[np.int32]]]:
    """Yield rows of a run of clusters, and rows that they are compared with, those of their own cluster first."""
    starts = clusters.starts
    members = [np.arange(a, b, dtype=np.int32) for a, b in pairwise(starts.tolist())]
    bounds = int(starts[run.start]), int(starts[run.stop])
    for cluster in run:
        if len(members[cluster]):
            yield members[cluster], members[cluster]
    for cluster in run:
        if len(members[cluster]):
            for part in _parts(_probing(probers, cluster)):
                yield members[cluster], part
    for cluster, columns in enumerate(members):
        others = _probing(probers, cluster)
        mine = others[slice(*np.searchsorted(others, bounds))]
        if len(mine) and len(columns):
            yield mine, columns


def _probing(probers: tuple[NDArray[np.int32], NDArray[np.int64]], cluster: int) -> NDArray[np.int32]:
    """Return the rows that probe a cluster from outside, ascending."""
    rows, starts = probers
    return np.array(rows[starts[cluster] : starts[cluster + 1]])  # mapped arrays are read-only


def _parts(rows: NDArray[np.int32]) -> Iterator[NDArray[np.int32]]:
    for start in range(0, len(rows), BLOCK):
        yield rows[start : start + BLOCK]


def recall_by_probes(probes: NDArray[np.int32], others: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return the recall of sampled rows for 1, 2, ... probes, shape (m, n_probes); no join is needed.

    A pair is compared if either row probes the other's own cluster.

    Parameters
    ----------
    probes : ndarray of int32, shape (m, n_probes)
        Clusters nearest to each sampled row, nearest first.
    others : ndarray of int32, shape (m, k, n_probes)
        Clusters nearest to each of its true neighbours.
    """
    compared = (probes[:, None, :] == others[:, :, :1]) | (others == probes[:, None, :1])
    return np.asarray(np.logical_or.accumulate(compared, axis=2).mean(axis=1))
