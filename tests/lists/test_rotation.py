"""Rotation: the first places stay, the lower ones are drawn by the seed from what is close enough, and by nothing else."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender import Policy, Recommender, read_articles
from recommender.lists.rotation import POOL, rotated

DAYS = [f"2026-05-{day:02}" for day in range(1, 8)]
K = 6


@pytest.fixture(scope="module")
def site():
    return Recommender.from_articles(read_articles("data/sample/articles.jsonl"), k=K)


@given(st.integers(1, 6), st.integers(0, 7), st.integers(0, 25), st.text(min_size=1, max_size=4))
def test_the_first_stay_and_the_others_are_drawn_from_three_times_as_many(k, kept, n, seed):
    rows = np.full((2, 25), -1, dtype=np.int32)
    rows[0, :n] = np.arange(n)
    order = rotated(rows, k, min(kept, k), np.arange(25, dtype=np.uint64) * 7919, seed)
    assert np.array_equal(np.sort(order, axis=1), np.tile(np.arange(25), (2, 1)))
    assert order[0, : min(kept, k)].tolist() == list(range(min(kept, k)))
    assert (order[:, POOL * k :] == np.arange(POOL * k, 25)).all()
    taken = rows[0, order[0]]
    assert (taken[n:] == -1).all()  # what is not there comes last


def test_each_candidate_is_drawn_as_often():
    rows, hashes = (
        np.arange(30, dtype=np.int32)[None],
        np.random.default_rng(0).integers(0, 2**63, 30).astype(np.uint64),
    )
    drawn = Counter(
        place for seed in range(3_000) for place in rotated(rows, 5, 2, hashes, str(seed))[0, 2:5].tolist()
    )
    expected = 3_000 * 3 / 13
    assert set(drawn) == set(range(2, 15))
    assert max(abs(count - expected) for count in drawn.values()) < 5 * expected**0.5


def test_lists_change_with_the_seed_in_their_lower_places_alone(site, tmp_path):
    plain = {related.article_id: related for related in site.related_all()}
    long = {name: site.related(name, k=POOL * K) for name in list(plain)[:25]}
    days = {day: site.relisted(policy=Policy(rotation=day)) for day in DAYS[:3]}
    for rotating in days.values():
        for name, candidates in long.items():
            found = rotating[name]
            assert found[:3].article_ids == plain[name][:3].article_ids
            assert set(found.article_ids) <= set(candidates.article_ids)
            assert len(found) == len(plain[name])
            scores = [entry.score for entry in found]
            assert scores == sorted(scores, reverse=True)
            assert all(score >= 0.5 for score in scores)
    assert len({tuple(each.article_ids for each in one.related_all()) for one in days.values()}) == 3
    first = days[DAYS[0]]
    first.save(tmp_path / "x.rec")
    again = Recommender.load(tmp_path / "x.rec")
    some = list(long)[:5]
    assert again.related_many(some) == first.related_many(some) == site.related_many(some, rotation=DAYS[0])
    assert again.related_many(some, rotation=DAYS[1]) == days[DAYS[1]].related_many(some)


def test_as_many_places_stay_as_is_asked_for(site):
    name = "larkspur-launch-failure"
    for keeps in (0, 2, K, 99):
        lists = [site.related(name, rotation=day, rotation_keeps=keeps).article_ids for day in DAYS]
        assert len({found[:keeps] for found in lists}) == 1 or not keeps
        assert (len(set(lists)) > 1) == (keeps < K)


def test_caps_hold_for_what_is_drawn_and_why_not_names_the_seed(site):
    name = "larkspur-launch-failure"
    for day in DAYS:
        capped = site.related(name, rotation=day, caps={"section": 2}, rotation_keeps=1)
        sections = [site.summaries[site.summaries.row(each)].section for each in capped.article_ids]
        assert max(Counter(sections).values()) == 2
    rotating = site.relisted(policy=Policy(rotation="7", rotation_keeps=0))
    lost = next(each for each in site[name].article_ids if each not in rotating[name].article_ids)
    reason = rotating.why_not(name, lost)
    assert (reason.rule, reason.stage, reason.numbers["seed"]) == ("rotation", "rotation", "7")
