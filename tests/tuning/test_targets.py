"""Tests of targets: which are missed, by which factor, and which are invalid."""

import pytest

from recommender.tuning import Measured, Targets


def measured(recall=0.995, p99_ms=0.5):
    return Measured(recall=recall, recall_error=0.001, p50_ms=0.4, p99_ms=p99_ms, n_queries=500)


def test_targets_are_inclusive():
    targets = Targets(recall=0.99, p99_ms=1.0, ram_mb=10.0)
    assert targets.missed(10.0, measured(recall=0.99, p99_ms=1.0)) == {}


@pytest.mark.parametrize(
    ("mb", "found", "missed"),
    [
        (10.0, measured(recall=0.97), {"recall": 3.0}),
        (10.0, measured(p99_ms=2.5), {"p99": 2.5}),
        (20.0, measured(), {"ram": 2.0}),
        (20.0, measured(recall=0.98, p99_ms=3.0), {"recall": 2.0, "p99": 3.0, "ram": 2.0}),
        (20.0, None, {"ram": 2.0}),
    ],
)
def test_each_missed_target_is_reported_with_its_factor(mb, found, missed):
    assert Targets(recall=0.99, p99_ms=1.0, ram_mb=10.0).missed(mb, found) == pytest.approx(missed)


def test_a_recall_of_one_can_be_the_target():
    targets = Targets(recall=1.0)
    assert targets.missed(1.0, measured(recall=1.0)) == {}
    assert targets.missed(1.0, measured(recall=0.9999)) == {"recall": 1.0}
    assert targets.missed(1.0, measured(recall=0.9)) == pytest.approx({"recall": 100.0})


def test_memory_is_unbounded_by_default():
    assert Targets().missed(1e9, measured()) == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("recall", 0), ("recall", 1.01), ("recall", float("nan")), ("p99_ms", 0), ("p99_ms", float("inf")),
        ("ram_mb", 0), ("ram_mb", -1.0), ("ram_mb", float("nan")),
    ],
)  # fmt: skip
def test_invalid_targets_are_refused_by_name(name, value):
    with pytest.raises(ValueError, match=f"{name} must be above 0.*got {value}"):
        Targets(**{name: value})
