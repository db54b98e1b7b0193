"""Whatever index a site has, a search gives rows near the query, from memory or from a file."""

import numpy as np
import pytest
from recommender.ranking.nearest import UNTUNED, index_arrays, is_index_array, open_search, plans_of

from recommender.index.planner import SearchPlan
from recommender.index.sketches import Sketches

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


def arrays_for(plan, vectors):
    sketches = {f"dense_sketches_{name}": each for name, each in Sketches.of(vectors)._asdict().items()}
    return sketches | index_arrays(plan, "dense", vectors)


@each_plan
def test_nearly_all_of_the_nearest_are_found(plan, vectors):
    search = open_search(plan, "dense", vectors, arrays_for(plan, vectors))
    shares = []
    for row in range(0, 4000, 50):
        best = np.argsort(-(vectors @ vectors[row]))[:20]
        found = search(vectors[row], 20)
        assert len(set(found.tolist())) == 20
        assert found.dtype == np.int32
        shares.append(np.isin(best, found).mean())
    assert np.mean(shares) > (0.999 if plan.exact else 0.9)


@each_plan
def test_an_index_that_was_saved_answers_as_it_did(plan, vectors, tmp_path):
    arrays = arrays_for(plan, vectors)
    for name, array in arrays.items():
        np.save(tmp_path / f"{name}.npy", array)
    opened = {name: np.load(tmp_path / f"{name}.npy", mmap_mode="r") for name in arrays}
    one, other = open_search(plan, "dense", vectors, arrays), open_search(plan, "dense", vectors, opened)
    for row in range(0, 4000, 200):
        assert set(one(vectors[row], 20).tolist()) == set(other(vectors[row], 20).tolist())


@each_plan
def test_nothing_is_near_nothing(plan, vectors):
    search = open_search(plan, "dense", vectors, arrays_for(plan, vectors))
    assert len(search(np.zeros(40, np.float32), 5)) == 0
    for shape in ((0, 40), (7, 0)):
        nobody = np.zeros(shape, np.float32)
        search = open_search(plan, "dense", nobody, arrays_for(plan, nobody))
        assert len(search(np.ones(shape[1], np.float32), 5)) == 0


@each_plan
def test_more_than_there_are_gives_all(plan, vectors):
    few = vectors[:9]
    search = open_search(plan, "dense", few, arrays_for(plan, few))
    assert sorted(search(vectors[100], 30).tolist()) == list(range(9))


def test_arrays_are_told_from_others_by_their_names(vectors):
    for plan in PLANS:
        assert all(is_index_array(name) for name in index_arrays(plan, "neural", vectors[:50]))
    assert not is_index_array("dense_sketches_bits")
    assert not is_index_array("dense")


def test_an_artifact_that_says_nothing_is_searched_by_its_sketches():
    assert plans_of({}) == {"dense": UNTUNED, "neural": UNTUNED}
    assert UNTUNED.method == "sketches"
