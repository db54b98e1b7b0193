"""Neighbours of everything, nearly: each cluster meets its own rows, and those to which it is among the nearest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import length_hint

import numpy as np
from numpy.typing import NDArray

from recommender.index.clusters import Clusters
from recommender.index.int8_products import COLUMNS, STEP
from recommender.index.join import BLOCK, Workspace
from recommender.index.nearest import BOTH, ONE, Nearest, empty_nearest
from recommender.index.quantised import aligned, pack_columns
from recommender.index.threads import on_all_threads

__all__ = ["join_clusters", "recall_by_probes"]


def join_clusters(
    codes: NDArray[np.uint8],
    clusters: Clusters,
    kept: int,
    n_jobs: int | None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Nearest:
    """Return the `kept` best of each row among the rows that share a cluster with it or that probe each other's.

    `codes` are in the clusters' order, and so are the lists. Own rows meet first: then lists are nearly full before the
    many others come.
    """
    nearest = empty_nearest(len(codes), kept)
    callers, caller_starts = clusters.callers()
    largest = int(np.diff(clusters.starts).max(initial=0))
    n_work = 2 * clusters.n_clusters
    work = iter(range(n_work))

    def rows_and_columns(number: int) -> tuple[NDArray[np.int32], NDArray[np.int32], bool]:
        cluster, own = number % clusters.n_clusters, number < clusters.n_clusters
        columns = np.arange(clusters.starts[cluster], clusters.starts[cluster + 1], dtype=np.int32)
        rows = columns if own else callers[caller_starts[cluster] : caller_starts[cluster + 1]]
        return rows, columns, own

    def join() -> None:
        space = Workspace(codes.shape[1], BLOCK, largest)
        tiles = aligned((-(-largest // COLUMNS), codes.shape[1] // STEP, COLUMNS), np.uint32)
        for number in work:
            if on_progress is not None and number % 16 == 0:
                on_progress(n_work - length_hint(work) - 1, n_work)
            rows, columns, own = rows_and_columns(number)
            if not (len(rows) and len(columns)):
                continue
            packed = tiles[: -(-len(columns) // COLUMNS)]
            pack_columns(codes, columns, packed)
            for part in _parts(rows):
                space.take_rows(codes, part)
                space.join(columns, packed, nearest, ONE if own else BOTH)

    on_all_threads(join, n_jobs)
    return nearest


def _parts(rows: NDArray[np.int32]) -> Iterator[NDArray[np.int32]]:
    for start in range(0, len(rows), BLOCK):
        yield rows[start : start + BLOCK]


def recall_by_probes(here: NDArray[np.int32], there: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return the share of each row's neighbours that it meets when all probe 1, 2, ... clusters; this needs no join.

    A pair meets when either has the other's own cluster among its probes. The shares have shape (m, n_probes).

    Parameters
    ----------
    here : ndarray of int32, shape (m, n_probes)
        Clusters nearest to some rows, nearest first.
    there : ndarray of int32, shape (m, k, n_probes)
        Those nearest to their true neighbours.
    """
    meets = (here[:, None, :] == there[:, :, :1]) | (there == here[:, None, :1])
    return np.asarray(np.logical_or.accumulate(meets, axis=2).mean(axis=1))
