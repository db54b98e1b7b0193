"""Selection of the best scores by (-score, article id), shared by all baselines."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from recommender import Article

__all__ = ["Lists", "in_order", "ranked_lists", "text_of"]

Lists: TypeAlias = dict[str, list[tuple[str, float]]]
"""Article id -> its list of (article id, score), best first, without the article itself."""

_BLOCK = 256  # queries whose scores are in memory at a time


def in_order(articles: Collection[Article]) -> list[Article]:
    """Return the articles sorted by id, so that equal scores are ordered by column."""
    return sorted(articles, key=lambda article: article.article_id)


def text_of(article: Article) -> str:
    """Return the text that baselines read: title, line end, body."""
    return f"{article.title}\n{article.body}"


def ranked_lists(
    articles: Sequence[Article],
    query_ids: Collection[str],
    k: int,
    scores: Callable[[NDArray[np.intp]], NDArray[np.floating[Any]]],
) -> Lists:
    """Return the k best articles for each query.

    Parameters
    ----------
    articles : sequence of Article
        Sorted by id, see `in_order`.
    query_ids : collection of str
        Articles whose lists are made; unknown ids are ignored.
    k : int
        Longest list. Articles with a score of 0 or less are left out.
    scores : callable
        Takes rows of `articles`, shape (m,), up to 256 at a time, and returns their scores of all articles, shape
        (m, n_articles), an array that is modified.
    """
    ids = [article.article_id for article in articles]
    rows = np.array([row for row, article_id in enumerate(ids) if article_id in query_ids], dtype=np.intp)
    lists: Lists = {}
    for block in np.array_split(rows, range(_BLOCK, len(rows), _BLOCK)):
        found = scores(block) if len(block) else np.empty((0, len(ids)))
        found[np.arange(len(block)), block] = 0  # itself
        for row, line in zip(block.tolist(), found, strict=True):
            lists[ids[row]] = [(ids[column], float(line[column])) for column in _best(line, k)]
    return lists


def _best(scores: NDArray[np.floating[Any]], k: int) -> list[int]:
    """Return the columns of the k largest values above 0, largest first, ties by column."""
    k = min(k, len(scores))
    least = np.partition(scores, -k)[-k]
    columns = np.flatnonzero((scores >= least) & (scores > 0))
    best: list[int] = columns[np.argsort(-scores[columns], kind="stable")][:k].tolist()
    return best
