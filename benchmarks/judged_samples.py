"""Samples of judged corpora, and whether their judgements cross languages."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from recommender import Article

__all__ = ["is_judged_across", "sampled"]

_MOST = 10  # judged articles of a query that a sample holds for it


def sampled(
    articles: list[Article], qrels: Mapping[str, Mapping[str, int]], n: int, seed: int
) -> tuple[list[Article], dict[str, dict[str, int]]]:
    """Return a sample of a corpus and the judgements within it.

    Half of it are queries in random order, each with up to ten articles of its highest grades; the rest is drawn from all
    others. Queries of the sample with a judged article in it count. `n` of 0, or above what there is, takes all.
    """
    known = sorted(each.article_id for each in articles)
    on_site = chosen = set(known)
    if 0 < n < len(known):
        rng = np.random.default_rng(seed)
        chosen = set()
        queries = sorted(each for each in qrels if each in on_site)
        for place in rng.permutation(len(queries)).tolist():
            grades = {i: grade for i, grade in qrels[queries[place]].items() if grade > 0 and i in on_site}
            if len(chosen) < n // 2:
                chosen |= {queries[place], *sorted(grades, key=lambda i: (-grades[i], i))[:_MOST]}
        rest = [each for each in known if each not in chosen]
        chosen |= {rest[place] for place in rng.permutation(len(rest))[: max(0, n - len(chosen))].tolist()}
    kept = [each for each in articles if each.article_id in chosen]
    inside = {
        query: {other: int(grade) for other, grade in grades.items() if other in chosen and other != query}
        for query, grades in qrels.items()
        if query in chosen
    }
    return kept, {query: grades for query, grades in inside.items() if any(grades.values())}


def is_judged_across(qrels: Mapping[str, Mapping[str, int]], spoken: Mapping[str, str]) -> bool:
    """Return whether most judged pairs are in two languages. A few foreign articles do not make a corpus of several."""
    pairs = [spoken[query] != spoken[other] for query, grades in qrels.items() for other in grades]
    return 2 * sum(pairs) > len(pairs)
