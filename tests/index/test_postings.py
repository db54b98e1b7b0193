"""Tests of the inverted index: exact with all terms and postings, nearly so with few."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix, random_array

from recommender.index.postings import Postings, fit_thresholds
from recommender.index.sparse_rows import SparseRow, SparseRows


def sparse_rows(n, n_terms, seed, density=0.2):
    matrix = csr_matrix(
        random_array((n, n_terms), density=density, rng=np.random.default_rng(seed), dtype=np.float32)
    )
    matrix.sort_indices()
    return matrix


def index_of(matrix, n_postings=500):
    rows = SparseRows.of(matrix)
    return Postings.of(rows, matrix.shape[1], fit_thresholds(rows, matrix.shape[1], n_postings))


def by_sorting(matrix, k):
    """Return rows that share a term, sorted by (-product, row)."""
    products = (matrix @ matrix.T).toarray()
    lists = []
    for row, line in enumerate(products):
        order = np.lexsort((np.arange(len(line)), -line))
        lists.append([other for other in order if other != row and line[other] > 0][:k])
    return lists


def kept(rows):
    return [[row for row in line if row >= 0] for line in rows.tolist()]


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.integers(1, 40), st.integers(1, 50))
def test_with_all_terms_and_postings_it_is_exact(seed, n, k):
    matrix = sparse_rows(n, 12, seed)
    levels = np.ceil(matrix.data * 2) * 51 / 255  # values that levels represent exactly, with many ties
    matrix.data = (levels**2).astype(np.float32)
    found = index_of(matrix, n).nearest_of_all(SparseRows.of(matrix), k, n_jobs=2)
    products = (matrix @ matrix.T).toarray()
    for row, (line, exact) in enumerate(zip(kept(found), by_sorting(matrix, k), strict=True)):
        assert len(line) == len(set(line)) == len(exact)
        assert row not in line
        assert products[row, line] == pytest.approx(products[row, exact], rel=1e-5)


def test_with_few_postings_most_of_the_best_are_still_found():
    matrix = sparse_rows(600, 3_000, seed=1, density=0.03)  # 90 terms a row, 64 of which are looked up
    matrix.data **= 4  # a few strong terms, as squared idf makes them
    exact = by_sorting(matrix, 5)
    found = index_of(matrix, 10).nearest_of_all(SparseRows.of(matrix), 50)
    recall = np.mean([len(set(line) & set(best)) / 5 for line, best in zip(kept(found), exact, strict=True)])
    assert recall >= 0.9


def test_a_single_query_has_the_result_of_the_join():
    matrix = sparse_rows(300, 200, seed=3, density=0.05)
    rows, index = SparseRows.of(matrix), index_of(matrix, 20)
    joined = index.nearest_of_all(rows, 15)
    for row in range(300):
        single = index.nearest(rows.row(row), 16, 300)
        assert single[single != row][:15].tolist() == [other for other in joined[row] if other >= 0]


def test_whether_a_row_is_listed_does_not_depend_on_other_rows():
    values = np.random.default_rng(2).permutation(np.linspace(0.1, 1, 800)).astype(np.float32)
    rows = SparseRows.of(csr_matrix(values[:, None]))
    thresholds = fit_thresholds(rows, 1, 500)
    assert thresholds[0] == np.sort(values)[300]
    one = SparseRow(np.array([0], np.int32), np.array([1], np.float32))
    found = Postings.of(rows, 1, thresholds).nearest(one, 800, 800)
    assert set(found.tolist()) == set(np.flatnonzero(values >= thresholds[0]).tolist())
    more = np.concatenate([values, np.full(900, 0.99, np.float32)])
    with_more = Postings.of(SparseRows.of(csr_matrix(more[:, None])), 1, thresholds).nearest(one, 1700, 1700)
    assert set(found.tolist()) <= set(with_more.tolist())


@pytest.mark.parametrize(("n_tied", "listed"), [(15, 15), (25, 0)])
def test_ties_at_the_threshold_are_listed_together_or_not_at_all(n_tied, listed):
    values = np.full(n_tied, 0.5, np.float32)
    rows = SparseRows.of(csr_matrix(values[:, None]))
    postings = Postings.of(rows, 1, fit_thresholds(rows, 1, 10))
    assert len(postings.rows) == listed


def test_thresholds_do_not_depend_on_the_order_of_rows():
    matrix, order = sparse_rows(400, 30, seed=4), np.random.default_rng(0).permutation(400)
    one, other = (fit_thresholds(SparseRows.of(each), 30, 20) for each in (matrix, matrix[order]))
    assert one.tobytes() == other.tobytes()


def test_threads_change_no_byte():
    matrix = sparse_rows(2_000, 500, seed=2)
    rows, index = SparseRows.of(matrix), index_of(matrix)
    one, two = (index.nearest_of_all(rows, 30, n_jobs=n_jobs) for n_jobs in (1, 2))
    assert one.tobytes() == two.tobytes()


def test_copies_find_each_other_and_rows_without_a_shared_term_find_nothing():
    matrix = csr_matrix(np.array([[1, 0], [1, 0], [0, 1], [0, 0]], dtype=np.float32))
    assert kept(index_of(matrix).nearest_of_all(SparseRows.of(matrix), 10)) == [[1], [0], [], []]


def test_the_smallest_value_still_counts():
    matrix = csr_matrix(np.array([[1e-7], [0]], dtype=np.float32))
    one = SparseRow(np.array([0], np.int32), np.array([1], np.float32))
    assert index_of(matrix).nearest(one, 2, 2).tolist() == [0]


@pytest.mark.parametrize("n", [0, 1])
def test_an_index_of_no_or_one_row_finds_nothing(n):
    matrix = csr_matrix(np.ones((n, 2), np.float32))
    assert index_of(matrix).nearest_of_all(SparseRows.of(matrix), 10).shape == (n, 0)


@pytest.mark.parametrize("shape", [(0, 0), (3, 0), (0, 3), (3, 3)])
def test_without_rows_or_terms_nothing_is_found(shape):
    matrix = csr_matrix(shape, dtype=np.float32)
    columns = np.arange(shape[1], dtype=np.int32)
    query = SparseRow(columns, np.ones(len(columns), np.float32))
    assert len(index_of(matrix).nearest(query, 5, shape[0])) == 0
