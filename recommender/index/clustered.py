"""Approximate neighbours of every vector, at a recall that is set, without comparing all pairs."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.index.cluster_join import join_clusters, recall_by_probes
from recommender.index.clusters import centroids_of, gather, nearest_centroids
from recommender.index.exact import MOST_KEPT, ExactIndex, kept_for
from recommender.index.join import join_all
from recommender.index.kernels.neighbour_lists import Nearest
from recommender.index.kernels.similarity_scores import without
from recommender.index.quantised import Quantised, quantise
from recommender.index.rescoring import FirstPass, exact_best

__all__ = ["SMALL", "ClusteredIndex", "NearLists", "Wanted", "clustered_lists", "near_lists"]

_CLUSTERS = 2.0  # times the square root of the number of vectors
_MOST_PROBES = 48
_SAMPLE = 2_000  # rows whose exact neighbours are found to estimate recall
_SURE = 1.64  # standard errors by which the sample must exceed the recall: 95 % confidence for all rows
_SURELY = 3.0  # standard errors by which the final lists of the sample may fall short of it
_KEPT = ((1, 4), (4, 32))  # candidates kept: times k, plus; the second where products of codes are too coarse
_JUDGED = 32  # largest number of neighbours of a row by which recall is estimated
_ON_GPU = 1_000_000  # up to here a GPU compares all pairs: 10^15 operations at 384 dimensions, seconds on a large one
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
        for times, more in _KEPT:
            wanted = Wanted(self.recall, times * k + more, self.random_state, self.bounded)
            lists = clustered_lists(X, wanted, self.n_jobs, self.on_progress)
            if lists is None:
                break
            candidates = FirstPass(lists.codes, lists.nearest, lists.order)
            similarities, rows, _ = exact_best(X, X, candidates, k, self.n_jobs)
            recalls = lists.recalls(similarities)
            reached = recalls.mean() + _SURELY * recalls.std() / len(recalls) ** 0.5 >= self.recall
            if reached or (self.bounded and (lists.n_probes == _MOST_PROBES or (times, more) == _KEPT[-1])):
                self.n_probes_, self.expected_recall_ = lists.n_probes, float(recalls.mean())
                return self._filled(X, similarities, rows)
        return super()._search(X, k, leave_out=True)

    def _filled(
        self, X: NDArray[np.float32], similarities: NDArray[np.float32], rows: NDArray[np.int32]
    ) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
        """Search exactly for rows that were compared with fewer than k others, as their clusters are small."""
        short = np.flatnonzero(rows[:, -1] < 0)
        if short.size:
            similarities[short], rows[short] = self._by_floats(X[short], rows.shape[1], short)
        return similarities, rows


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


class NearLists(NamedTuple):
    """Candidate lists by products of codes, in the order of the clusters."""

    codes: Quantised
    order: NDArray[np.int32]  # (n,), row of X of each row of codes
    nearest: Nearest
    n_probes: int  # 0 if all pairs were compared
    sample: NDArray[np.int32]  # (m,), rows of X
    best: NDArray[np.float32]  # (m, judged), similarities of their exact neighbours

    def recalls(self, similarities: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the recall of each sampled row in lists of all rows."""
        n = min(similarities.shape[1], self.best.shape[1])
        found = similarities[self.sample] >= self.best[:, n - 1 : n] - 1e-6
        return np.asarray(np.minimum(found.sum(axis=1) / n, 1.0))


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
    recall, kept, seed, _ = wanted
    codes = quantise(X, n_jobs)
    centroids = centroids_of(X, codes, round(_CLUSTERS * len(X) ** 0.5), seed, n_jobs)
    chosen = np.random.default_rng(seed).choice(len(X), min(_SAMPLE, len(X)), replace=False)
    sample = np.sort(chosen).astype(np.int32)
    best, others = _neighbours_of(sample, X, codes, min(kept, _JUDGED), n_jobs)
    n_probes = _enough_probes(sample, others, codes, centroids, recall, n_jobs)
    if n_probes == 0:
        if not wanted.bounded:
            return None
        n_probes = min(_MOST_PROBES, len(centroids))
    probes = nearest_centroids(centroids, codes, codes.codes, n_probes, n_jobs)
    clusters = gather(probes, len(centroids))
    codes = codes.taken(clusters.order)
    nearest = join_clusters(codes.codes, clusters, kept, n_jobs, on_progress)
    return NearLists(codes, clusters.order, nearest, n_probes, sample, best)


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
    no_sample = order[:0], np.zeros((0, wanted.kept), dtype=np.float32)
    return NearLists(codes, order, join_all(codes, wanted.kept, n_jobs, on_progress), 0, *no_sample)


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
