"""Tests of plans by size: exact while fast, within the memory bound, with the true sizes of indexes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.index.code_scan import CodeScan
from recommender.index.graph import GraphIndex
from recommender.index.planner import METHODS, SearchPlan, choose_index

SIZES = st.integers(0, 10**8)
DIMENSIONS = st.integers(0, 4096)


@given(SIZES, DIMENSIONS)
def test_small_sets_are_searched_exactly_and_large_ones_by_a_graph(n, d):
    plan = choose_index(n, d)
    assert plan.exact or n * d > 20e6
    assert plan.method == "graph" or n * d < 200e6
    larger = choose_index(2 * n, d)
    assert METHODS.index(larger.method) >= METHODS.index(plan.method)


@given(SIZES, DIMENSIONS, st.floats(0.001, 1), st.floats(0, 1e6))
def test_the_memory_bound_holds_if_any_method_fits(n, d, recall, ram_mb):
    plan = choose_index(n, d, recall, ram_mb)
    others = [SearchPlan("floats"), SearchPlan("codes"), SearchPlan("graph", n_links=32)]
    assert plan.n_bytes(n, d) <= max(1e6 * ram_mb, min(other.n_bytes(n, d) for other in others))


@given(SIZES, DIMENSIONS)
def test_a_recall_of_one_requires_an_exact_method(n, d):
    assert choose_index(n, d, recall=1).exact


def test_more_recall_compares_more():
    beams = [choose_index(10**7, 256, recall).beam for recall in (0.9, 0.98, 0.99, 0.999)]
    assert beams == sorted(beams)
    assert beams[0] < beams[-1]
    rescored = [choose_index(300_000, 256, recall).rescored for recall in (0.7, 0.9, 0.95, 0.98)]
    assert rescored == sorted(rescored)
    assert rescored[0] < rescored[-1]


def test_small_sets_are_joined_exactly_and_large_ones_approximately():
    assert choose_index(20_000, 256).join_recall == 1
    assert 0.95 < choose_index(10**6, 256).join_recall < 1


@pytest.mark.parametrize(("n", "d"), [(700, 60), (40, 128), (0, 3)])
def test_bytes_are_those_of_the_arrays(n, d):
    vectors = np.random.default_rng(0).normal(size=(n, d)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    assert SearchPlan("floats").n_bytes(n, d) == vectors.nbytes
    assert SearchPlan("codes").n_bytes(n, d) == sum(array.nbytes for array in CodeScan.of(vectors))
    for n_links in (4, 16):
        graph = GraphIndex(n_links=n_links).fit(vectors)
        arrays = [*graph.to_arrays().values(), np.array([graph.scale_])]
        plan = SearchPlan("graph", n_links=n_links, beam=32)
        assert plan.n_bytes(n, d) == sum(array.nbytes for array in arrays)


def test_unknown_methods_are_refused():
    with pytest.raises(ValueError, match="wanted a method of floats, codes, sketches, graph, got 'magic'"):
        SearchPlan("magic")
