"""Latent semantic analysis by scikit-learn: the vectors of `tfidf` projected to 256 dimensions."""

from __future__ import annotations

from collections.abc import Collection

from benchmarks.baselines.ranked import Lists, in_order, ranked_lists
from benchmarks.baselines.tfidf import tfidf_vectors
from recommender import Article
from recommender.errors import InputError, Problem

__all__ = ["DIMENSIONS", "lists"]

DIMENSIONS = 256


def lists(articles: Collection[Article], query_ids: Collection[str], k: int = 10, *, seed: int = 0) -> Lists:
    """Return the k articles with the highest cosine. Small sites have one dimension fewer than articles or words.

    Parameters
    ----------
    articles, query_ids, k
        As for every baseline.
    seed : int
        Seed of the randomised projection.

    Raises
    ------
    InputError
        If all articles together have fewer than two different words.
    """
    from sklearn.decomposition import TruncatedSVD
    from sklearn.preprocessing import normalize

    known = in_order(articles)
    vectors = tfidf_vectors(known)
    if vectors.shape[1] < 2:
        raise InputError(Problem("wanted articles of two or more different words", "one", "check the corpus"))
    dimensions = max(1, min(DIMENSIONS, min(vectors.shape) - 1))
    dense = normalize(TruncatedSVD(dimensions, random_state=seed).fit_transform(vectors))
    return ranked_lists(known, query_ids, k, lambda rows: dense[rows] @ dense.T)
