"""Small and narrow samples of a judged corpus, drawn by seed: a few topics, a few articles, and articles planted alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import NamedTuple

import numpy as np

from recommender import Article
from recommender.evaluation import Qrels

__all__ = ["SIZES", "TOPICS", "Sample", "few_articles", "few_topics", "planted", "topics_of"]

TOPICS = ((1, 20), (5, 10), (10, 20), (20, 50))
"""Topics, and articles of each at most."""

SIZES = (30, 100, 300)
"""Articles of a random sample."""

_LEAST = 10  # articles of a topic


class Sample(NamedTuple):
    """Articles, and what is known of them.

    Attributes
    ----------
    articles : list of Article
    topics : dict of str to int
        Topic of each article by id, where it is known.
    planted : frozenset of str
        Ids of articles that are alone on the site.
    """

    articles: list[Article]
    topics: Mapping[str, int] = {}
    planted: frozenset[str] = frozenset()


def topics_of(qrels: Qrels) -> list[list[str]]:
    """Return the topics of judgements: ids that are judged related, directly or by others between them."""
    parent: dict[str, str] = {}

    def root(article_id: str) -> str:
        while parent.setdefault(article_id, article_id) != article_id:
            article_id = parent[article_id]
        return article_id

    for query_id, grades in qrels.items():
        for other_id, grade in grades.items():
            if grade > 0:
                parent[root(query_id)] = root(other_id)
    topics: dict[str, list[str]] = {}
    for article_id in sorted(parent):
        topics.setdefault(root(article_id), []).append(article_id)
    return sorted(topics.values())


def few_topics(
    articles: Mapping[str, Article], topics: Sequence[Sequence[str]], n_topics: int, each: int, seed: int
) -> Sample | None:
    """Return up to `each` articles of each of some topics of ten articles or more; None if there are too few topics."""
    random = np.random.default_rng(seed)
    usable = [[i for i in topic if i in articles] for topic in topics]
    usable = [topic for topic in usable if len(topic) >= _LEAST]
    if len(usable) < n_topics:
        return None
    number = {
        usable[topic][place]: int(topic)
        for topic in random.permutation(len(usable))[:n_topics]
        for place in random.permutation(len(usable[topic]))[:each]
    }
    return Sample([articles[article_id] for article_id in sorted(number)], number)


def few_articles(articles: Mapping[str, Article], n: int, seed: int) -> Sample | None:
    """Return `n` articles; None if there are not more."""
    return Sample(_drawn(articles, n, seed)) if len(articles) > n else None


def planted(
    articles: Mapping[str, Article],
    others: Sequence[tuple[Mapping[str, Article], Sequence[Sequence[str]]]],
    n: int,
    n_strangers: int,
    seed: int,
) -> Sample | None:
    """Return `n` articles and some of other corpora, drawn from each corpus in turn; None if there are too few.

    `others` are the articles and the topics of each. At most one of a topic is planted. Those of one corpus resemble each
    other in kind, so several corpora leave each article more alone.
    """
    alone = [_one_of_each(strangers, topics, seed) for strangers, topics in others]
    in_turn = [each for turn in zip_longest(*alone) for each in turn if each is not None]
    loners = {each.article_id: each for each in in_turn if each.article_id not in articles}
    ids = list(loners)[:n_strangers]
    if len(articles) < n or len(ids) < n_strangers:
        return None
    return Sample([*_drawn(articles, n, seed), *(loners[i] for i in ids)], planted=frozenset(ids))


def _one_of_each(
    articles: Mapping[str, Article], topics: Sequence[Sequence[str]], seed: int
) -> list[Article]:
    """Return articles in the order of a draw, the first of each topic and all without one."""
    topic = {article_id: place for place, ids in enumerate(topics) for article_id in ids}
    first: dict[int | str, Article] = {}
    for article in _drawn(articles, len(articles), seed):
        first.setdefault(topic.get(article.article_id, article.article_id), article)
    return list(first.values())


def _drawn(articles: Mapping[str, Article], n: int, seed: int) -> list[Article]:
    ids = sorted(articles)
    return [articles[ids[place]] for place in np.random.default_rng(seed).permutation(len(ids))[:n]]
