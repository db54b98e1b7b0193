"""A corpus with its site, the subject of all parts of the measurement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.lists.shingles import Copies, find_copies
from benchmarks.ours import K
from benchmarks.two_stage import stored_lists
from recommender import Article, Policy, Recommender
from recommender.evaluation import Evaluation, Qrels, evaluate
from recommender.text import plain_text

__all__ = ["ALL_RULES", "Plan", "Subject", "gain", "rows_of"]

ALL_RULES = Policy(
    diversity=0.2, caps={"section": 4}, exposure=6.0, recency="latest", fallback=("section", "newest")
)
"""Policy with every step of the assembly on."""


@dataclass(frozen=True)
class Plan:
    """Settings of the measurement.

    Parameters
    ----------
    parts : tuple of str
        Names of `benchmarks.lists.command.PARTS`.
    n_rules, n_pairs : int
        Numbers of pins and blocks, and of pairs to explain, per corpus.
    n_builds : int
        Timed builds for each policy.
    n_jobs : int
        Threads; only times depend on it.
    seed : int
    report : callable
        Called with a line of text for each part.
    """

    parts: tuple[str, ...]
    n_rules: int = 1_000
    n_pairs: int = 1_000
    n_builds: int = 3
    n_jobs: int = 2
    seed: int = 0
    report: Callable[[str], None] = field(default=lambda _: None, compare=False)


@dataclass(eq=False)
class Subject:
    """The articles of a corpus, their judgements, and the site built with default settings."""

    articles: list[Article]
    qrels: Qrels
    plan: Plan

    def __post_init__(self) -> None:
        """Put the articles into the order of the rows of a site, which is that of their ids."""
        self.articles = sorted(self.articles, key=lambda article: article.article_id)

    @cached_property
    def site(self) -> Recommender:
        """The site with default rules."""
        return Recommender.from_articles(self.articles, k=K, n_jobs=self.plan.n_jobs)

    @cached_property
    def copies(self) -> Copies:
        """Near copies by the words of the bodies, without boilerplate."""
        bodies = (self.site.boilerplate.remove(plain_text(article.body)) for article in self.articles)
        return find_copies(bodies)

    @cached_property
    def ids(self) -> list[str]:
        """Ids of the articles, in the order of the rows."""
        return [article.article_id for article in self.articles]

    @cached_property
    def known(self) -> Qrels:
        """Judgements of articles of the site."""
        on_site = set(self.ids)
        return {query_id: grades for query_id, grades in self.qrels.items() if query_id in on_site}

    def random(self, part: str) -> np.random.Generator:
        """Return the random generator of a part, independent of the other parts."""
        return np.random.default_rng([self.plan.seed, *part.encode()])

    def judged(self, site: Recommender, k: int) -> Evaluation:
        """Return nDCG@k of the lists of judged articles."""
        return evaluate(stored_lists(site, sorted(self.known)), self.known, gain(k))

    def relisted(self, policy: Policy, **others: Any) -> Recommender:
        """Return the site with lists made under another policy."""
        return self.site.relisted(policy=policy, n_jobs=self.plan.n_jobs, **others)


def gain(k: int) -> str:
    """Return the name of nDCG@k with gain 2^grade - 1."""
    return f"nDCG(dcg='exp-log2')@{k}"


def rows_of(site: Recommender) -> NDArray[np.int32]:
    """Return the lists of a site as rows, shape (n, k), padded with -1."""
    return np.asarray(site.lists.rows)
