"""One sparse vector against those of a whole site: the same sums as whole matrices give."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recommender.ranking import sparse_rows
from scipy.sparse import csr_matrix, random_array

from recommender.index.sparse_rows import SparseRow, SparseRows

TERMS = 8


@settings(deadline=None, max_examples=100)
@given(
    st.integers(0, 10_000),
    st.integers(0, 30),
    st.sampled_from([0.0, 0.1, 0.5, 1.0]),
    st.sampled_from([1, 3, 10_000]),
)
def test_sums_with_all_rows_and_with_some_empty_rows_included(seed, n, density, entries_at_a_time):
    rng = np.random.default_rng(seed)
    matrix = csr_matrix(random_array((n, TERMS), density=density, rng=rng, dtype=np.float32))
    matrix = csr_matrix(matrix.multiply(rng.random((n, 1)) < 0.7), dtype=np.float32)
    matrix.eliminate_zeros()
    query = (rng.random(TERMS) * (rng.random(TERMS) < 0.6)).astype(np.float32)
    columns = np.flatnonzero(query).astype(np.int32)
    row = SparseRow(columns, query[columns])
    rows = SparseRows(matrix.indptr.astype(np.int64), matrix.indices, matrix.data)
    dense = matrix.toarray()
    whole, sparse_rows._ENTRIES = sparse_rows._ENTRIES, entries_at_a_time
    try:
        products = rows.all_products(row, TERMS)
    finally:
        sparse_rows._ENTRIES = whole
    assert products == pytest.approx(dense @ query, abs=1e-6)
    assert products.shape == (n,)
    some = np.flatnonzero(rng.random(n) < 0.5)
    assert rows.products(row, some) == pytest.approx(dense[some] @ query, abs=1e-6)
    assert rows.squares_held(row, some) == pytest.approx(dense[some] ** 2 @ (query > 0), abs=1e-6)
    assert rows.sums_where(row, some) == pytest.approx((dense[some] > 0) @ query, abs=1e-6)


def test_terms_that_look_alike_to_a_hash_table_are_told_apart():
    rng = np.random.default_rng(0)
    n_terms = 200_000
    matrix = csr_matrix(random_array((20, n_terms), density=0.02, rng=rng, dtype=np.float32))
    rows = SparseRows(matrix.indptr.astype(np.int64), matrix.indices, matrix.data)
    columns = np.sort(rng.permutation(n_terms)[:30_000]).astype(np.int32)
    values = rng.random(len(columns)).astype(np.float32)
    query = np.zeros(n_terms, np.float32)
    query[columns] = values
    found = rows.products(SparseRow(columns, values), np.arange(20))
    assert found == pytest.approx(matrix @ query, rel=1e-4)


def test_values_are_read_by_their_column():
    row = SparseRow(np.array([2, 5, 9], np.int32), np.array([0.2, 0.5, 0.9], np.float32))
    assert row.at(np.array([9, 0, 2, 10, 5, 3])).tolist() == pytest.approx([0.9, 0, 0.2, 0, 0.5, 0])
    none = SparseRow(np.empty(0, np.int32), np.empty(0, np.float32))
    assert none.at(np.array([1, 2])).tolist() == [0, 0]


def test_rows_are_read_from_the_arrays_of_their_name():
    matrix = csr_matrix(np.array([[0, 2, 1], [0, 0, 0], [3, 0, 0]], dtype=np.float32))
    arrays = {f"titles_{part}": getattr(matrix, part) for part in ("indptr", "indices", "data")}
    rows = SparseRows.of(arrays, "titles")
    assert [[part.tolist() for part in rows.row(row)] for row in range(3)] == [
        [[1, 2], [2, 1]],
        [[], []],
        [[0], [3]],
    ]
