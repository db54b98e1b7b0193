"""Those that share the strongest terms of a text, found by its terms alone."""

import numpy as np
import pytest
from recommender.ranking.champions import Champions
from scipy.sparse import csr_matrix

from recommender.index.sparse_rows import SparseRow


def random_rows(seed, n, n_terms, density):
    rng = np.random.default_rng(seed)
    dense = rng.random((n, n_terms)) * (rng.random((n, n_terms)) < density)
    lengths = np.linalg.norm(dense, axis=1, keepdims=True)
    return np.divide(dense, lengths, out=np.zeros_like(dense), where=lengths > 0).astype(np.float32)


def as_query(vector):
    columns = np.flatnonzero(vector).astype(np.int32)
    return SparseRow(columns, vector[columns])


def test_the_nearest_come_whoever_else_there_is():
    dense = random_rows(0, 300, 80, 0.1)
    champions = Champions.of(csr_matrix(dense))
    for row in range(0, 300, 10):
        products = dense @ dense[row]
        found = champions.nearest(as_query(dense[row]), 20, 300)
        assert len(found) == len(set(found.tolist())) == 20
        best = np.argsort(-products)[:10]
        assert set(best.tolist()) <= set(
            found.tolist()
        )  # values in a byte change no more than the last places


def test_all_that_share_a_term_where_they_are_few_and_nobody_else():
    dense = random_rows(1, 60, 40, 0.05)
    champions = Champions.of(csr_matrix(dense))
    for row in range(60):
        found = champions.nearest(as_query(dense[row]), 60, 60)
        assert sorted(found.tolist()) == np.flatnonzero(dense @ dense[row] > 0).tolist()


def test_of_a_term_that_very_many_hold_the_strongest_are_kept():
    values = np.random.default_rng(2).permutation(np.linspace(0.1, 1, 800)).astype(np.float32)
    champions = Champions.of(csr_matrix(values[:, None]))
    found = champions.nearest(SparseRow(np.array([0], np.int32), np.array([1], np.float32)), 800, 800)
    assert set(found.tolist()) == set(np.argsort(-values)[:500].tolist())


def test_the_smallest_value_still_counts():
    champions = Champions.of(csr_matrix(np.array([[1e-7], [0]], dtype=np.float32)))
    assert champions.nearest(
        SparseRow(np.array([0], np.int32), np.array([1], np.float32)), 2, 2
    ).tolist() == [0]


@pytest.mark.parametrize("shape", [(0, 0), (3, 0), (0, 3), (3, 3)])
def test_without_articles_or_terms_nobody_is_found(shape):
    champions = Champions.of(csr_matrix(shape, dtype=np.float32))
    columns = np.arange(shape[1], dtype=np.int32)
    assert len(champions.nearest(SparseRow(columns, np.ones(len(columns), np.float32)), 5, shape[0])) == 0
