"""The nearest of a round-up are scattered; those of an article on one subject, and of an overview, are not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from recommender.index.sparse_rows import SparseRows
from recommender.scoring.adjustments import hub_levels
from recommender.scoring.scatter import scatter


def rows_of(matrix):
    return SparseRows.of(csr_matrix(np.asarray(matrix, dtype=np.float32)))


def by_hand(sparse, dense, nearest):
    """The formula of the docstring, pair by pair."""
    found, m = [], nearest.shape[1]
    for row, near in enumerate(nearest):
        near = near[near >= 0]
        s = sparse[near] @ sparse[row]
        total = 0.0
        for i in range(len(near)):
            for j in range(i):
                x, d = sparse[near[i]] @ sparse[near[j]], dense[near[i]] @ dense[near[j]]
                total += max(0, min(s[i], s[j]) - 2 * x) * min(1, max(0, 1 - 2 * d))
        found.append(total / (m * (m - 1) / 2))
    return np.array(found)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000), st.sampled_from([2, 5, 10]))
def test_scatter_is_the_formula_for_any_rows_in_any_order_of_columns(seed, m):
    rng = np.random.default_rng(seed)
    sparse = rng.random((12, 20)) * (rng.random((12, 20)) < 0.4)
    sparse /= np.maximum(np.linalg.norm(sparse, axis=1, keepdims=True), 1e-9)
    dense = rng.standard_normal((12, 3))
    dense = (dense / np.linalg.norm(dense, axis=1, keepdims=True)).astype(np.float32)
    nearest = np.array([rng.permutation(12)[:m] for _ in range(12)], dtype=np.int32)
    nearest[rng.random(nearest.shape) < 0.2] = -1
    rows = rows_of(sparse)
    mixed = np.concatenate(
        [rng.permutation(np.arange(*rows.indptr[at : at + 2])) for at in range(12)]
    )  # columns of a site's rows are in no order
    rows = rows._replace(indices=rows.indices[mixed], data=rows.data[mixed])
    expected = by_hand(sparse.astype(np.float32), dense, nearest)
    assert scatter(rows, dense, nearest, 0.0) == pytest.approx(expected, abs=1e-5)
    found = scatter(rows, dense, nearest, 0.05)  # what is left out is less than that
    assert (np.abs(found - expected) < 1e-5)[expected > 0.05].all()
    assert ((found == 0) | (np.abs(found - expected) < 1e-5)).all()


def test_the_sum_of_five_subjects_is_scattered_and_an_overview_of_one_is_not():
    five = np.vstack([np.full(5, 5**-0.5), np.eye(5)])
    nearest = np.array([[1, 2, 3, 4, 5]], dtype=np.int32)
    nothing, alike = np.zeros((6, 2), np.float32), np.tile(np.float32([1, 0]), (6, 1))
    assert scatter(rows_of(five), nothing, nearest, 0.0)[0] == pytest.approx(5**-0.5)
    assert scatter(rows_of(five), alike, nearest, 0.0)[0] == 0  # flex-grow, flex-basis and flex-wrap
    same = np.vstack([np.full(5, 5**-0.5)] * 6)
    assert scatter(rows_of(same), nothing, nearest, 0.0)[0] == 0


def test_hubs_rise_with_scatter_from_a_share_of_the_mean_on_and_not_without_end():
    near = np.float32([0.1] * 5)
    least = np.full(5, 0.04, np.float32)
    hubs = hub_levels(near, np.float32([0, 1, 1.5, 2, 9]) * least, least)
    falls = ((hubs + 0.01) / 0.11) ** -0.25  # by the default weight of hubs
    assert falls == pytest.approx([1, 1, 1.5**-3, 1 / 8, 1 / 8], rel=1e-3)
    assert hubs[0] == near[0]
    assert hub_levels(*np.zeros((3, 2), np.float32)).tolist() == [0, 0]
