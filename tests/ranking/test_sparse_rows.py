"""One sparse vector against those of a whole site: the same sums as whole matrices give."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix, random_array

from recommender.ranking import sparse_rows
from recommender.ranking.sparse_rows import SparseRow, SparseRows

TERMS = 8


@settings(deadline=None, max_examples=100)
@given(
    st.integers(0, 10_000),
    st.integers(0, 30),
    st.sampled_from([0.0, 0.1, 0.5, 1.0]),
    st.sampled_from([1, 3, 10_000]),
)
def test_sums_with_every_row_empty_rows_included(seed, n, density, entries_at_a_time):
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
        products, squares, sums = (
            sums_of(row, TERMS) for sums_of in (rows.products, rows.squares_held, rows.sums_where)
        )
    finally:
        sparse_rows._ENTRIES = whole
    assert products == pytest.approx(dense @ query, abs=1e-6)
    assert squares == pytest.approx(dense**2 @ (query > 0), abs=1e-6)
    assert sums == pytest.approx((dense > 0) @ query, abs=1e-6)
    assert [each.shape for each in (products, squares, sums)] == [(n,)] * 3


def test_rows_are_read_from_the_arrays_of_their_name():
    matrix = csr_matrix(np.array([[0, 2, 1], [0, 0, 0], [3, 0, 0]], dtype=np.float32))
    arrays = {f"titles_{part}": getattr(matrix, part) for part in ("indptr", "indices", "data")}
    rows = SparseRows.of(arrays, "titles")
    assert [[part.tolist() for part in rows.row(row)] for row in range(3)] == [
        [[1, 2], [2, 1]],
        [[], []],
        [[0], [3]],
    ]
