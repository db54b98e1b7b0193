"""The arrays of a search graph: made of a whole set of vectors, and added to row by row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.index.clustered import near_lists
from recommender.index.graph_links import link, linked
from recommender.index.graph_search import beam_row, walk
from recommender.index.quantised import encode_one

__all__ = ["build_graph", "link_new"]

_SLACK = 0.85  # of a way: what is nearer than this to a link is a detour of it
_RECALL = 0.95  # of the lists that links are chosen from
_ENTRIES = 512  # rows, spread over all clusters, the best of which a walk begins at
_BEAM = 64  # of the walk that finds the links of a new row


def build_graph(
    X: NDArray[np.float32],
    n_links: int,
    seed: int,
    n_jobs: int | None,
    on_progress: Callable[[int, int], None] | None = None,
) -> tuple[dict[str, NDArray[Any]], float]:
    """Return the arrays of a graph of unit rows (n, d), and the scale of its codes."""
    n = len(X)
    lists = near_lists(X, _RECALL, n_links + n_links // 2, seed, n_jobs, on_progress)
    codes = lists.codes
    links = linked(codes.codes, lists.nearest.keys, 1 / codes.scale**2, n_links, _SLACK, n_jobs)
    entries = np.unique(np.linspace(0, max(n - 1, 0), min(n, _ENTRIES)).astype(np.int32))
    return {
        "codes": codes.codes,
        "signs": codes.signs,
        "links": links,
        "entries": entries,
        "entry_codes": codes.taken(entries).codes,
        "order": lists.order,
        "hidden": np.zeros(0, dtype=np.uint8),
    }, codes.scale


@njit(nogil=True, cache=True)
def link_new(X, first, signs, scale, codes, links, entries, entry_codes):  # type: ignore[no-untyped-def]
    """Write codes and links of rows `first`, `first` + 1, ..., and link their neighbours back to them."""
    width, n_links = codes.shape[1], links.shape[1]
    beam = np.empty(max(_BEAM, 2 * n_links), np.uint64)
    seen = np.empty(4 * beam.shape[0] * n_links, np.int32)
    n_seen = 1_024
    while 2 * n_seen <= seen.shape[0]:
        n_seen *= 2
    query, out, spare = np.empty(width, np.int8), np.empty(width, np.float32), np.empty(width, np.float32)
    squares = 1 / (scale * scale)
    candidates = np.empty(max(beam.shape[0], n_links + 1), np.int32)
    for i in range(X.shape[0]):
        row = first + i
        encode_one(X[i], signs, scale, query, out, spare)
        for j in range(width):
            codes[row, j] = np.uint8(np.int32(query[j]) + 128)
        n = walk(query, codes, links, entries, entry_codes, beam, seen[:n_seen])
        for j in range(n):
            candidates[j] = beam_row(beam[j])
        link(codes, row, candidates[:n], squares, _SLACK, links[row], query)
        for to in links[row]:
            if to < 0:
                break
            n = 0
            while n < n_links and links[to, n] >= 0:
                candidates[n] = links[to, n]
                n += 1
            candidates[n] = row
            if n < n_links:
                links[to, n] = row
            else:
                link(codes, to, candidates[: n + 1], squares, _SLACK, links[to], query)
