"""Seeded edits of the articles of a site: a third additions, a third edits, a third deletions."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from recommender import Article

__all__ = ["Change", "Edits"]

_SHARE = 0.1  # of the words of an article that an edit replaces


class Change(NamedTuple):
    """What one update adds or edits, and the ids that it deletes."""

    add: list[Article]
    delete: list[str]


class Edits:
    """Edits of a site, one by one or in batches.

    Parameters
    ----------
    articles : sequence of Article
        In any order.
    n_articles : int
        Articles of the site, chosen by the seed. The others are added first; then those that were deleted come back.
    seed : int
    """

    def __init__(self, articles: Sequence[Article], n_articles: int, seed: int) -> None:
        by_id = sorted(articles, key=lambda article: article.article_id)
        self._random = np.random.default_rng(seed)
        order = self._random.permutation(len(by_id)).tolist()
        self._there = {by_id[place].article_id: by_id[place] for place in order[:n_articles]}
        self._ids = list(self._there)
        self._waiting = deque(by_id[place] for place in order[n_articles:])

    @property
    def articles(self) -> list[Article]:
        """The articles of the site as they are now, by id."""
        return [self._there[article_id] for article_id in sorted(self._there)]

    def change(self, n_edits: int = 1) -> Change:
        """Return the next edits, of `n_edits` different articles or as many as there are."""
        change, touched = Change([], []), set[str]()
        for _ in range(n_edits):
            kind = int(self._random.integers(3))
            if kind == 0 and self._waiting and self._waiting[0].article_id not in touched:
                article = self._waiting.popleft()
                self._ids.append(article.article_id)
            elif (picked := self._picked(touched)) is None:
                break
            elif kind == 1:
                touched.add(picked)
                change.delete.append(picked)
                self._ids.remove(picked)
                self._waiting.append(self._there.pop(picked))
                continue
            else:
                article = self._edited(self._there[picked])
            touched.add(article.article_id)
            change.add.append(article)
            self._there[article.article_id] = article
        return change

    def _picked(self, touched: set[str]) -> str | None:
        """Return a random article that is not among `touched`. None if all are."""
        if len(touched) >= len(self._ids) and touched.issuperset(self._ids):
            return None
        while True:
            article_id: str = self._ids[int(self._random.integers(len(self._ids)))]
            if article_id not in touched:
                return article_id

    def _edited(self, article: Article) -> Article:
        """Return an article with a run of its words replaced by words of another article."""
        words = article.body.split()
        other = self._there[self._ids[int(self._random.integers(len(self._ids)))]].body.split()
        n = max(1, round(_SHARE * len(words)))
        at = int(self._random.integers(max(1, len(words) - n + 1)))
        return replace(article, body=" ".join([*words[:at], *other[:n], "edited", *words[at + n :]]))
