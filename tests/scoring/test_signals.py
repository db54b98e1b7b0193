"""The signals of content equal those computed from whole matrices, in blocks of any size."""

from dataclasses import replace

import numpy as np
import pytest
from hand_made_sites import hand_made, unit
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from recommender.scoring.queries import Queries
from recommender.scoring.random_pairs import mean_cosine
from recommender.scoring.scorer import Scorer

N, TERMS = 17, 40_000  # more terms than bytes in the sketch, so that different terms share one


def random_scorer(seed, *, n_dense=21, n_neural=3, n=N):
    rng = np.random.default_rng(seed)
    columns = np.sort(rng.choice(TERMS, 14, replace=False))
    columns[1] = (columns[0] + 2**15) % TERMS  # which the sketch cannot distinguish from the first
    columns = np.unique(columns)
    values = rng.random((n, len(columns))) * (rng.random((n, len(columns))) < 0.4)
    values[rng.random(n) < 0.15] = 0  # without usable text
    rows, places = np.nonzero(values)
    sparse = csr_matrix((values[rows, places], (rows, columns[places])), shape=(n, TERMS), dtype=np.float32)
    names = np.triu(rng.random((n, n)) < 0.2, 1) * rng.random((n, n))
    model, collection = hand_made(
        sparse, dense=unit(rng.normal(size=(n, n_dense))),
        neural=unit(rng.normal(size=(n, n_neural)) + 0.5) if n_neural else None,
        mentions=names + names.T, mean_cosine=0.3 if n_neural else 0.0, languages=rng.integers(-1, 2, n),
        centres=np.zeros((3 * (seed % 2), n_neural), np.float32),
    )  # fmt: skip
    return Scorer(model, collection)


def whole(scorer):
    """All signals between all articles, from whole matrices."""
    collection, mean = scorer.collection, scorer.model.mean_cosine
    sparse = collection.sparse.to_csr(TERMS)
    neural = collection.neural @ collection.neural.T
    above, codes = np.maximum((neural - mean) / (1 - mean), 0), collection.languages
    crosses = (codes[:, None] != codes) & (codes >= 0) & (codes >= 0)[:, None] & scorer.model.crosses
    return np.stack(
        [
            (sparse @ sparse.T).toarray(),
            collection.dense @ collection.dense.T,
            np.where(crosses, 0, above),
            np.where(crosses, above**3, 0),
            collection.mentions.to_csr(N).toarray(),
        ]
    )


def signals_of(scorer, rows, candidates, scratch=None):
    queries = Queries.of_articles(scorer.collection, np.asarray(rows))
    return scorer.signals(queries, candidates, scratch or scorer.scratch())


def random_candidates(rng, n, width):
    candidates = rng.integers(0, n, (n, width)).astype(np.int32)
    candidates[rng.random(candidates.shape) < 0.2] = -1
    return candidates


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10_000), st.integers(0, 20), st.sampled_from([0, 1, 4, 35]))
def test_signals_are_those_of_whole_matrices(seed, width, n_neural):
    scorer = random_scorer(seed, n_neural=n_neural)
    candidates = random_candidates(np.random.default_rng(seed), N, width)
    signals = signals_of(scorer, np.arange(N), candidates)
    expected = whole(scorer)[:, np.arange(N)[:, None], candidates]
    there = candidates >= 0
    assert signals[:, there] == pytest.approx(expected[:, there], abs=1e-6)
    assert (signals[0][~there] == -1).all()
    assert not signals[1:][:, ~there].any()


def test_one_block_leaves_nothing_behind_for_the_next():
    scorer = random_scorer(4)
    candidates = random_candidates(np.random.default_rng(4), N, 9)
    at_once = signals_of(scorer, np.arange(N), candidates)
    scratch = scorer.scratch()
    for rows in (np.arange(start, min(start + 5, N)) for start in [*range(0, N, 5)] * 2):
        signals = signals_of(scorer, rows, candidates[rows], scratch)
        assert signals.tobytes() == np.ascontiguousarray(at_once[:, rows]).tobytes()
    for memory in (scratch.spread, scratch.sketch, scratch.mentioned):
        assert not memory.any()


