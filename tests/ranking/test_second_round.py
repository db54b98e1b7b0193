"""Who stands near those that were found: whom lists lead to, and what comparing with them finds on a large site."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender import Policy, Recommender, read_articles
from recommender.ranking import site_sizes
from recommender.ranking.second_round import LeftOut, neighbours_by_lists, neighbours_of_neighbours

SAMPLE = "data/sample/articles.jsonl"


def led_to(lists, row):
    """Those who list a row, whom it lists and who lists these: a step each along lists of ten and back."""
    forward = [[other for other in each[:10] if other >= 0] for each in lists.tolist()]
    back = [[row for row, each in enumerate(forward) if other in each] for other in range(len(lists))]
    steps = [back[row], *(forward[other] for other in forward[row]), *(back[other] for other in forward[row])]
    return {other for step in steps for other in step}


@st.composite
def sites(draw):
    n = draw(st.integers(1, 14))
    random = np.random.default_rng(draw(st.integers(0, 10_000)))
    groups = np.arange(n, dtype=np.int32)
    for row in range(1, n):
        if random.random() < draw(st.sampled_from([0, 0.3])):
            groups[row] = groups[random.integers(0, row)]

    def some(most):
        rows = np.full((n, most), -1, dtype=np.int32)
        for row in range(n):
            others = random.permutation(n)
            others = others[np.sort(np.unique(groups[others], return_index=True)[1])]  # one of each group
            others = others[groups[others] != groups[row]][: random.integers(0, most + 1)]
            rows[row, : len(others)] = others
        return rows

    return some(draw(st.integers(1, 12))), some(4), groups


@settings(deadline=None)
@given(site=sites(), most=st.integers(1, 20))
def test_all_that_lists_lead_to_are_found_and_no_group_twice(site, most):
    lists, known, groups = site
    for row, found in enumerate(neighbours_of_neighbours(lists, LeftOut(known, groups), most)):
        some = found[found >= 0].tolist()
        reached = led_to(lists, row)
        expected = set(groups[list(reached)].tolist()) - set(groups[known[row][known[row] >= 0]].tolist())
        expected -= {int(groups[row])}
        found_groups = groups[some].tolist()
        assert len(set(found_groups)) == len(some) == min(most, len(expected))
        assert set(found_groups) <= expected
        assert set(some) <= reached


@settings(deadline=None)
@given(site=sites(), most=st.integers(1, 20))
def test_what_the_lists_of_the_best_hold_is_found_without_those_that_hold_them(site, most):
    lists, known, groups = site
    of = np.arange(len(lists), dtype=np.int32)
    forward = [[other for other in each[:10] if other >= 0] for each in lists.tolist()]
    for row, found in enumerate(neighbours_by_lists(lists, lists, LeftOut(known, groups), most, of)):
        reached = {further for other in forward[row] for further in forward[other]}
        left_out = {groups[row], *groups[known[row][known[row] >= 0]]}
        expected = set(groups[list(reached)].tolist()) - left_out
        some = found[found >= 0].tolist()
        assert len(set(groups[some])) == len(some) == min(most, len(expected))
        assert set(groups[some].tolist()) <= expected


@pytest.fixture(scope="module")
def articles():
    return list(read_articles(SAMPLE))


def built(articles, large, **how):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(site_sizes, "SMALL_SITE", 0)
        patch.setattr(site_sizes, "LARGE_SITE", 0 if large else 10**9)
        return Recommender.from_articles(articles, n_candidates=12, **how)


def agreement(site, every):
    shares = []
    for listed in site.related_all():
        best = every.related(listed.article_id).article_ids
        shares += [len(set(listed.article_ids) & set(best)) / len(best)] if best else []
    return np.mean(shares)


def test_a_large_site_finds_most_of_what_few_candidates_miss(articles):
    bare = [
        replace(each, section=None, metadata={}) for each in articles
    ]  # mates are found without a second round
    every = Recommender.from_articles(bare)  # a small site, on which all articles are scored
    small, large = (agreement(built(bare, large), every) for large in (False, True))
    assert small < 0.97
    assert large > 0.5 + small / 2  # less than half as many are missing


def test_lists_of_a_large_site_keep_the_rules(articles):
    section = {"biotech", "science", "world"}
    site = built(articles, True, policy=Policy(where={"section": sorted(section)}))
    sections = {each.article_id: each.section for each in sorted(articles, key=lambda each: each.article_id)}
    assert any(len(listed) for listed in site.related_all())
    copies = dict(zip(sections, site.site.rules.eligibility.representative.tolist(), strict=True))
    for listed in site.related_all():
        scores = [entry.score for entry in listed]
        assert scores == sorted(scores, reverse=True)
        assert {sections[other] for other in listed.article_ids} <= section
        groups = [copies[other] for other in (listed.article_id, *listed.article_ids)]
        assert len(set(groups)) == len(groups)


def test_threads_change_no_list_of_a_large_site(articles):
    one, two = (built(articles, True, n_jobs=n_jobs) for n_jobs in (1, 2))
    assert list(one.related_all()) == list(two.related_all())
