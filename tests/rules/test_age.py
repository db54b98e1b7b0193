"""What age leaves of a score, and which half-life each article ages by."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.collection.summary_table import NO_DATE
from recommender.rules.age import MODES, age_logs, dates_count, half_lives_of

DAY = 86_400_000_000
DAYS = st.lists(st.none() | st.integers(-30_000, 30_000), min_size=1, max_size=20)


def moments(days):
    return np.array([NO_DATE if day is None else day * DAY for day in days], dtype=np.int64)


def left(days, half_life=30.0, now=None):
    """What is left of a score of 1."""
    published = moments(days)
    half_lives = np.broadcast_to(np.float64(half_life), published.shape)
    return np.exp(age_logs(published, half_lives, None if now is None else now * DAY).astype(np.float64))


@given(DAYS, st.floats(0.01, 10_000), st.none() | st.integers(-30_000, 30_000))
def test_age_leaves_what_the_formula_says(days, half_life, now):
    known = [day for day in days if day is not None]
    start = max(known, default=0) if now is None else now
    expected = {day: 0.5 + 0.5 * 2 ** (-max(start - day, 0) / half_life) for day in known}
    found = left(days, half_life, now)
    for day, each in zip(days, found, strict=True):
        if day is not None:
            assert each == pytest.approx(expected[day], abs=1e-6)
        elif known:
            logs = np.log([expected[each] for each in known])
            assert each == pytest.approx(np.exp(np.median(logs)), abs=1e-6)
        else:
            assert each == 1
    assert ((found >= 0.5 - 1e-7) & (found <= 1)).all()


def test_a_half_life_leaves_three_quarters_and_all_time_a_half():
    assert left([60, 30, 0, -1_000_000]) == pytest.approx([1, 0.75, 0.625, 0.5], abs=1e-6)


def test_what_is_newer_than_now_is_new():
    assert left([10, 5, -25], now=5) == pytest.approx([1, 1, 0.75], abs=1e-6)


def test_an_article_without_a_date_is_as_old_as_most():
    found = left([None, 0, 30, 60])
    assert found[0] == pytest.approx(0.75, abs=1e-6)
    assert left([None, None]).tolist() == [1, 1]


def test_no_articles():
    assert age_logs(np.zeros(0, np.int64), np.zeros(0)).shape == (0,)


def test_newer_articles_keep_no_less():
    found = left(sorted(np.random.default_rng(3).integers(0, 900, 50).tolist()))
    assert (np.diff(found) >= 0).all()


def test_each_section_ages_by_its_own_half_life():
    sections = np.array([0, 1, -1, 2, 0], dtype=np.int32)
    assert half_lives_of(sections, {0: 3.0, 2: 90.0}, 30.0).tolist() == [3, 30, 30, 90, 3]
    published = moments([0, 0, 0, 0, 30])
    logs = age_logs(published, half_lives_of(sections, {0: 3.0, 2: 90.0}, 30.0))
    assert logs[0] < logs[1] == logs[2] < logs[3] < logs[4] == 0


def test_closeness_in_time_counts_in_two_modes():
    assert {mode for mode in MODES if dates_count(mode)} == {"era", "background"}
