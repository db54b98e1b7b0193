"""New rows of a search graph, linked to their neighbours and back."""

from __future__ import annotations

import numpy as np
from numba import njit

from recommender.index.kernels.graph_walk import beam_row, seen_table, walk
from recommender.index.kernels.int8_codes import encode_query
from recommender.index.kernels.link_choice import LinkRule, link

__all__ = ["SLACK", "link_new"]

SLACK = 0.85
"""See `LinkRule`."""
_BEAM = 64  # of the walk that finds the links of a new row


@njit(nogil=True, cache=True)
def link_new(X, first, graph):  # type: ignore[no-untyped-def]
    """Write codes and links of rows first, first + 1, ... of a graph, and link their neighbours back to them."""
    codes, links = graph.codes, graph.links
    width, n_links = codes.shape[1], links.shape[1]
    beam = np.empty(max(_BEAM, 2 * n_links), np.uint64)
    seen = seen_table(beam.shape[0] * n_links + 1)  # + 1: at a power of two a quarter is filled, not half
    query, out, spare = np.empty(width, np.int8), np.empty(width, np.float32), np.empty(width, np.float32)
    rule = LinkRule(1 / (graph.scale * graph.scale), SLACK)
    candidates = np.empty(max(beam.shape[0], n_links + 1), np.int32)
    for i in range(X.shape[0]):
        row = first + i
        encode_query(X[i], graph.signs, graph.scale, query, out, spare)
        for j in range(width):
            codes[row, j] = np.uint8(np.int32(query[j]) + 128)
        n = walk(query, graph, beam, seen)
        for j in range(n):
            candidates[j] = beam_row(beam[j])
        link(codes, row, candidates[:n], rule, links[row], query)
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
                link(codes, to, candidates[: n + 1], rule, links[to], query)
