"""The arrays of a search graph, made from a set of vectors."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from recommender.index.cluster_plan import Wanted
from recommender.index.clustered import near_lists
from recommender.index.graph_links import linked
from recommender.index.kernels.graph_growth import SLACK
from recommender.index.kernels.graph_walk import SearchGraph
from recommender.index.kernels.link_choice import LinkRule

__all__ = ["build_graph"]

_RECALL = 0.95  # of the neighbour lists from which links are chosen
_ENTRIES = 512  # rows spread over all clusters; a walk begins at the best of them


def build_graph(
    X: NDArray[np.float32],
    n_links: int,
    seed: int,
    n_jobs: int | None,
    on_progress: Callable[[int, int], None] | None = None,
) -> SearchGraph:
    """Return the graph of unit rows (n, d)."""
    n = len(X)
    lists = near_lists(X, Wanted(_RECALL, n_links + n_links // 2, seed), n_jobs, on_progress)
    codes = lists.codes
    links = linked(codes.codes, lists.nearest.keys, LinkRule(1 / codes.scale**2, SLACK), n_links, n_jobs)
    entries = np.unique(np.linspace(0, max(n - 1, 0), min(n, _ENTRIES)).astype(np.int32))
    entry_codes = codes.taken(entries).codes
    scale = np.float32(codes.scale)
    return SearchGraph(codes.codes, codes.signs, scale, links, entries, entry_codes, lists.order)
