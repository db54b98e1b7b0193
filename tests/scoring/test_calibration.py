"""Scores on one scale: half is what chance gives, whatever the raw scores of a site are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.scoring.calibration import (
    calibrated,
    chance_level,
    opening_level,
    opening_score,
    raw_score,
    without_nearest,
)

TYPICAL, LEAST, MOST = 0.02, 0.02 / 3, 0.06
CHANCES = st.floats(LEAST, MOST)
RAW = st.floats(0, 10, width=32)


@given(RAW, RAW, CHANCES)
def test_scores_keep_the_order_of_raw_scores_and_stay_below_one(one, other, chance):
    scores = calibrated(np.array([one, other], dtype=np.float32), chance)
    assert scores.dtype == np.float32
    assert ((scores >= 0) & (scores < 1)).all()
    if one >= other:
        assert scores[0] >= scores[1]
    if one > 1.001 * other + 1e-6:
        assert scores[0] > scores[1]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_half_is_exactly_chance(dtype):
    for chance in np.linspace(LEAST, MOST, 99).round(6):
        raw = np.array([chance, 3 * chance, 0, -1], dtype=dtype)
        scores = calibrated(raw, float(chance))
        assert scores[0] == 0.5  # so that the floor of .5 keeps it, inclusive
        assert scores[1] == pytest.approx(0.75, abs=1e-6)
        assert scores[2] == scores[3] == 0


@given(st.floats(0, 0.9999), CHANCES)
def test_a_raw_score_is_that_of_its_score(score, chance):
    assert calibrated(np.float64(raw_score(score, chance)), chance) == pytest.approx(score, abs=1e-12)
    assert raw_score(1, chance) == float("inf")


def bulk(scale, n=20_000, n_related=0, seed=0):
    """Raw scores of strangers with an exponential tail, some of them of related articles instead."""
    random = np.random.default_rng(seed)
    scores = random.exponential(scale, n)
    scores[:n_related] = random.uniform(0.2, 0.9, n_related)
    return scores


@pytest.mark.parametrize("scale", [0.003, 0.006, 0.012, 0.015])
def test_one_in_fifty_strangers_reaches_chance(scale):
    strangers = np.random.default_rng(1).exponential(scale, 200_000)
    level = chance_level(bulk(scale), 10_000_000)
    assert (strangers >= level).mean() == pytest.approx(0.02, abs=0.002)
    # with one related pair in fifty, read off the 98th percentile it would be no stranger's score at all
    level = chance_level(bulk(scale, n_related=400), 10_000_000)
    assert 0.01 < (strangers >= level).mean() < 0.02


@given(st.floats(0.5, 2.0), st.integers(0, 10))
def test_chance_scales_with_the_raw_scores_of_a_large_site(factor, seed):
    scores = bulk(0.0065, 2_000, 40, seed)
    n = 1_000_000_000
    assert chance_level(factor * scores, n) == pytest.approx(factor * chance_level(scores, n), rel=1e-3)


def test_chance_stays_within_a_third_and_three_times_what_is_typical():
    for scores, level in ((np.zeros(100), LEAST), (np.full(100, 0.9), MOST), (np.zeros(0), TYPICAL)):
        assert chance_level(scores, 10**9) == pytest.approx(level, abs=1e-6)
        assert chance_level(scores, 0) == TYPICAL


@given(st.lists(st.floats(0, 2), max_size=30), st.integers(0, 10_000), st.integers(0, 10_000))
def test_the_more_articles_the_more_their_own_scores_count(scores, n, more):
    few, many = (chance_level(np.array(scores), each) for each in (n, n + more))
    assert LEAST - 1e-6 <= many <= MOST + 1e-6
    assert abs(many - TYPICAL) >= abs(few - TYPICAL) - 2e-6


def test_chance_does_not_depend_on_the_order_of_pairs():
    scores = bulk(0.01)
    assert chance_level(scores[::-1], 300) == chance_level(scores, 300)


def test_related_pairs_of_a_site_of_ten_subjects_do_not_raise_chance():
    random = np.random.default_rng(0)
    related = np.tile(np.arange(100) % 10 == 0, (100, 1))
    strangers = random.exponential(0.005, related.shape)
    scores = np.where(related, random.uniform(0.1, 0.9, related.shape), strangers)
    articles = np.repeat(np.arange(100), 100)
    order = random.permutation(len(articles))
    left = scores.ravel()[order][without_nearest(scores.ravel()[order], articles[order], 10)]
    assert sorted(left) == sorted(strangers[~related])
    # all pairs together would give three times as much
    assert (strangers >= chance_level(left, 10_000_000)).mean() == pytest.approx(0.02, abs=0.005)
    assert chance_level(scores.ravel(), 10_000_000) > 2 * chance_level(left, 10_000_000)


@pytest.mark.parametrize("n", [3_000, 30_000])
def test_few_of_as_many_strangers_as_a_site_has_open_a_list(n):
    scores = bulk(0.005)
    chance = chance_level(scores, n)
    strangers = np.random.default_rng(2).exponential(0.005, (100, n))
    reaching = (strangers >= opening_level(scores, n, chance) * chance).sum(axis=1)
    assert 3 < reaching.mean() < 5


@given(st.lists(st.floats(0, 2), min_size=1, max_size=30), st.integers(1, 10**6), st.integers(0, 10**6))
def test_the_opening_grows_with_the_site_and_related_pairs_do_not_raise_it_without_limit(scores, n, more):
    pairs = np.array(scores)
    few, many = (opening_level(pairs, each, 0.02) for each in (n, n + more))
    assert 1.4 <= few <= many <= max(1.4, np.log(n + more) / np.log(25))
    assert opening_level(pairs, n, 0.02) == opening_level(pairs[::-1], n, 0.02)


def test_a_site_whose_strangers_have_little_in_common_opens_lists_lower():
    assert opening_level(bulk(0.003), 30_000, 0.02) < opening_level(bulk(0.005), 30_000, 0.02)
    assert opening_level(np.zeros(0), 30_000, 0.02) == opening_level(np.zeros(9), 30_000, 0.02) == 1.4


@given(st.integers(1, 10**6), st.floats(0.001, 0.02), st.floats(0, 1))
def test_an_encoder_that_reads_texts_opens_lists_lower_and_above_chance(n, scale, read):
    pairs = bulk(scale)
    by_words, by_both = (opening_level(pairs, n, 0.02, each) for each in (0.0, read))
    assert 1 < by_both <= by_words
    assert opening_level(pairs, n, 0.02, 1.0) - 1 == pytest.approx(0.55 * (by_words - 1), abs=2e-4)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(1.4, 4))
def test_a_floor_below_chance_lowers_what_opens_a_list(one, other, opening):
    low, high = sorted((one, other))
    assert opening_score(low, opening) <= opening_score(high, opening) <= opening / (1 + opening) + 1e-12
    assert opening_score(0, opening) == 0
