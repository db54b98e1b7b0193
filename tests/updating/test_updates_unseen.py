"""Lists that are chosen from more articles than they show change with those that they do not show."""

from __future__ import annotations

import random

import pytest

from recommender import Article, Policy, Recommender
from tests.hand_made_sites import assert_same_bytes

WORDS = (
    "rain",
    "road",
    "valley",
    "bridge",
    "dam",
    "lake",
    "crew",
    "stone",
    "mud",
    "bus",
    "car",
    "ferry",
    "choir",
)


def _articles(n: int) -> list[Article]:
    source = random.Random(5)
    return [
        Article(f"a{i:03}", " ".join(source.sample(WORDS, 3)), " ".join(source.choices(WORDS, k=30 + i % 7)),
                section="AB"[i % 2], metadata={"related_pins": ["a001"]} if i == 0 else {})
        for i in range(n)
    ]  # fmt: skip


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("policy", [Policy(diversity=0.5, floor=0), Policy(caps={"section": 2}, floor=0)])
def test_an_article_that_no_list_shows_may_change_lists_that_are_chosen(policy: Policy) -> None:
    articles = _articles(90)
    site = Recommender.from_articles(articles, policy=policy, k=4)
    for gone in ("a017", "a044", "a071"):
        site.update(delete=[gone])
        articles = [article for article in articles if article.article_id != gone]
        scratch = Recommender.from_articles(articles, policy=policy, k=4, model=site.model)
        assert_same_bytes(site, scratch)
