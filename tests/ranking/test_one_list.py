"""One query against all articles: the same products as a whole matrix gives."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix, random_array

from recommender.ranking import one_list
from recommender.ranking.one_list import SparseRow, SparseRows


@settings(deadline=None, max_examples=60)
@given(
    st.integers(0, 10_000),
    st.integers(1, 30),
    st.sampled_from([0.0, 0.1, 0.5, 1.0]),
    st.sampled_from([1, 3, 10_000]),
)
def test_products_with_every_row_empty_rows_included(seed, n, density, entries_at_a_time):
    rng = np.random.default_rng(seed)
    matrix = csr_matrix(random_array((n, 8), density=density, rng=rng, dtype=np.float32))
    matrix = csr_matrix(matrix.multiply(rng.random((n, 1)) < 0.7), dtype=np.float32)
    matrix.eliminate_zeros()
    query = rng.random(8).astype(np.float32)
    rows = SparseRows(matrix.indptr.astype(np.int64), matrix.indices, matrix.data)
    whole, one_list._ENTRIES = one_list._ENTRIES, entries_at_a_time
    try:
        products = rows.products(SparseRow(np.arange(8, dtype=np.int32), query), 8)
    finally:
        one_list._ENTRIES = whole
    assert products == pytest.approx(matrix @ query, abs=1e-6)
