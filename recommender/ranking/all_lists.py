"""Vectors into the lists of a whole site: neighbours by both vectors, scored exactly."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.encoders.lexical import Vectors
from recommender.index.exact import ExactIndex
from recommender.index.postings import PostingsIndex
from recommender.progress import Progress
from recommender.ranking.rescore import rescore
from recommender.ranking.weights import Weights

__all__ = ["rank_all"]


def rank_all(
    vectors: Vectors,
    id_order: NDArray[np.int32],
    k: int,
    weights: Weights,
    n_candidates: int,
    n_jobs: int | None,
    tell: Progress,
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return the rows and scores of every article's list, both of shape (n_articles, k); see `rescore`."""
    tell("finding neighbours", 0, 1)
    strong, rest = -(-n_candidates // 2), n_candidates // 2
    _, by_terms = PostingsIndex(n_jobs=n_jobs).fit(vectors.sparse).kneighbors(n_neighbors=strong)
    index = ExactIndex(n_jobs=n_jobs, on_progress=lambda done, total: tell("finding neighbours", done, total))
    _, by_dense = index.fit(vectors.dense).kneighbors(n_neighbors=max(rest, 1))
    tell("ranking", 0, 1)
    candidates = _united(by_terms, by_dense)
    ranked = rescore(
        vectors.sparse, vectors.sparse, vectors.dense, vectors.dense, candidates, id_order, k, weights, n_jobs=n_jobs
    )  # fmt: skip
    tell("ranking", 1, 1)
    return ranked


@njit(nogil=True, cache=True)
def _united(first, second):  # type: ignore[no-untyped-def]
    """Candidates of both, row by row; of `second` those that `first` has not."""
    united = np.full((first.shape[0], first.shape[1] + second.shape[1]), -1, dtype=np.int32)
    owner = np.full(first.shape[0], -1, dtype=np.int32)
    for row in range(first.shape[0]):
        for place in range(first.shape[1]):
            united[row, place] = first[row, place]
            if first[row, place] >= 0:
                owner[first[row, place]] = row
        for place in range(second.shape[1]):
            if owner[second[row, place]] != row:
                united[row, first.shape[1] + place] = second[row, place]
    return united
