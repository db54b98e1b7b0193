"""Exact scores of candidates against the same sums on whole matrices."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from recommender.ranking.one_list import SparseRow
from recommender.ranking.reasons import shared_terms
from recommender.ranking.rescore import rescore
from recommender.ranking.weights import Weights


def random_site(seed, n=30, terms=12):
    rng = np.random.default_rng(seed)
    # few different values, so that scores tie
    sparse = csr_matrix(rng.integers(0, 3, (n, terms)) * (rng.random((n, terms)) < 0.3), dtype=np.float32)
    candidates = np.array([rng.permutation(n)[:15] for _ in range(n)], dtype=np.int32)
    candidates[rng.random(candidates.shape) < 0.1] = -1
    dense = rng.integers(-2, 3, (n, 3)).astype(np.float32) / 4
    return sparse, dense, candidates, rng.permutation(n).astype(np.int32)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.integers(1, 20), st.sampled_from([0.0, 0.5, 1.0]))
def test_lists_are_the_candidates_sorted_by_score_then_id(seed, k, min_score):
    sparse, dense, candidates, id_order = random_site(seed)
    weights = Weights(lexical=0.5, dense=0.25, min_score=min_score)
    rows, scores = rescore(sparse, sparse, dense, dense, candidates, id_order, k, weights, n_jobs=2)
    shared, cosines = (sparse @ sparse.T).toarray(), dense @ dense.T
    for query in range(sparse.shape[0]):
        found = [
            (-(0.5 * shared[query, c] + 0.25 * cosines[query, c]), id_order[c], c)
            for c in candidates[query]
            if c >= 0
            and shared[query, c] > 0
            and 0.5 * shared[query, c] + 0.25 * cosines[query, c] >= min_score
        ]
        expected = sorted(found)[:k]
        n = len(expected)
        assert rows[query, :n].tolist() == [row for _, _, row in expected]
        assert scores[query, :n].tolist() == pytest.approx([-score for score, _, _ in expected])
        assert (rows[query, n:] == -1).all()
        assert (scores[query, n:] == 0).all()


def test_a_score_at_the_limit_stays():
    sparse = csr_matrix(np.ones((2, 1), dtype=np.float32))
    dense = np.zeros((2, 1), np.float32)
    arguments = (dense, dense, np.array([[1], [0]], dtype=np.int32), np.arange(2, dtype=np.int32), 1)
    rows, _ = rescore(sparse, sparse, *arguments, Weights(lexical=0.5, dense=0, min_score=0.5))
    assert rows.ravel().tolist() == [1, 0]


@pytest.mark.parametrize("weights", [{"lexical": -0.1}, {"dense": 1.1}, {"min_score": 2}])
def test_weights_out_of_range_are_refused(weights):
    with pytest.raises(ValueError, match="from 0 to 1"):
        Weights(**weights)


def test_shares_add_up_and_a_word_told_by_a_pair_is_not_told_twice():
    terms = ["valley", "valley road", "road", "rain", "the north", "the", "the rain"]
    mine = SparseRow(np.array([0, 1, 2, 3], dtype=np.int32), np.array([0.4, 0.6, 0.5, 0.1], dtype=np.float32))
    theirs = SparseRow(
        np.array([4, 2, 1, 0, 3], dtype=np.int32), np.array([0.9, 0.5, 0.6, 0.4, 0.1], dtype=np.float32)
    )
    mine = SparseRow(np.append(mine.columns, [5, 6]), np.append(mine.values, [0.2, 0.05]))
    theirs = SparseRow(np.append(theirs.columns, [6, 5]), np.append(theirs.values, [0.05, 0.2]))
    part, named = shared_terms(mine, theirs, 0.5, terms.__getitem__)
    assert part == pytest.approx(0.5 * (0.16 + 0.36 + 0.25 + 0.01 + 0.04 + 0.0025))
    assert [(term.term, pytest.approx(term.share)) for term in named] == [
        ("valley road", 0.18),
        ("rain", 0.005),
    ]


def test_two_articles_that_share_function_words_only_are_told_so():
    row = SparseRow(np.array([0], dtype=np.int32), np.array([0.5], dtype=np.float32))
    assert [term.term for term in shared_terms(row, row, 1.0, ["of the"].__getitem__)[1]] == ["of the"]
