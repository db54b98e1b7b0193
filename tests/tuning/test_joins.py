"""Tests of joins: all pairs unless clusters keep the recall and are much faster."""

import itertools

import numpy as np
import pytest

from recommender.index import clustered
from recommender.tuning import joins
from recommender.tuning.conditions import Conditions
from recommender.tuning.joins import Join, choose_join, compare_joins


def vectors_of(n, d=16):
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(40, d))[rng.integers(0, 40, n)] + 0.3 * rng.normal(size=(n, d))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def patched(monkeypatch):
    """Makes sets of 500 large enough for clusters."""
    monkeypatch.setattr(clustered, "SMALL", 500)
    monkeypatch.setattr(joins, "SMALL", 500)


@pytest.mark.parametrize("n", [0, 1, 2, 300])
def test_small_sets_are_only_joined_exactly(n):
    found = compare_joins(vectors_of(n), 10, 20, 0.99, Conditions(clock=itertools.count().__next__))
    assert found == [Join(1.0, 1.0, 1.0)]
    assert choose_join(found, 0.99) is found[0]


def test_recall_of_clusters_is_measured_against_all_pairs(patched):
    exact, clusters, *_ = compare_joins(vectors_of(3000), 10, 20, 0.9)
    assert (exact.asked, exact.recall) == (1.0, 1.0)
    assert clusters.asked == 0.9
    assert 0.85 <= clusters.recall <= 1


def test_clusters_that_miss_the_recall_are_tried_at_a_higher_setting(patched, monkeypatch):
    found = {0.9: 0.88, 0.95: 0.93}
    asked = []

    class Clustered:
        def __init__(self, recall, **settings):
            self.recall = recall

        def fit(self, rows):
            asked.append(self.recall)
            self.n = len(rows)
            return self

        def kneighbors(self, n_neighbors):
            distances = np.ones((self.n, n_neighbors), np.float32)
            distances[: round(self.n * found.get(self.recall, 1))] = 0.5
            return (np.where(self.recall >= 1, np.float32(0.5), distances),)

    monkeypatch.setattr(joins, "ClusteredIndex", Clustered)
    compared = compare_joins(vectors_of(1000), 10, 20, 0.9)
    assert asked == [1.0, 0.9, 0.95]
    assert [join.recall for join in compared] == pytest.approx([1, 0.88, 0.93])
    found[0.9] = 0.91
    asked.clear()
    compare_joins(vectors_of(1000), 10, 20, 0.9)
    assert asked == [1.0, 0.9]


@pytest.mark.parametrize(
    ("seconds", "recall", "taken"),
    [(4.0, 0.99, True), (5.0, 0.99, True), (5.1, 0.99, False), (4.0, 0.98, False)],
)
def test_clusters_are_chosen_if_they_keep_the_recall_and_halve_the_time(seconds, recall, taken):
    exact, clusters = Join(1.0, 1.0, 10.0), Join(0.99, recall, seconds)
    assert (choose_join([exact, clusters], 0.99) is clusters) == taken


def test_savings_below_a_second_do_not_justify_clusters():
    exact = Join(1.0, 1.0, 1.0)
    assert choose_join([exact, Join(0.99, 1.0, 0.1)], 0.99) is exact


def test_the_time_of_many_rows_is_predicted_from_a_sample(monkeypatch):
    monkeypatch.setattr(joins, "_WHOLE", 400)
    monkeypatch.setattr(joins, "_SAMPLE", 200)
    rows = []

    class Joined(clustered.ClusteredIndex):
        def fit(self, X, y=None):
            rows.append(len(X))
            return super().fit(X)

    monkeypatch.setattr(joins, "ClusteredIndex", Joined)
    now = [0.0]

    def clock():
        now[0] += (rows[-1] / 100) ** 1.5 / 2 if rows else 0
        return now[0]

    (exact,) = compare_joins(vectors_of(800), 10, 20, 0.99, Conditions(clock=clock))
    assert rows == [200, 100]
    assert exact.predicted_from == 200
    assert exact.seconds > 2 * 2**1.5 / 2  # more than in proportion


@pytest.mark.parametrize(
    ("half", "whole", "times", "seconds"),
    [(1, 2, 10, 20), (1, 4, 10, 400), (1, 9, 10, 900), (1, 1, 10, 10), (0, 0, 10, 0)],
)
def test_time_grows_by_the_power_measured_at_two_sizes(half, whole, times, seconds):
    assert joins._grown(half, whole, times) == pytest.approx(seconds)
