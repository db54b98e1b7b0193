"""Tests of HeldOut: its queries, the recall it measures, and the times by its clock."""

import itertools

import numpy as np
import pytest

from recommender.index.planner import SearchPlan
from recommender.tuning import held_out_queries
from recommender.tuning.conditions import Conditions
from recommender.tuning.held_out_queries import HeldOut

FLOATS = SearchPlan("floats")


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def vectors():
    rng = np.random.default_rng(0)
    return unit(rng.normal(size=(50, 32))[rng.integers(0, 50, 3000)] + 0.7 * rng.normal(size=(3000, 32)))


def ticking(seconds):
    """Return a clock that advances by this much with each call."""
    return itertools.count(step=seconds).__next__


def bench_of(vectors, k=10, n_asked=10, hopeless_ms=float("inf"), **settings):
    return HeldOut(vectors, k, n_asked, hopeless_ms, Conditions(**settings))


def rows_of(vectors):
    return {row.tobytes() for row in vectors}


def test_queries_are_not_indexed_and_the_halves_are_disjoint(vectors):
    bench = bench_of(vectors)
    one, other = map(rows_of, bench.halves)
    assert len(one) == len(other) == 150
    assert not one & other
    assert not (one | other) & rows_of(bench.vectors)
    assert one | other | rows_of(bench.vectors) == rows_of(vectors)
    assert rows_of(bench_of(vectors, seed=1).halves[0]) != one
    assert rows_of(bench_of(vectors).halves[0]) == one


def test_zero_vectors_are_not_queries():
    vectors = np.zeros((100, 8), np.float32)
    vectors[:7] = unit(np.random.default_rng(0).normal(size=(7, 8)))
    bench = bench_of(vectors)
    assert all(half.any(axis=1).all() and len(half) for half in bench.halves)
    assert bench.measure(FLOATS, fresh=True).recall == 1.0


@pytest.mark.parametrize("n", [0, 1, 2, 9, 19])
def test_few_vectors_are_all_indexed_and_all_queries(n):
    bench = bench_of(unit(np.random.default_rng(0).normal(size=(n, 8)) + 2), n_asked=400)
    assert bench.shape == (n, 8)
    measured = bench.measure(FLOATS, fresh=False)
    assert measured.n_queries == n
    assert measured.recall == 1.0


@pytest.mark.parametrize(
    "plan",
    [
        FLOATS,
        SearchPlan("codes"),
        SearchPlan("sketches", rescored=2),
        SearchPlan("graph", n_links=8, beam=16),
    ],
    ids=str,
)
def test_recall_is_the_share_of_the_true_nearest(plan, vectors):
    bench = bench_of(vectors, k=10, n_asked=12)
    bench.build(plan)
    measured = bench.measure(plan, fresh=True)
    shares = []
    search = bench.search(plan)
    for query in bench.halves[1]:
        best = np.argsort(-(bench.vectors @ query))[:10]
        shares.append(np.isin(best, search(query, 12)).mean())
    assert measured.recall == pytest.approx(np.mean(shares), abs=1e-3)
    assert measured.recall_error == pytest.approx(np.std(shares) / 150**0.5, abs=1e-3)
    assert (measured.recall == 1) == plan.exact


def test_copies_at_the_same_distance_count_as_found():
    copies = np.repeat(unit(np.random.default_rng(0).normal(size=(30, 16))), 20, axis=0)
    bench = bench_of(copies, k=10, n_asked=10)
    plan = SearchPlan("codes")
    bench.build(plan)
    assert bench.measure(plan, fresh=True).recall == 1.0


def test_times_are_those_of_the_clock_and_an_index_is_built_once(vectors):
    bench = bench_of(vectors, clock=ticking(2**-12))
    graph = SearchPlan("graph", n_links=8, beam=16)
    assert bench.build(graph) == 2**-12
    assert bench.build(SearchPlan("graph", n_links=8, beam=64)) == 0
    measured = bench.measure(graph, fresh=False)
    assert (measured.p50_ms, measured.p99_ms) == (1000 / 2**12, 1000 / 2**12)
    assert measured.n_queries == 150


def test_a_very_slow_first_round_is_cut_short(vectors):
    bench = bench_of(vectors, clock=ticking(0.25))
    graph = SearchPlan("graph", n_links=8, beam=16)
    bench.build(graph)
    assert bench.measure(graph, fresh=False).n_queries == 20


def test_a_delay_in_one_round_does_not_count(vectors):
    """Every tenth query is delayed in one round of three, as by another process."""
    looks = itertools.count()
    now = [0.0]

    def clock():
        look = next(looks)
        delayed = look % 2 and 300 <= look < 600 and look % 20 == 1
        now[0] += 1.0 if delayed else 0.001
        return now[0]

    assert bench_of(vectors, clock=clock).measure(FLOATS, fresh=False).p99_ms == pytest.approx(1.0)


def test_a_query_that_is_slow_in_all_rounds_counts(vectors):
    looks = itertools.count()
    now = [0.0]

    def clock():
        look = next(looks)
        now[0] += 1.0 if look % 2 and look // 2 % 150 < 3 else 0.001  # 3 of 150 queries
        return now[0]

    measured = bench_of(vectors, clock=clock).measure(FLOATS, fresh=False)
    assert measured.p50_ms == pytest.approx(1.0)
    assert measured.p99_ms > 500


def test_a_hopelessly_slow_index_is_not_measured_further(vectors):
    measured = bench_of(vectors, hopeless_ms=1.0, clock=ticking(0.002)).measure(FLOATS, fresh=False)
    assert measured.n_queries == held_out_queries._FEW
    assert measured.p99_ms == pytest.approx(2.0)
    patient = bench_of(vectors, hopeless_ms=3.0, clock=ticking(0.002)).measure(FLOATS, fresh=False)
    assert patient.n_queries == 150


def test_memory_is_that_of_the_arrays_read(vectors):
    bench = bench_of(vectors)
    assert bench.mb(FLOATS) == bench.vectors.nbytes / 1e6
    assert bench.mb(SearchPlan("codes")) < bench.mb(FLOATS) * 0.6
