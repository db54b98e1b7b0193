"""Articles that rules leave with few candidates: lists are as good as by scoring all, in time that grows as the site."""

from dataclasses import replace

import numpy as np
import pytest

from recommender import Article, Policy, Recommender, read_articles
from recommender.ranking import site_sizes, starved

SAMPLE = "data/sample/articles.jsonl"
SECTIONS = Policy(same=("section",))
POLICIES = {
    "languages": Policy(),
    "both, and a rule of pairs": Policy(same=("section",), within_days=60),
    "none of a class": Policy(cross_language=True, within_days=60),
}


@pytest.fixture(scope="module")
def articles():
    """Articles of several languages and sections, some without any."""
    random = np.random.default_rng(4)
    languages = random.choice(["en", "en", "en", "de", "fr", None], 208)
    sections = random.choice(["north", "south", None], 208)
    return [
        Article(**{**each.to_dict(), "language": language, "section": section})
        for each, language, section in zip(read_articles(SAMPLE), languages, sections, strict=False)
    ]


def lists_of(articles, policy):
    site = Recommender.from_articles(articles, policy=policy)
    return {row: [(entry.article_id, entry.score) for entry in site[row]] for row in site}


@pytest.fixture
def large(monkeypatch):
    """Take the sample for a site of more than 2,048 articles whose candidates are few."""
    monkeypatch.setattr(site_sizes, "SMALL_SITE", 20)
    monkeypatch.setattr(starved, "SMALL_SITE", 10**9)


def all_together(eligibility, rows):
    listable = np.flatnonzero(eligibility.listable()).astype(np.int32)
    one_class = np.zeros(len(eligibility.columns.language), dtype=np.int32)
    yield starved._Classes(np.arange(len(rows)), one_class, listable, listable[:0])


@pytest.mark.parametrize("name", POLICIES)
def test_lists_are_those_of_scoring_all(name, articles, large, monkeypatch):
    found = lists_of(articles, POLICIES[name])
    monkeypatch.setattr(starved, "_classes", all_together)
    assert found == lists_of(articles, POLICIES[name])


def test_an_index_of_what_is_allowed_finds_nearly_all(articles, large, monkeypatch):
    expected = lists_of(articles, SECTIONS)
    monkeypatch.setattr(starved, "SMALL_SITE", 0)
    found = lists_of(articles, SECTIONS)
    hits = sum(len(set(found[row]) & set(expected[row])) for row in expected)
    assert hits > 0.97 * sum(map(len, expected.values())) > 0


def test_many_of_many_classes_are_never_scored_against_all(articles, large, monkeypatch):
    scored = []
    nearest = starved.Ranker.nearest

    def counting(self, candidates, views, rows=None, see=None):
        if rows is not None:
            scored.append(len(rows) * candidates.width)
        return nearest(self, candidates, views, rows, see)

    monkeypatch.setattr(starved.Ranker, "nearest", counting)
    lists_of(articles, replace(SECTIONS, floor=0.0))  # no list is ranked again for what opens it
    assert 0 < sum(scored) < len(articles) ** 2 / 2


@pytest.mark.parametrize("limit", [0, 30])
def test_what_every_language_may_list_is_searched_once_for_all(articles, large, monkeypatch, limit):
    policy = Policy(
        within_days=60
    )  # of each language some are starved, and articles without one are allowed to all
    expected = lists_of(articles, policy)
    searched = []
    search = starved._searched

    def counting(ranker, rows, others):
        searched.append(len(rows) * len(others))
        return search(ranker, rows, others)

    monkeypatch.setattr(starved, "SMALL_SITE", limit)
    monkeypatch.setattr(starved, "_searched", counting)
    found = lists_of(articles, policy)
    hits = sum(len(set(found[row]) & set(expected[row])) for row in expected)
    assert hits > 0.97 * sum(map(len, expected.values())) > 0
    assert searched
