"""The yardstick: lists by plain tf-idf cosine, exact over all pairs, as anyone would write it with scikit-learn."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np
from numpy.typing import NDArray

from recommender import Article
from recommender.errors import InputError, Problem

__all__ = ["SETTINGS", "tfidf_lists"]

SETTINGS = {"sublinear_tf": True, "lowercase": True, "min_df": 1, "ngram_range": (1, 1)}
_BLOCK = 256  # queries whose cosines with everything are held at a time


def tfidf_lists(
    articles: Iterable[Article], query_ids: Collection[str], k: int = 10
) -> dict[str, list[tuple[str, float]]]:
    """Return the k nearest articles of some articles.

    Parameters
    ----------
    articles : iterable of Article
        Read as they are: title, a line end, body; single words in lower case.
    query_ids : collection of str
        Whose lists are wanted; ids of no article are passed over.
    k : int, default 10
        Longest list; articles that share no word are left out.

    Returns
    -------
    dict
        Article id -> (article id, cosine), by (-cosine, article id), without itself.

    Raises
    ------
    InputError
        If there is no word in any article.

    Notes
    -----
    Cost n_queries x n_articles x words in common; memory 256 x n_articles x 8 bytes beside the vectors.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    known = sorted(
        articles, key=lambda article: article.article_id
    )  # so that columns are in the order of ties
    ids = [article.article_id for article in known]
    try:
        vectors = TfidfVectorizer(**SETTINGS).fit_transform(f"{a.title}\n{a.body}" for a in known)
    except ValueError as error:
        raise InputError(Problem("wanted articles with words", str(error), "check the corpus")) from error
    transposed = vectors.T.tocsr()
    rows = np.array([row for row, article_id in enumerate(ids) if article_id in query_ids], dtype=np.intp)
    lists = {}
    for block in np.array_split(rows, range(_BLOCK, len(rows), _BLOCK)):
        cosines = (vectors[block] @ transposed).toarray()
        cosines[np.arange(len(block)), block] = 0.0  # itself
        for row, found in zip(block.tolist(), cosines, strict=True):
            lists[ids[row]] = [(ids[column], float(found[column])) for column in _best(found, k)]
    return lists


def _best(cosines: NDArray[np.float64], k: int) -> list[int]:
    """Return the columns of the k largest values above 0, largest first, equal ones in order."""
    k = min(k, len(cosines))
    least = np.partition(cosines, -k)[-k]
    columns = np.flatnonzero((cosines >= least) & (cosines > 0))
    best: list[int] = columns[np.argsort(-cosines[columns], kind="stable")][:k].tolist()
    return best