def test_queries_in_any_order_have_the_same_signals():
    scorer = random_scorer(5)
    candidates = random_candidates(np.random.default_rng(5), N, 9)
    at_once = signals_of(scorer, np.arange(N), candidates)
    rows = np.array([9, 3, 3, 16, 0])
    assert signals_of(scorer, rows, candidates[rows]).tobytes() == at_once[:, rows].tobytes()


def test_candidates_that_ascend_are_read_in_runs_of_rows_with_the_same_signals():
    n = 1_500  # three runs
    scorer, rng = random_scorer(6, n=n), np.random.default_rng(6)
    rows = np.sort(rng.choice(n, 40, replace=False))
    candidates = np.sort(random_candidates(rng, n, 90)[rows])
    candidates[:, -3:] = -1
    candidates[3] = candidates[3][::-1]  # in another order among others that ascend
    candidates[5] = -1
    signals = signals_of(scorer, rows, candidates)
    for place, row in enumerate(rows.tolist()):
        alone = signals_of(scorer, [row], candidates[place : place + 1])
        assert signals[:, place].tobytes() == alone[:, 0].tobytes()


def test_scores_in_the_other_direction_are_those_of_the_pairs():
    scorer = random_scorer(7)
    scorer = Scorer(replace(scorer.model, chance=0.02), scorer.collection)
    rows, others = (each.ravel().astype(np.int32) for each in np.indices((N, N)))
    scores = scorer.articles(rows, others)
    signals = signals_of(scorer, others, rows[:, None])[:, :, 0]
    every = scorer.reversed(signals, (rows, others), np.full(len(rows), -np.inf, np.float32))
    assert every[0].tolist() == list(range(len(rows)))
    assert every[1] == pytest.approx(scores, abs=1e-6)
    least = np.full(len(rows), 0.5, np.float32)
    places, some = scorer.reversed(signals, (rows, others), least)
    assert set(np.flatnonzero(scores >= 0.5 + 1e-6).tolist()) <= set(places.tolist())
    assert some == pytest.approx(scores[places], abs=1e-6)


def test_a_random_pair_has_no_neural_signal_and_a_copy_has_one():
    neural = unit([[1, 0], [0.6, 0.8], [1, 0], [-1, 0], [0, 0]])
    scorer = Scorer(*hand_made(csr_matrix((5, 1)), neural=neural, mean_cosine=0.6))
    near = signals_of(scorer, np.arange(5), np.tile(np.arange(5, dtype=np.int32), (5, 1)))[2]
    assert near[0] == pytest.approx([1, 0, 1, 0, 0], abs=1e-6)


def test_the_mean_cosine_is_that_of_all_pairs():
    rng = np.random.default_rng(2)
    vectors = unit(rng.normal(size=(500, 8)) + 1)
    cosines = vectors @ vectors.T
    mean = cosines[~np.eye(500, dtype=bool)].mean()
    assert mean_cosine(vectors, np.arange(500, dtype=np.int32)) == pytest.approx(mean, abs=0.01)


def test_the_mean_cosine_does_not_depend_on_the_order_of_the_rows():
    rng = np.random.default_rng(2)
    vectors, order = unit(rng.normal(size=(50, 8)) + 1), rng.permutation(50)
    by_id = np.arange(50, dtype=np.int32)
    shuffled = mean_cosine(vectors[order], np.argsort(order).astype(np.int32)[by_id])
    assert shuffled == mean_cosine(vectors, by_id)


@pytest.mark.parametrize("shape", [(0, 0), (0, 4), (3, 0), (1, 4)])
def test_without_pairs_of_vectors_the_mean_cosine_is_zero(shape):
    assert mean_cosine(np.ones(shape, np.float32), np.arange(shape[0], dtype=np.int32)) == 0


def test_equal_vectors_are_copies_and_divide_by_no_zero():
    neural = unit(np.ones((4, 3)))
    mean = mean_cosine(neural, np.arange(4, dtype=np.int32))
    assert mean < 1
    scorer = Scorer(*hand_made(csr_matrix((4, 1)), neural=neural, mean_cosine=mean))
    candidates = np.array([[1], [2], [3], [0]], dtype=np.int32)
    assert signals_of(scorer, np.arange(4), candidates)[2] == pytest.approx(1, abs=0.01)
