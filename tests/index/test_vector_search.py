"""Tests of VectorSearch: each plan finds near rows, with arrays from memory or from a file."""

import numpy as np
import pytest

from recommender.index.planner import SearchPlan
from recommender.index.sketches import Sketches
from recommender.index.vector_search import VectorSearch

PLANS = [
    SearchPlan("floats"),
    SearchPlan("codes"),
    SearchPlan("sketches", rescored=10),
    SearchPlan("graph", n_links=16, beam=96),
]
each_plan = pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.method)


@pytest.fixture(scope="module")
def vectors():
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(60, 40))[rng.integers(0, 60, 4000)] + rng.normal(size=(4000, 40))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@each_plan
def test_nearly_all_of_the_nearest_are_found(plan, vectors):
    search = VectorSearch.fit(vectors, plan)
    shares = []
    for row in range(0, 4000, 50):
        best = np.argsort(-(vectors @ vectors[row]))[:20]
        found = search.nearest(vectors[row], vectors, 20)
        assert len(set(found.tolist())) == 20
        assert found.dtype == np.int32
        shares.append(np.isin(best, found).mean())
    assert np.mean(shares) > (0.999 if plan.exact else 0.9)


@each_plan
def test_a_saved_index_gives_the_same_results(plan, vectors, tmp_path):
    fitted = VectorSearch.fit(vectors, plan)

    def mapped(name, array):
        np.save(tmp_path / f"{name}.npy", array)
        return np.load(tmp_path / f"{name}.npy", mmap_mode="r")

    parts = [
        {name: mapped(f"{part}_{name}", array) for name, array in arrays.items()}
        for part, arrays in (("s", fitted.sketches._asdict()), ("c", fitted.codes), ("g", fitted.graph))
    ]
    opened = VectorSearch(plan, Sketches(**parts[0]), parts[1], parts[2])
    for row in range(0, 4000, 200):
        one, other = (each.nearest(vectors[row], vectors, 20) for each in (fitted, opened))
        assert set(one.tolist()) == set(other.tolist())


@each_plan
def test_a_zero_vector_has_no_neighbours(plan, vectors):
    assert len(VectorSearch.fit(vectors, plan).nearest(np.zeros(40, np.float32), vectors, 5)) == 0
    for shape in ((0, 40), (7, 0)):
        none = np.zeros(shape, np.float32)
        assert len(VectorSearch.fit(none, plan).nearest(np.ones(shape[1], np.float32), none, 5)) == 0


@each_plan
def test_n_above_the_number_of_rows_gives_all(plan, vectors):
    few = vectors[:9]
    assert sorted(VectorSearch.fit(few, plan).nearest(vectors[100], few, 30).tolist()) == list(range(9))
