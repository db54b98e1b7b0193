"""Lists built from candidates compared with lists from scoring every article."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from benchmarks.baselines.ranked import Lists
from benchmarks.ours import K
from recommender import Recommender
from recommender.evaluation import evaluate

__all__ = ["agreement", "chosen", "exhaustive_lists", "stored_lists"]

_RECALL = f"R@{K}"


def chosen(article_ids: Sequence[str], n: int, seed: int) -> list[str]:
    """Return `n` ids drawn at random, or all if there are fewer; sorted."""
    ids = sorted(article_ids)
    drawn = np.random.default_rng(seed).permutation(len(ids))[:n]
    return [ids[place] for place in sorted(drawn.tolist())]


def stored_lists(site: Recommender, article_ids: Sequence[str]) -> Lists:
    """Return the lists as built."""
    return {i: [(entry.article_id, entry.score) for entry in site.related(i)] for i in article_ids}


def exhaustive_lists(site: Recommender, article_ids: Sequence[str], n_jobs: int) -> Lists:
    """Return the lists from scoring every article, as the engine does if all articles are requested."""

    def ask(article_id: str) -> list[tuple[str, float]]:
        every = site.related(article_id, max(len(site), K + 1))  # fewer would use candidates
        return [(entry.article_id, entry.score) for entry in every[:K]]

    with ThreadPoolExecutor(n_jobs) as threads:
        return dict(zip(article_ids, threads.map(ask, article_ids), strict=True))


def agreement(stored: Lists, exhaustive: Lists, seed: int) -> dict[str, Any]:
    """Return the recall of stored lists against exhaustive ones.

    Parameters
    ----------
    stored, exhaustive : dict
        Lists of the same articles. Articles with an empty exhaustive list do not count.
    seed : int
        Seed of the interval.

    Returns
    -------
    dict
        ``n_compared``; ``recall``, the mean share of an exhaustive list that is in the stored one; its interval
        ``recall_interval_95``; ``complete``, the share of articles with nothing missing. None if no article counts.
    """
    best = {i: dict.fromkeys((other for other, _ in ranked), 1) for i, ranked in exhaustive.items() if ranked}
    if not best:
        return {"n_compared": 0, "recall": None, "recall_interval_95": None, "complete": None}
    found = evaluate(stored, best, _RECALL)
    return {
        "n_compared": len(best),
        "recall": found.mean(_RECALL),
        "recall_interval_95": list(found.intervals(seed=seed)[_RECALL]),
        "complete": float(np.mean(found[_RECALL] == 1)),
    }
