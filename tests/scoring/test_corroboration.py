"""The probability that two parts of what two articles share are of different terms."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from recommender.scoring.corroboration import corroboration
from tests.hand_made_sites import sparse_rows


@given(st.integers(0, 2**32 - 1))
def test_it_is_one_minus_the_sum_of_squared_shares(seed: int) -> None:
    source = np.random.default_rng(seed)
    words = source.random((6, 12)) * (source.random((6, 12)) < 0.4)
    candidates = source.integers(-1, 6, (6, 4)).astype(np.int32)
    rows = sparse_rows(csr_matrix(words))
    found = corroboration(rows, rows, candidates)
    for query, others in enumerate(candidates):
        for place, other in enumerate(others):
            products = words[query] * words[other]
            shares = products / products.sum() if other >= 0 and products.sum() else np.ones(1)
            assert found[query, place] == pytest.approx(1 - (shares**2).sum(), abs=1e-5)


def test_one_shared_term_corroborates_nothing_and_equal_ones_most() -> None:
    rows = sparse_rows(np.array([[1, 1, 1, 1, 0], [1, 0, 0, 0, 2], [3, 3, 3, 3, 0], [0, 0, 0, 0, 1]]))
    found = corroboration(rows, rows, np.array([[1, 2, 3, -1]] * 4, dtype=np.int32))[0]
    assert found.tolist() == [0.0, 0.75, 0.0, 0.0]
