"""Exact lists from the candidates of a first pass, and whether each is proven complete."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from recommender.index.kernels.array_layout import read_only
from recommender.index.kernels.large_arrays import large_array
from recommender.index.kernels.neighbour_lists import Nearest
from recommender.index.kernels.similarity_scores import ExactLists, Rescoring, rescore
from recommender.index.threads import on_all_threads, slices

__all__ = ["FirstPass", "Rounded", "exact_best"]

_ROWS = 512  # lists that a thread makes at a time


class Rounded(Protocol):
    """Precision of the products of a first pass."""

    @property
    def scale(self) -> float:
        """Square root of the similarity that a product of 1 stands for."""

    @property
    def margin(self) -> float:
        """Largest error of a product, as a similarity."""


class FirstPass(NamedTuple):
    """Candidates for each query, by products of rounded vectors."""

    rounded: Rounded
    nearest: Nearest  # list i belongs to query ``order[i]``, and its row j is row ``order[j]`` of the vectors
    order: NDArray[np.int32] | None = None  # None for the order of the vectors
    queries: NDArray[np.int32] | None = None  # the query of each list where that is not ``order[i]``


def exact_best(
    X: NDArray[np.float32], vectors: NDArray[np.float32], candidates: FirstPass, k: int, n_jobs: int | None
) -> ExactLists:
    """Return the `k` best candidates of each row of `X` by exact similarity, best first.

    A list is proven if no row outside its candidates can be among the `k` best, provided that no product is off by
    more than the margin. Lists with fewer than `k` candidates are padded with row -1 and similarity -inf.
    """
    rounded, nearest, order, queries = candidates
    n = len(X)
    similarities, rows = large_array((n, k), np.float32), large_array((n, k), np.int32)
    similarities.fill(-np.inf)
    rows.fill(-1)
    lists = ExactLists(similarities, rows, np.zeros(n, dtype=np.bool_))
    order = np.arange(max(n, len(vectors)), dtype=np.int32) if order is None else order
    queries = order if queries is None else queries
    rescoring = Rescoring(
        read_only(X), read_only(vectors), read_only(order), rounded.scale**2, rounded.margin
    )
    parts = slices(n, _ROWS)

    def score() -> None:
        for part in parts:
            rescore(rescoring, nearest.keys[part], read_only(queries[part]), lists)

    on_all_threads(score, n_jobs)
    return lists
