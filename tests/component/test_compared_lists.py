"""Two policies side by side: whose turn it is, and that each makes the lists that it would make alone."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender import Article, Policy, Recommender, read_articles
from recommender.errors import InputError
from recommender.service.compared_lists import ComparedLists
from recommender.service.policy_split import HOUR_S, PolicySplit

SPLIT = PolicySplit(Policy(diversity=0.5), "seed")


@settings(max_examples=40, deadline=None)
@given(st.text(), st.integers(0, 10**6))
def test_of_every_two_hours_an_article_has_one_under_each_policy(article_id, hours):
    start = hours * 2 * HOUR_S
    arms = [SPLIT.arm(article_id, start + moment) for moment in (0, 3599.9, 3600, 7199)]
    assert arms[0] == arms[1] != arms[2] == arms[3]


def test_which_policy_comes_first_is_drawn_by_article_time_and_seed():
    at = 1_000_000 * HOUR_S
    first = Counter(SPLIT.arm(f"story {n}", at) for n in range(2_000))
    assert 900 < first["a"] < 1_100
    one = [SPLIT.arm("story", at + 2 * hour * HOUR_S) for hour in range(200)]
    assert 70 < one.count("a") < 130
    other = PolicySplit(SPLIT.policy, "another")
    assert 70 < sum(other.arm("story", at + 2 * hour * HOUR_S) == one[hour] for hour in range(200)) < 130


def test_a_comparison_has_a_name_of_its_own():
    site, others = Policy(), [SPLIT, PolicySplit(SPLIT.policy), PolicySplit(Policy(diversity=0.4), "seed")]
    names = {each.name(policy) for each in others for policy in (site, Policy(floor=0.4))}
    assert len(names) == 6
    assert PolicySplit(Policy(diversity=0.5), "seed").name(Policy()) == SPLIT.name(site)


@pytest.fixture(scope="module")
def site():
    return Recommender.from_articles(list(read_articles("data/sample/articles.jsonl"))[:100])


POLICIES = {
    "variety": Policy(diversity=0.5, caps={"section": 3}),
    "floor and fallback": Policy(floor=0.8, fallback=["section", "newest"]),
    "the newest first": Policy(recency="latest", half_life=20),
    "one section": Policy(where={"section": ["world"]}, copies="keep"),
}


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_lists_are_those_of_a_site_that_was_listed_again(site, policy):
    again, compared = site.relisted(policy=policy), ComparedLists(policy)
    ids = list(site)[::7]
    assert [compared.related(site, each, site.k) for each in ids] == [again[each] for each in ids]
    excluded = again[ids[0]].article_ids[:1]
    assert compared.related(site, ids[0], 3, excluded) == again.related(ids[0], 3, exclude=excluded)
    assert compared.related(site, ids[0], 2) == again[ids[0]][:2]


def test_an_update_reaches_the_lists_of_both():
    names = ["oak", "elm", "ash", "fir", "yew", "box", "lime", "holly"]
    articles = [
        Article(name, f"Rain at {name} road", f"Rain closed the road by the {name}.") for name in names
    ]
    site = Recommender.from_articles(articles)
    compared = ComparedLists(Policy(floor=0.0))
    before = compared.related(site.snapshot(), "oak", 9).article_ids
    site.update([Article("pine", "Rain at pine road", "Rain closed the road by the pine.")], ["elm"])
    after = compared.related(site.snapshot(), "oak", 9).article_ids
    assert "elm" in before
    assert "pine" in after
    assert "elm" not in after


def test_exposure_is_refused_with_what_to_do_instead():
    with pytest.raises(InputError, match="recommender relist"):
        ComparedLists(Policy(exposure=2.0))


def deviation(arms_of, rng, n_articles=60, n_lists=10_000, n_hours=48, n_sites=40):
    """Return the standard deviation of the difference of two equal policies on simulated sites."""
    found = []
    for _ in range(n_sites):
        readers = rng.pareto(1.2, n_articles) + 0.1
        rates = np.clip(0.05 * np.exp(rng.normal(0, 0.7, n_articles)), 0, 0.5)
        by_hour = np.exp(-np.arange(n_hours) / 12)  # as news are read
        shown = rng.poisson(n_lists * np.outer(readers / readers.sum(), by_hour / by_hour.sum()))
        b = arms_of(shown)
        lists = shown - b, b
        a, b = (rng.binomial(each, rates[:, None]).sum() / each.sum() for each in lists)
        found.append(b - a)
    return np.std(found)


def test_turns_by_the_hour_compare_nearly_as_closely_as_a_draw_for_each_view_does():
    rng = np.random.default_rng(0)
    hours = np.arange(48) * HOUR_S

    def turns(shown):
        seed = PolicySplit(SPLIT.policy, str(rng.integers(10**9)))
        b = [[seed.arm(str(article), hour) == "b" for hour in hours] for article in range(len(shown))]
        return shown * np.array(b)

    by_view = deviation(lambda shown: rng.binomial(shown, 0.5), rng)
    by_article = deviation(lambda shown: shown * (rng.random((len(shown), 1)) < 0.5), rng)
    assert deviation(turns, rng) < 1.5 * by_view
    assert by_article > 3 * by_view
