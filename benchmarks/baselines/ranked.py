"""Scores of everything in, the best of them by (-score, article id) out; shared by all baselines."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from recommender import Article

__all__ = ["Lists", "in_order", "ranked_lists", "text_of"]

Lists: TypeAlias = dict[str, list[tuple[str, float]]]
"""Article id -> its list as (article id, score), best first, itself left out."""

_BLOCK = 256  # queries whose scores of everything are held at a time


def in_order(articles: Collection[Article]) -> list[Article]:
    """Return the articles by id, so that of two equal scores the first column is the one that goes first."""
    return sorted(articles, key=lambda article: article.article_id)


def text_of(article: Article) -> str:
    """Return what a baseline reads: title, line end, body."""
    return f"{article.title}\n{article.body}"


def ranked_lists(
    articles: Sequence[Article],
    query_ids: Collection[str],
    k: int,
    scores: Callable[[NDArray[np.intp]], NDArray[np.floating[Any]]],
) -> Lists:
    """Return the k best articles of some articles.

    Parameters
    ----------
    articles : sequence of Article
        By id, see `in_order`.
    query_ids : collection of str
        Whose lists are wanted; ids of no article are passed over.
    k : int
        Longest list; articles with a score of 0 or less are left out.
    scores : callable
        Rows of `articles`, shape (m,), in; their scores of all articles, shape (m, n_articles), out. It is called
        with up to 256 rows at a time, and what it returns is written on.
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
    """Return the columns of the k largest values above 0, largest first, equal ones in order."""
    k = min(k, len(scores))
    least = np.partition(scores, -k)[-k]
    columns = np.flatnonzero((scores >= least) & (scores > 0))
    best: list[int] = columns[np.argsort(-scores[columns], kind="stable")][:k].tolist()
    return best
