"""Every vector's neighbours, nearly all of them, without looking at all pairs."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.index.cluster_join import join_clusters, recall_by_probes
from recommender.index.clusters import centroids_of, gather, nearest_centroids
from recommender.index.exact import ExactIndex
from recommender.index.join import join_all, join_codes
from recommender.index.nearest import Nearest, rows_of
from recommender.index.quantised import Quantised, quantise
from recommender.index.rescoring import exact_best, without

__all__ = ["SMALL", "ClusteredIndex", "NearLists", "near_lists"]

_CLUSTERS = 2.0  # times the root of the number of vectors
_MOST_PROBES = 48
_SAMPLE = 2_000  # rows whose neighbours are found exactly, to tell what recall costs
_SURE = 1.64  # standard errors that the sample must be above what is asked: 95 % of the time the whole is then too
_SPARE = 4  # kept beyond k: products of codes are a little off
_JUDGED = 32  # neighbours of each that recall is told by, at most
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

    Attributes
    ----------
    n_probes_ : int
        Clusters that each row looked at in the last self-join; 0 if it looked at all pairs.
    expected_recall_ : float
        Share of the neighbours of the sampled rows that were among those looked at.

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
    ) -> None:
        super().__init__(n_neighbors, n_jobs, on_progress)
        self.recall = recall
        self.random_state = random_state

    def _search(
        self, X: NDArray[np.float32], k: int, *, leave_out: bool
    ) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
        if not self.recall > 0:
            raise ValueError(f"recall must be above 0, got {self.recall}")
        self.n_probes_, self.expected_recall_ = 0, 1.0
        if not leave_out or k == 0 or len(X) <= SMALL or self.recall >= 1:
            return super()._search(X, k, leave_out=leave_out)
        lists = near_lists(X, self.recall, k + _SPARE, self.random_state, self.n_jobs, self.on_progress)
        self.n_probes_, self.expected_recall_ = lists.n_probes, lists.recall
        if self.n_probes_ == 0:
            return super()._search(X, k, leave_out=True)
        similarities, rows, _ = exact_best(X, X, lists.codes, lists.nearest, k, self.n_jobs, lists.order)
        return similarities, rows


class NearLists(NamedTuple):
    """Lists by codes, and the order in which they count rows."""

    codes: Quantised
    order: NDArray[np.int32]  # (n,), the row of X that each row of codes is of
    nearest: Nearest
    n_probes: int  # 0 where all pairs were looked at
    recall: float  # that a sample promises


def near_lists(
    X: NDArray[np.float32],
    recall: float,
    kept: int,
    seed: int,
    n_jobs: int | None,
    on_progress: Callable[[int, int], None] | None = None,
) -> NearLists:
    """Return the `kept` best by codes of every row, those of a share `recall` of its neighbours at least.

    Few rows, or rows in no clusters, are compared all with all.
    """
    codes, n_probes, found = quantise(X, n_jobs), 0, 1.0
    if len(X) > SMALL:
        centroids = centroids_of(X, codes, round(_CLUSTERS * len(X) ** 0.5), seed, n_jobs)
        n_probes, found = _enough_probes(codes, centroids, recall, min(kept, _JUDGED), seed, n_jobs)
    if n_probes == 0:
        order = np.arange(len(X), dtype=np.int32)
        return NearLists(codes, order, join_all(codes, kept, n_jobs, on_progress), 0, 1.0)
    probes = nearest_centroids(centroids, codes, codes.codes, n_probes, n_jobs)
    clusters = gather(probes, len(centroids))
    codes = codes.taken(clusters.order)
    nearest = join_clusters(codes.codes, clusters, kept, n_jobs, on_progress)
    return NearLists(codes, clusters.order, nearest, n_probes, found)


def _enough_probes(
    codes: Quantised, centroids: NDArray[np.float32], recall: float, k: int, seed: int, n_jobs: int | None
) -> tuple[int, float]:
    """Return how many clusters to look at, and the recall that a sample promises; 0 if no number gives it."""
    random = np.random.default_rng(seed)
    n = len(codes.codes)
    rows = np.sort(random.choice(n, min(_SAMPLE, n), replace=False)).astype(np.int32)
    found = rows_of(join_codes(codes, codes.taken(rows).codes, k + 1, n_jobs).keys, k + 1)
    others = without(rows, np.zeros(found.shape, dtype=np.float32), found)[1]
    most = min(_MOST_PROBES, len(centroids))
    probes = nearest_centroids(centroids, codes, codes.taken(np.append(rows, others)).codes, most, n_jobs)
    recalls = recall_by_probes(probes[: len(rows)], probes[len(rows) :].reshape(*others.shape, most))
    means, errors = recalls.mean(axis=0), recalls.std(axis=0) / np.sqrt(len(recalls))
    enough = np.flatnonzero(means - _SURE * errors >= recall)
    return (int(enough[0]) + 1, float(means[enough[0]])) if enough.size else (0, 1.0)
