"""The probability that two parts of what two articles share are of different terms."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from recommender.index.sparse_rows import SparseRows
from recommender.scoring.corroboration import corroboration
from tests.hand_made_sites import sparse_rows


def _in_any_order(rows: SparseRows, source: np.random.Generator) -> SparseRows:
    """Return the same rows with their entries in another order: those of articles are in none."""
    order = np.concatenate(
        [start + source.permutation(n) for start, n in zip(rows.indptr[:-1], rows.lengths, strict=True)]
    ).astype(int)
    return rows._replace(indices=rows.indices[order], data=rows.data[order])


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_it_is_one_minus_the_sum_of_squared_shares(seed: int) -> None:
    source = np.random.default_rng(seed)
    words = source.random((6, 12)) * (source.random((6, 12)) < 0.4)
    candidates = source.integers(-1, 6, (6, 4)).astype(np.int32)
    rows = _in_any_order(sparse_rows(csr_matrix(words)), source)
    spread = np.zeros(12, dtype=np.float32)
    found = corroboration(rows, rows, candidates, spread)
    assert not spread.any()
    for query, others in enumerate(candidates):
        for place, other in enumerate(others):
            products = words[query] * words[other]
            shares = products / products.sum() if other >= 0 and products.sum() else np.ones(1)
            assert found[query, place] == pytest.approx(1 - (shares**2).sum(), abs=1e-5)


def test_one_shared_term_corroborates_nothing_and_equal_ones_most() -> None:
    rows = sparse_rows(np.array([[1, 1, 1, 1, 0], [1, 0, 0, 0, 2], [3, 3, 3, 3, 0], [0, 0, 0, 0, 1]]))
    candidates = np.array([[1, 2, 3, -1]] * 4, dtype=np.int32)
    found = corroboration(rows, rows, candidates, np.zeros(5, dtype=np.float32))[0]
    assert found.tolist() == [0.0, 0.75, 0.0, 0.0]
