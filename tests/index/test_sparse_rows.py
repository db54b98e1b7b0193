"""Tests of sparse rows: sums over shared columns equal those of scipy matrices."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix, random_array

from recommender.index.sparse_rows import SparseRow, SparseRows

TERMS = 8


@settings(deadline=None, max_examples=100)
@given(st.integers(0, 10_000), st.integers(0, 30), st.sampled_from([0.0, 0.1, 0.5, 1.0]))
def test_sums_equal_those_of_matrices_with_empty_rows(seed, n, density):
    rng = np.random.default_rng(seed)
    matrix = csr_matrix(random_array((n, TERMS), density=density, rng=rng, dtype=np.float32))
    matrix = csr_matrix(matrix.multiply(rng.random((n, 1)) < 0.7), dtype=np.float32)
    matrix.eliminate_zeros()
    query = (rng.random(TERMS) * (rng.random(TERMS) < 0.6)).astype(np.float32)
    columns = np.flatnonzero(query).astype(np.int32)
    row = SparseRow(columns, query[columns])
    rows = SparseRows(matrix.indptr.astype(np.int64), matrix.indices, matrix.data)
    dense = matrix.toarray()
    some = np.flatnonzero(rng.random(n) < 0.5)
    assert rows.squares_held(row, some) == pytest.approx(dense[some] ** 2 @ (query > 0), abs=1e-6)
    assert rows.sums_where(row, some) == pytest.approx((dense[some] > 0) @ query, abs=1e-6)


def test_columns_that_collide_in_the_hash_table_are_kept_apart():
    rng = np.random.default_rng(0)
    n_terms = 200_000
    matrix = csr_matrix(random_array((20, n_terms), density=0.02, rng=rng, dtype=np.float32))
    rows = SparseRows(matrix.indptr.astype(np.int64), matrix.indices, matrix.data)
    columns = np.sort(rng.permutation(n_terms)[:30_000]).astype(np.int32)
    values = rng.random(len(columns)).astype(np.float32)
    query = np.zeros(n_terms, np.float32)
    query[columns] = values
    found = rows.sums_where(SparseRow(columns, values), np.arange(20))
    assert found == pytest.approx((matrix > 0) @ query, rel=1e-4)


def test_values_are_read_by_their_column():
    row = SparseRow(np.array([2, 5, 9], np.int32), np.array([0.2, 0.5, 0.9], np.float32))
    assert row.at(np.array([9, 0, 2, 10, 5, 3])).tolist() == pytest.approx([0.9, 0, 0.2, 0, 0.5, 0])
    none = SparseRow(np.empty(0, np.int32), np.empty(0, np.float32))
    assert none.at(np.array([1, 2])).tolist() == [0, 0]


def test_rows_can_be_taken_in_any_order_and_consecutive_ones_share_the_arrays():
    matrix = csr_matrix(np.array([[0, 2, 1], [0, 0, 0], [3, 0, 0], [4, 5, 6]], dtype=np.float32))
    rows = SparseRows.of(matrix)
    assert [[part.tolist() for part in rows.row(row)] for row in range(3)] == [
        [[1, 2], [2, 1]],
        [[], []],
        [[0], [3]],
    ]
    for chosen in ([3, 0, 0, 1], [1, 2, 3], [2], []):
        taken = rows.take(np.array(chosen, dtype=int))
        assert taken.n_rows == len(chosen)
        for place, row in enumerate(chosen):
            assert [part.tolist() for part in taken.row(place)] == [part.tolist() for part in rows.row(row)]
    assert np.shares_memory(rows.take(np.array([1, 2])).data, rows.data)
    assert (
        SparseRows.of_rows([rows.row(3), rows.row(1)]).to_csr(3).toarray() == [[4, 5, 6], [0, 0, 0]]
    ).all()
