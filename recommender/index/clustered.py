"""Approximate neighbours of every vector, at a recall that is set, without comparing all pairs."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from recommender.index.cluster_join import join_clusters
from recommender.index.cluster_plan import ROUNDS, ClusterPlan, Wanted, plan_clusters, recalls_of
from recommender.index.exact import MOST_KEPT, ExactIndex, kept_for
from recommender.index.join import join_all
from recommender.index.kernels.neighbour_lists import Nearest
from recommender.index.quantised import Quantised, quantise
from recommender.index.rescoring import FirstPass, exact_best

__all__ = ["SMALL", "ClusteredIndex", "NearLists", "clustered_lists", "near_lists"]

_ON_GPU = 1_000_000  # up to here a GPU compares all pairs: 10^15 operations at 384 dimensions, seconds on a large one
_FILLED = 8_192  # rows that are searched exactly at a time, a multiple of those whose similarities are a tile
SMALL = 20_000
"""Number of vectors up to which all pairs are compared."""


class ClusteredIndex(ExactIndex):
    """Neighbours of every row at a recall that is set. Queries are answered exactly, as by `ExactIndex`.

    Rows are put into clusters, and each row is compared with the rows of the clusters nearest to it and with the rows
    that do so with its own cluster. The number of clusters is chosen on a sample of rows whose exact neighbours are
    found first. Small sets are searched exactly. The result depends on `random_state` and on the use of a GPU, but
    not on the number of threads.

    Parameters
    ----------
    n_neighbors : int, default 10
        Number of neighbours of calls that do not set it.
    recall : float, default 0.95
        Share of the true neighbours to find, above 0. From 1 on the search is exact.
    n_jobs : int or None, default None
        Threads; None honours ``joblib.parallel_config``. The result does not depend on it.
    random_state : int, default 0
        Seed of the samples.
    on_progress : callable or None, default None
        Called as on_progress(done, total) during a self-join.
    device : str or None, default None
        See `ExactIndex`. On a GPU all pairs of up to a million vectors are compared, so recall is then 1.
    bounded : bool, default False
        Whether a self-join settles for less than `recall` where the clusters that are nearest to a row miss too many of
        its neighbours. Otherwise it then compares all pairs, in a time that grows as the square of their number.

    Attributes
    ----------
    n_probes_ : int
        Clusters that each row was compared with in the last self-join; 0 if all pairs were compared.
    expected_recall_ : float
        Recall of the last self-join on the sample.

    Examples
    --------
    >>> index = ClusteredIndex(n_neighbors=1, recall=0.9).fit(np.eye(3, dtype=np.float32))
    >>> index.kneighbors()[1].tolist()
    [[1], [0], [0]]
    """

    def __init__(
        self,
        n_neighbors: int = 10,
        recall: float = 0.95,
        n_jobs: int | None = None,
        random_state: int = 0,
        on_progress: Callable[[int, int], None] | None = None,
        device: str | None = None,
        *,
        bounded: bool = False,
    ) -> None:
        super().__init__(n_neighbors, n_jobs, on_progress, device)
        self.bounded = bounded
        self.recall = recall
        self.random_state = random_state

    def _search(
        self, X: NDArray[np.float32], k: int, *, leave_out: bool
    ) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
        if not self.recall > 0:
            raise ValueError(f"recall must be above 0, got {self.recall}")
        if not leave_out:
            return super()._search(X, k, leave_out=False)
        self.n_probes_, self.expected_recall_ = 0, 1.0
        if k == 0 or len(X) <= SMALL or self.recall >= 1:
            return super()._search(X, k, leave_out=True)
        if len(X) <= _ON_GPU and kept_for(k) <= MOST_KEPT:
            candidates = self._on_gpu(X, kept_for(k), leave_out=True)
            if candidates is not None:
                return self._proven(X, k, candidates, leave_out=True)
        for times, more in ROUNDS:
            wanted = Wanted(self.recall, times * k + more, self.random_state, self.bounded)
            lists = clustered_lists(X, wanted, self.n_jobs, self.on_progress)
            if lists is None or lists.plan is None:
                break
            candidates = FirstPass(lists.codes, lists.nearest, lists.order)
            similarities, rows, _ = exact_best(X, X, candidates, k, self.n_jobs)
            recalls = recalls_of(similarities[lists.plan.sample], lists.plan.best)
            last = (times, more) == ROUNDS[-1]
            if lists.plan.settles(recalls, self.recall, last=last, bounded=self.bounded):
                self.n_probes_, self.expected_recall_ = lists.plan.n_probes, float(recalls.mean())
                self._fill(X, rows, similarities)
                return similarities, rows
        return super()._search(X, k, leave_out=True)

    def filled_rows(self, rows: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return the rows of a self-join, of which some lists are shorter than others; those are searched exactly."""
        with threadpool_limits(1, "blas"):
            self._fill(self.vectors_, rows)
        return rows

    def _fill(
        self, X: NDArray[np.float32], rows: NDArray[np.int32], similarities: NDArray[np.float32] | None = None
    ) -> None:
        """Search exactly for rows that were compared with fewer than k others, as their clusters are small."""
        short = np.flatnonzero(rows[:, -1] < 0)
        for start in range(0, len(short), _FILLED):
            some = short[start : start + _FILLED]
            found, rows[some] = self._by_floats(X[some], rows.shape[1], some)
            if similarities is not None:
                similarities[some] = found


class NearLists(NamedTuple):
    """Candidate lists by products of codes, in the order of the clusters."""

    codes: Quantised
    order: NDArray[np.int32]  # (n,), row of X of each row of codes
    nearest: Nearest
    plan: ClusterPlan | None  # None if all pairs were compared


def clustered_lists(
    X: NDArray[np.float32],
    wanted: Wanted,
    n_jobs: int | None,
    on_progress: Callable[[int, int], None] | None = None,
) -> NearLists | None:
    """Return the `kept` best of every row by products of codes, with a recall of at least `recall`.

    Returns None for a small set, and for one without clusters unless the wanted recall is bounded.
    """
    if len(X) <= SMALL:
        return None
    plan = plan_clusters(X, wanted, n_jobs)
    if plan is None:
        return None
    nearest = join_clusters(plan.codes.codes, plan.clusters, wanted.kept, n_jobs, on_progress)
    return NearLists(plan.codes, plan.clusters.order, nearest, plan)


def near_lists(
    X: NDArray[np.float32],
    wanted: Wanted,
    n_jobs: int | None,
    on_progress: Callable[[int, int], None] | None = None,
) -> NearLists:
    """Return lists by clusters, or by all pairs where clusters do not help."""
    lists = clustered_lists(X, wanted, n_jobs, on_progress)
    if lists is not None:
        return lists
    codes, order = quantise(X, n_jobs), np.arange(len(X), dtype=np.int32)
    return NearLists(codes, order, join_all(codes, wanted.kept, n_jobs, on_progress), None)
