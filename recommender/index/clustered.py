"""Every vector's neighbours, nearly all of them, without looking at all pairs."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.index.cluster_join import join_clusters, recall_by_probes
from recommender.index.clusters import centroids_of, gather, nearest_centroids
from recommender.index.exact import MOST_KEPT, ExactIndex, kept_for
from recommender.index.join import join_all
from recommender.index.nearest import Nearest
from recommender.index.quantised import Quantised, quantise
from recommender.index.rescoring import exact_best, without

__all__ = ["SMALL", "ClusteredIndex", "NearLists", "clustered_lists", "near_lists"]

_CLUSTERS = 2.0  # times the root of the number of vectors
_MOST_PROBES = 48
_SAMPLE = 2_000  # rows whose neighbours are found exactly, to tell what recall costs
_SURE = 1.64  # standard errors that the sample must be above what is asked: 95 % of the time the whole is then too
_SURELY = 3.0  # standard errors that its lists may be below that in the end
_KEPT = ((1, 4), (4, 32))  # times k, and more: products of codes are a little off, and too much in a crowd
_JUDGED = 32  # neighbours of each that recall is told by, at most
_ON_GPU = 1_000_000  # vectors whose pairs a GPU looks at: of 384 dimensions, 10^15 operations, seconds for a large one
SMALL = 20_000  # vectors up to which all pairs are looked at


class ClusteredIndex(ExactIndex):
    """Neighbours at a recall that is asked for; as `ExactIndex` where that is as quick, and for queries.

    Rows are put into clusters, and a row is compared with the rows of the clusters nearest to it, and with the rows
    that come to its own. How many clusters that must be is told by a sample of rows whose exact neighbours are looked
    up first. The result depends on `random_state`, and neither on threads nor on the processor.

    Parameters
    ----------
    n_neighbors : int, default 10
        Neighbours given where a call does not say.
    recall : float, default 0.95
        Share of the true neighbours to be found, above 0; from 1 on the answer is exact.
    n_jobs : int or None, default None
        Threads; None honours ``joblib.parallel_config``. The result does not depend on it.
    random_state : int, default 0
        Seed of the samples.
    on_progress : callable or None, default None
        Called with the work done and the work there is, as a self-join goes on.
    device : str or None, default None
        See `ExactIndex`. On a GPU all pairs are looked at, of up to a million vectors.

    Attributes
    ----------
    n_probes_ : int
        Clusters that each row looked at in the last self-join; 0 if it looked at all pairs.
    expected_recall_ : float
        Share of their neighbours that the sampled rows were given in the last self-join.

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
    ) -> None:
        super().__init__(n_neighbors, n_jobs, on_progress, device)
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
            passed = self._on_gpu(X, kept_for(k), leave_out=True)
            if passed is not None:
                return self._proven(X, k, passed, leave_out=True)
        for times, more in _KEPT:
            kept = times * k + more
            lists = clustered_lists(X, self.recall, kept, self.random_state, self.n_jobs, self.on_progress)
            if lists is None:
                break
            similarities, rows, _ = exact_best(X, X, lists.codes, lists.nearest, k, self.n_jobs, lists.order)
            recalls = lists.recalls(similarities)
            if recalls.mean() + _SURELY * recalls.std() / len(recalls) ** 0.5 >= self.recall:
                self.n_probes_, self.expected_recall_ = lists.n_probes, float(recalls.mean())
                return self._filled(X, similarities, rows)
        return super()._search(X, k, leave_out=True)

    def _filled(
        self, X: NDArray[np.float32], similarities: NDArray[np.float32], rows: NDArray[np.int32]
    ) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
        """Search again for rows that met fewer than k others: their clusters are small."""
        short = np.flatnonzero(rows[:, -1] < 0)
        if short.size:
            similarities[short], rows[short] = self._by_floats(X[short], rows.shape[1], short)
        return similarities, rows


class NearLists(NamedTuple):
    """Lists by codes, and the order in which they count rows."""

    codes: Quantised
    order: NDArray[np.int32]  # (n,), the row of X that each row of codes is of
    nearest: Nearest
    n_probes: int  # 0 where all pairs were looked at
    sample: NDArray[np.int32]  # (m,), rows of X
    best: NDArray[np.float32]  # (m, judged), similarities of their exact neighbours

    def recalls(self, similarities: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the share of its nearest that each row of the sample has in lists of all rows."""
        n = min(similarities.shape[1], self.best.shape[1])
        found = similarities[self.sample] >= self.best[:, n - 1 : n] - 1e-6
        return np.asarray(np.minimum(found.sum(axis=1) / n, 1.0))


def clustered_lists(
    X: NDArray[np.float32],
    recall: float,
    kept: int,
    seed: int,
    n_jobs: int | None,
    on_progress: Callable[[int, int], None] | None = None,
) -> NearLists | None:
    """Return the `kept` best by codes of every row, those of a share `recall` of its neighbours at least.

    None for few rows, or rows in no clusters: they are better compared all with all.
    """
    if len(X) <= SMALL:
        return None
    codes = quantise(X, n_jobs)
    centroids = centroids_of(X, codes, round(_CLUSTERS * len(X) ** 0.5), seed, n_jobs)
    chosen = np.random.default_rng(seed).choice(len(X), min(_SAMPLE, len(X)), replace=False)
    sample = np.sort(chosen).astype(np.int32)
    best, others = _neighbours_of(sample, X, codes, min(kept, _JUDGED), n_jobs)
    n_probes = _enough_probes(sample, others, codes, centroids, recall, n_jobs)
    if n_probes == 0:
        return None
    probes = nearest_centroids(centroids, codes, codes.codes, n_probes, n_jobs)
    clusters = gather(probes, len(centroids))
    codes = codes.taken(clusters.order)
    nearest = join_clusters(codes.codes, clusters, kept, n_jobs, on_progress)
    return NearLists(codes, clusters.order, nearest, n_probes, sample, best)


def near_lists(
    X: NDArray[np.float32],
    recall: float,
    kept: int,
    seed: int,
    n_jobs: int | None,
    on_progress: Callable[[int, int], None] | None = None,
) -> NearLists:
    """Return lists by clusters, or else by all pairs."""
    lists = clustered_lists(X, recall, kept, seed, n_jobs, on_progress)
    if lists is not None:
        return lists
    codes, order = quantise(X, n_jobs), np.arange(len(X), dtype=np.int32)
    nobody = order[:0], np.zeros((0, kept), dtype=np.float32)
    return NearLists(codes, order, join_all(codes, kept, n_jobs, on_progress), 0, *nobody)


def _neighbours_of(
    rows: NDArray[np.int32], X: NDArray[np.float32], codes: Quantised, k: int, n_jobs: int | None
) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Return similarities and rows of the exact neighbours of some rows."""
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
    """Return how many clusters to look at, for rows to meet their neighbours `others` (m, k); 0 if all must be."""
    most = min(_MOST_PROBES, len(centroids))
    probes = nearest_centroids(centroids, codes, codes.taken(np.append(rows, others)).codes, most, n_jobs)
    recalls = recall_by_probes(probes[: len(rows)], probes[len(rows) :].reshape(*others.shape, most))
    means, errors = recalls.mean(axis=0), recalls.std(axis=0) / np.sqrt(len(recalls))
    enough = np.flatnonzero(means - _SURE * errors >= recall)
    return int(enough[0]) + 1 if enough.size else 0
