"""Effort of two fixed indexes to find the nearest: faiss IVF and HNSW, with the same settings for every set."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.errors import MissingExtraError

__all__ = ["PROBES", "WIDTHS", "effort"]

PROBES = (1, 2, 4, 8, 16, 32, 64)  # lists of the IVF that are probed
WIDTHS = (10, 20, 40, 80, 160)  # candidates that the HNSW keeps during a search
_K = 10
_TIE = 1e-6


def effort(vectors: NDArray[np.float32], queries: NDArray[np.float32], seed: int = 0) -> dict[str, Any]:
    """Return recall@10 and the share of vectors compared, for each index and setting.

    Parameters
    ----------
    vectors : ndarray of float32, shape (n, d)
    queries : ndarray of float32, shape (m, d)
        Not among the vectors.
    seed : int
        Seed of the clusters.

    Returns
    -------
    dict
        ``ivf``: by number of probed lists out of 2 sqrt(n), recall and the share of vectors compared. ``hnsw``: by
        candidates kept (32 links in the bottom layer, 80 candidates when built), recall and comparisons per query.

    Raises
    ------
    MissingExtraError
        If faiss is not installed.
    """
    try:
        import faiss
    except ImportError as error:
        raise MissingExtraError("recall against effort", "faiss-cpu", "bench") from error
    exact = faiss.IndexFlatIP(vectors.shape[1])
    exact.add(vectors)
    bars = exact.search(queries, _K)[0][:, -1:] - _TIE
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)  # with more, the links of an HNSW depend on scheduling
    try:
        return {
            "ivf": _ivf(faiss, vectors, queries, bars, seed),
            "hnsw": _hnsw(faiss, vectors, queries, bars),
        }
    finally:
        faiss.omp_set_num_threads(threads)


def _ivf(
    faiss: Any, vectors: NDArray[np.float32], queries: NDArray[np.float32], bars: NDArray[Any], seed: int
) -> dict[str, dict[str, float]]:
    n, d = vectors.shape
    n_lists = max(1, round(2 * n**0.5))
    nearest_lists = faiss.IndexFlatIP(d)
    index = faiss.IndexIVFFlat(nearest_lists, d, n_lists, faiss.METRIC_INNER_PRODUCT)
    index.cp.seed, index.cp.niter = seed + 1, 10
    index.cp.min_points_per_centroid, index.cp.max_points_per_centroid = 1, 100
    index.train(vectors)
    index.add(vectors)
    sizes = np.array([index.invlists.list_size(number) for number in range(n_lists)])
    found = {}
    for index.nprobe in (probes for probes in PROBES if probes <= n_lists):
        recall = float((index.search(queries, _K)[0] >= bars).mean())
        compared = sizes[nearest_lists.search(queries, index.nprobe)[1]].sum(axis=1).mean() / n
        found[str(index.nprobe)] = {"recall": recall, "share": float(compared)}
    return found


def _hnsw(
    faiss: Any, vectors: NDArray[np.float32], queries: NDArray[np.float32], bars: NDArray[Any]
) -> dict[str, dict[str, float]]:
    index = faiss.IndexHNSWFlat(vectors.shape[1], 16, faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efConstruction = 80
    index.add(vectors)
    counted = faiss.cvar.hnsw_stats
    found = {}
    for index.hnsw.efSearch in WIDTHS:
        counted.reset()
        recall = float((index.search(queries, _K)[0] >= bars).mean())
        found[str(index.hnsw.efSearch)] = {"recall": recall, "comparisons": counted.ndis / len(queries)}
    return found
