"""Small and narrow samples of a judged corpus, drawn by seed: a few topics, a few articles, and articles planted alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from recommender import Article
from recommender.evaluation import Qrels

__all__ = ["SIZES", "TOPICS", "Sample", "few_articles", "few_topics", "planted", "topics_of"]

TOPICS = ((5, 10), (10, 20), (20, 50))
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
    articles: Mapping[str, Article], strangers: Mapping[str, Article], topics: Sequence[Sequence[str]],
    n: int, n_strangers: int, seed: int,
) -> Sample | None:  # fmt: skip
    """Return `n` articles and some of another corpus, at most one of each of its topics; None if there are too few."""
    topic = {article_id: place for place, ids in enumerate(topics) for article_id in ids}
    alone: dict[int | str, Article] = {}
    for article in _drawn(strangers, len(strangers), seed):
        alone.setdefault(topic.get(article.article_id, article.article_id), article)
    loners = [each for each in alone.values() if each.article_id not in articles][:n_strangers]
    if len(articles) < n or len(loners) < n_strangers:
        return None
    ids = frozenset(each.article_id for each in loners)
    return Sample([*_drawn(articles, n, seed), *loners], planted=ids)


def _drawn(articles: Mapping[str, Article], n: int, seed: int) -> list[Article]:
    ids = sorted(articles)
    return [articles[ids[place]] for place in np.random.default_rng(seed).permutation(len(ids))[:n]]
