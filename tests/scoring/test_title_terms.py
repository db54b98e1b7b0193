"""Titles that a text holds half of are found by few of their terms, and none is missed."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from recommender.index.sparse_rows import SparseRows
from recommender.scoring.title_terms import TitleTerms

N_TERMS = 12


@settings(deadline=None, max_examples=200)
@given(st.integers(0, 100_000), st.integers(0, 30), st.sets(st.integers(0, N_TERMS - 1)), st.booleans())
def test_no_title_held_by_half_is_missed(seed, n, held, whole):
    rng = np.random.default_rng(seed)
    titles = rng.random((n, N_TERMS)) * (rng.random((n, N_TERMS)) < 0.4)
    lengths = np.linalg.norm(titles, axis=1, keepdims=True) * (1 if whole else 1.2)
    titles = np.divide(titles, lengths, out=np.zeros_like(titles), where=lengths > 0).astype(np.float32)
    columns = np.array(sorted(held), dtype=np.int32)
    found = TitleTerms.of(SparseRows.of(csr_matrix(titles))).held(columns)
    shares = (titles[:, columns] ** 2).sum(axis=1)
    assert set(np.flatnonzero(shares >= 0.5).tolist()) <= set(found.tolist())
    assert (shares[found] > 0).all()
    assert (np.diff(found) > 0).all()


def test_words_that_decide_nothing_are_not_kept():
    """Of a title with one strong word the weak ones cannot make a half; of one without known words nothing can."""
    titles = np.array([[0.9, 0.3, 0.3], [0.5, 0.0, 0.0], [0.6, 0.6, 0.5]], dtype=np.float32)
    index = TitleTerms.of(SparseRows.of(csr_matrix(titles)))
    pairs = sorted(zip(index.terms.tolist(), index.rows.tolist(), strict=True))
    assert pairs == [(0, 0), (0, 2), (1, 2)]
    assert index.held(np.array([1, 2], np.int32)).tolist() == [2]
