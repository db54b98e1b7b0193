"""Cosine of tf-idf vectors by scikit-learn, exact over all pairs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from benchmarks.baselines.ranked import Lists, in_order, ranked_lists, text_of
from recommender import Article
from recommender.errors import InputError, Problem

__all__ = ["SETTINGS", "lists", "tfidf_vectors"]

SETTINGS = {"sublinear_tf": True, "lowercase": True, "min_df": 1, "ngram_range": (1, 1)}


def lists(articles: Collection[Article], query_ids: Collection[str], k: int = 10) -> Lists:
    """Return the k articles with the highest cosine of single words of the whole text, lower case, sublinear.

    Raises
    ------
    InputError
        If no article has any word.

    Notes
    -----
    Cost: n_queries x n_articles x words in common.
    """
    known = in_order(articles)
    vectors = tfidf_vectors(known)
    transposed = vectors.T.tocsr()
    return ranked_lists(known, query_ids, k, lambda rows: (vectors[rows] @ transposed).toarray())


def tfidf_vectors(articles: Sequence[Article]) -> Any:
    """Return the vectors as a CSR matrix of float64, shape (n_articles, n_words), rows of length 1."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    try:
        return TfidfVectorizer(**SETTINGS).fit_transform(map(text_of, articles))
    except ValueError as error:
        raise InputError(Problem("wanted articles with words", str(error), "check the corpus")) from error
