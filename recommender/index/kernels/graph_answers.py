"""Answers to queries of a search graph, by walks along its links or by a scan of all rows."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.index.kernels.graph_walk import (
    beam_insert,
    beam_key,
    beam_row,
    prefetch_row,
    seen_table,
    walk,
)
from recommender.index.kernels.half_floats import inner_product_of
from recommender.index.kernels.int8_codes import encode_query
from recommender.index.kernels.link_choice import code_product
from recommender.index.kernels.similarity_scores import insert

__all__ = ["Answers", "StoredRows", "scan_all", "walk_all"]


class StoredRows(NamedTuple):
    """Vectors in the order of their numbers, and which of them may not be found."""

    vectors: NDArray[Any]  # (n, d), see `half_bits`
    hidden: NDArray[np.uint8]  # (n,), or empty if no row is hidden


class Answers(NamedTuple):
    """Lists of m queries, written by the kernels."""

    similarities: NDArray[np.float32]  # (m, k)
    rows: NDArray[np.int32]  # (m, k)


@njit(nogil=True, cache=True)
def walk_all(X, graph, stored, size, n_scored, answers):  # type: ignore[no-untyped-def]
    """Write the best visible rows of each query by exact similarity; return the length of the shortest list.

    A walk keeps the `size` best rows by codes; the first `n_scored` visible ones are compared exactly.
    """
    vectors, hidden = stored
    similarities, rows = answers
    width = graph.codes.shape[1]
    beam = np.empty(size, np.uint64)
    seen = seen_table(size * graph.links.shape[1])
    query, out, spare = np.empty(width, np.int8), np.empty(width, np.float32), np.empty(width, np.float32)
    fewest = rows.shape[1]
    similarities[:], rows[:] = -np.inf, -1
    for i in range(X.shape[0]):
        encode_query(X[i], graph.signs, graph.scale, query, out, spare)
        n = walk(query, graph, beam, seen)
        for place in range(min(n, n_scored)):
            prefetch_row(vectors, np.int64(graph.order[beam_row(beam[place])]))
        found = scored = place = 0
        while place < n and scored < n_scored:
            row = graph.order[beam_row(beam[place])]
            place += 1
            if hidden.shape[0] and hidden[row]:
                continue
            found = insert(inner_product_of(X[i], vectors[row]), row, similarities[i], rows[i], found)
            scored += 1
        fewest = min(fewest, found)
    return fewest


@njit(nogil=True, cache=True)
def scan_all(X, graph, stored, n_scored, answers):  # type: ignore[no-untyped-def]
    """Write the best visible rows of each query, from the codes of all rows."""
    vectors, hidden = stored
    similarities, rows = answers
    width = graph.codes.shape[1]
    query, out, spare = np.empty(width, np.int8), np.empty(width, np.float32), np.empty(width, np.float32)
    beam = np.empty(n_scored, np.uint64)
    similarities[:], rows[:] = -np.inf, -1
    for i in range(X.shape[0]):
        encode_query(X[i], graph.signs, graph.scale, query, out, spare)
        n = 0
        for row in range(graph.codes.shape[0]):
            if hidden.shape[0] and hidden[graph.order[row]]:
                continue
            place = beam_insert(beam, n, beam_key(code_product(graph.codes, row, query), row))
            if place < n_scored and n < n_scored:
                n += 1
        found = 0
        for place in range(n):
            row = graph.order[beam_row(beam[place])]
            found = insert(inner_product_of(X[i], vectors[row]), row, similarities[i], rows[i], found)
