"""Latent semantic analysis: the tf-idf vectors of `tfidf` on their 256 strongest directions, as scikit-learn has it."""

from __future__ import annotations

from collections.abc import Collection

from benchmarks.baselines.ranked import Lists, in_order, ranked_lists
from benchmarks.baselines.tfidf import tfidf_vectors
from recommender import Article
from recommender.errors import InputError, Problem

__all__ = ["DIMENSIONS", "lists"]

DIMENSIONS = 256


def lists(articles: Collection[Article], query_ids: Collection[str], k: int = 10, *, seed: int = 0) -> Lists:
    """Return the k articles of the highest cosine; on a small site with fewer dimensions, one less than articles or words.

    Parameters
    ----------
    articles, query_ids, k
        As for every baseline.
    seed : int
        Of the randomised projection.

    Raises
    ------
    InputError
        If there are fewer than two different words in all articles together.
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
