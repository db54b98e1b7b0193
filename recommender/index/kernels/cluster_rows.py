"""The rows that probe each cluster, by counting."""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["rows_by_cluster"]


@njit(nogil=True, cache=True)
def rows_by_cluster(probes, n_clusters, rows):  # type: ignore[no-untyped-def]
    """Write the rows that probe each cluster into `rows`, cluster by cluster and ascending, and return the starts."""
    starts = np.zeros(n_clusters + 1, dtype=np.int64)
    for row in range(probes.shape[0]):
        for place in range(probes.shape[1]):
            starts[probes[row, place] + 1] += 1
    starts = np.cumsum(starts)
    ends = starts[:-1].copy()
    for row in range(probes.shape[0]):
        for place in range(probes.shape[1]):
            cluster = probes[row, place]
            rows[ends[cluster]] = row
            ends[cluster] += 1
    return starts
