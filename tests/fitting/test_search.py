"""Coordinate descent over the grid, held near the defaults."""

from dataclasses import replace

import numpy as np
import pytest

from recommender import Weights
from recommender.fitting.search import descend, grid

DEFAULT = Weights()


def test_the_best_of_the_grid_is_found_where_signals_do_not_meet():
    best = replace(DEFAULT, dense=0.05, time=2 * DEFAULT.time, hub=0.0)

    def value(weights):
        return 1 / (
            1 + sum(abs(getattr(weights, name) - getattr(best, name)) for name in ("dense", "time", "hub"))
        )

    assert descend(value, DEFAULT, ("dense", "hub", "time")) == best


def test_signals_that_only_help_together_with_one_that_helps_alone_are_found():
    def value(weights):
        return (
            1
            + (weights.time > DEFAULT.time)
            + (weights.dense > DEFAULT.dense) * (weights.time > DEFAULT.time)
        )

    found = descend(value, DEFAULT, ("dense", "time"))  # dense comes first and is nothing yet
    assert found == replace(DEFAULT, dense=2 * DEFAULT.dense, time=2 * DEFAULT.time)


def test_what_gains_next_to_nothing_is_not_worth_a_step():
    rng = np.random.default_rng(0)
    noise = {}

    def value(weights):
        return 0.5 + noise.setdefault(weights, 0.0005 * rng.random())

    assert descend(value, DEFAULT, ("dense", "mention", "hub", "time")) == DEFAULT


def test_of_equals_the_nearest_to_the_default_is_taken():
    found = descend(lambda weights: 1 + (weights.hub < DEFAULT.hub), DEFAULT, ("hub",))
    assert found.hub == DEFAULT.hub / 2


def test_other_weights_stay_and_none_leaves_its_range():
    wide = replace(DEFAULT, hub=0.8)
    found = descend(lambda weights: weights.hub + weights.dense, wide, ("hub",))
    assert found == replace(wide, hub=1.0)
    assert all(0 <= each <= 1 for each in grid(0.8))


def test_where_nothing_is_found_at_all_the_defaults_stay():
    assert descend(lambda weights: 0.0, DEFAULT, ("dense", "hub")) == DEFAULT


@pytest.mark.parametrize("default", [0.0, 0.06, 0.25, 1.0])
def test_the_grid_begins_with_the_default(default):
    assert grid(default)[0] == default
