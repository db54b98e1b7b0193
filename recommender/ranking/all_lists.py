"""Vectors into the lists of a whole site: neighbours by the dense vectors, scored exactly."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recommender.encoders.lexical import Vectors
from recommender.index.exact import ExactIndex
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
    index = ExactIndex(n_jobs=n_jobs, on_progress=lambda done, total: tell("finding neighbours", done, total))
    distances, candidates = index.fit(vectors.dense).kneighbors(n_neighbors=n_candidates)
    tell("ranking", 0, 1)
    cosines = np.subtract(1.0, distances, out=distances)
    ranked = rescore(vectors.sparse, vectors.sparse, candidates, cosines, id_order, k, weights, n_jobs=n_jobs)
    tell("ranking", 1, 1)
    return ranked
