"""Runs: ranked lists to evaluate, from scores, from arrays and from the engine's lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from recommender.lists.related import RelatedList

__all__ = [
    "RankedList",
    "Run",
    "Scores",
    "Ties",
    "order_scores",
    "run_from_arrays",
    "run_from_lists",
]

RankedList: TypeAlias = Sequence[tuple[str, float]]
"""Article ids with their scores, best first. The order decides, not the scores."""
Run: TypeAlias = Mapping[str, RankedList]
"""Query article -> its list."""
Scores: TypeAlias = Mapping[str, Mapping[str, float]]
"""Query article -> article -> score, unordered."""
Ties: TypeAlias = Literal["article_id", "trec_eval"]


def order_scores(scores: Scores, ties: Ties = "article_id") -> dict[str, list[tuple[str, float]]]:
    """Sort scored articles into rank order.

    Parameters
    ----------
    scores : mapping
        Query id -> article id -> finite score.
    ties : {"article_id", "trec_eval"}
        ``"article_id"`` orders by (-score, article id), as this engine does. ``"trec_eval"`` follows
        trec_eval: scores are float32, and the larger id comes first among equal scores.

    Raises
    ------
    ValueError
        If `ties` has another value.

    Examples
    --------
    >>> order_scores({"q": {"a": 1.0, "b": 1.0, "c": 2.0}}, ties="trec_eval")["q"]
    [('c', 2.0), ('b', 1.0), ('a', 1.0)]
    """
    if ties == "article_id":
        return {
            query_id: sorted(by_id.items(), key=lambda pair: (-pair[1], pair[0]))
            for query_id, by_id in scores.items()
        }
    if ties == "trec_eval":
        return {query_id: _trec_eval_order(by_id) for query_id, by_id in scores.items()}
    raise ValueError(f"ties must be 'article_id' or 'trec_eval', got {ties!r}")


def _trec_eval_order(by_id: Mapping[str, float]) -> list[tuple[str, float]]:
    with np.errstate(over="ignore"):
        rounded = np.fromiter(by_id.values(), np.float64, len(by_id)).astype(np.float32).tolist()
    order = sorted(zip(rounded, by_id, strict=True), reverse=True)
    return [(article_id, by_id[article_id]) for _, article_id in order]


def run_from_lists(lists: Iterable[RelatedList]) -> dict[str, list[tuple[str, float]]]:
    """Convert the engine's lists to a run. Lists of drafts have no article id and are skipped."""
    return {
        related.article_id: [(entry.article_id, entry.score) for entry in related]
        for related in lists
        if related.article_id is not None
    }


def run_from_arrays(
    article_ids: Sequence[str],
    lists: NDArray[np.integer[Any]],
    scores: NDArray[np.floating[Any]] | None = None,
) -> dict[str, list[tuple[str, float]]]:
    """Convert arrays of lists to a run.

    Parameters
    ----------
    article_ids : sequence of str, length n
        Id of each article.
    lists : int array, shape (n, k)
        Row i is the list of article i as positions in `article_ids`, best first, padded with -1.
    scores : float array, shape (n, k), optional
        Scores of the entries. Defaults to the negative rank of each entry.

    Raises
    ------
    ValueError
        If the shapes do not match.

    Examples
    --------
    >>> run_from_arrays(["a", "b"], np.array([[1], [-1]]))
    {'a': [('b', -1.0)], 'b': []}
    """
    if lists.ndim != 2 or len(lists) != len(article_ids):
        raise ValueError(f"expected lists of shape ({len(article_ids)}, k), got {lists.shape}")
    if scores is None:
        scores = np.broadcast_to(-np.arange(1.0, lists.shape[1] + 1), lists.shape)
    if scores.shape != lists.shape:
        raise ValueError(f"expected scores of the shape of the lists, {lists.shape}, got {scores.shape}")
    return {
        query_id: [(article_ids[i], score) for i, score in zip(row, row_scores, strict=True) if i >= 0]
        for query_id, row, row_scores in zip(article_ids, lists.tolist(), scores.tolist(), strict=True)
    }
