"""The signals of content are those of whole matrices."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from recommender.ranking.signals import Scratch, Signals, mean_cosine

N, TERMS = 17, 40_000  # more terms than bytes in the sketch, so that different terms fall on one


def unit(rows):
    rows = np.asarray(rows, dtype=np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)


def random_site(seed, *, n_dense=5, n_neural=3, n=N):
    rng = np.random.default_rng(seed)
    columns = np.sort(rng.choice(TERMS, 14, replace=False))
    columns[1] = (columns[0] + 2**15) % TERMS  # which the sketch cannot tell from the first
    columns = np.unique(columns)
    values = rng.random((n, len(columns))) * (rng.random((n, len(columns))) < 0.4)
    values[rng.random(n) < 0.15] = 0  # without usable text
    rows, places = np.nonzero(values)
    sparse = csr_matrix((values[rows, places], (rows, columns[places])), shape=(n, TERMS), dtype=np.float32)
    names = csr_matrix(np.triu(rng.random((n, n)) < 0.2, 1) * rng.random((n, n)), dtype=np.float32)
    return Signals(
        sparse,
        unit(rng.normal(size=(n, n_dense))),
        unit(rng.normal(size=(n, n_neural)) + 0.5) if n_neural else np.zeros((n, 0), np.float32),
        csr_matrix(names + names.T),
        stranger=0.3 if n_neural else 0.0,
    )


def whole(signals):
    """All planes between all articles, by whole matrices."""
    neural = signals.neural @ signals.neural.T
    return np.stack(
        [
            (signals.sparse @ signals.sparse.T).toarray(),
            signals.dense @ signals.dense.T,
            np.maximum((neural - signals.stranger) / (1 - signals.stranger), 0),
            signals.mentions.toarray(),
        ]
    )


def random_candidates(rng, n, width):
    candidates = rng.integers(0, n, (n, width)).astype(np.int32)
    candidates[rng.random(candidates.shape) < 0.2] = -1
    return candidates


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10_000), st.integers(0, 20), st.sampled_from([0, 1, 4]))
def test_planes_are_those_of_whole_matrices(seed, width, n_neural):
    signals = random_site(seed, n_neural=n_neural)
    candidates = random_candidates(np.random.default_rng(seed), N, width)
    planes = signals.planes(0, N, candidates, Scratch(signals))
    expected = whole(signals)[:, np.arange(N)[:, None], candidates]
    there = candidates >= 0
    assert planes[:, there] == pytest.approx(expected[:, there], abs=1e-6)
    assert (planes[0][~there] == -1).all()
    assert not planes[1:][:, ~there].any()


def test_one_block_leaves_nothing_behind_for_the_next():
    signals = random_site(4)
    candidates = random_candidates(np.random.default_rng(4), N, 9)
    at_once = signals.planes(0, N, candidates, Scratch(signals))
    scratch = Scratch(signals)
    for _ in range(2):
        for start in range(0, N, 5):
            block = slice(start, min(start + 5, N))
            planes = signals.planes(block.start, block.stop, candidates[block], scratch)
            assert planes.tobytes() == np.ascontiguousarray(at_once[:, block]).tobytes()
    for memory in (scratch.spread, scratch.sketch, scratch.named):
        assert not memory.any()


def test_a_stranger_is_worth_nothing_and_a_copy_one():
    neural = unit([[1, 0], [0.6, 0.8], [1, 0], [-1, 0], [0, 0]])
    none = csr_matrix((5, 5), dtype=np.float32)
    signals = Signals(csr_matrix((5, 1), dtype=np.float32), np.zeros((5, 1), np.float32), neural, none, 0.6)
    candidates = np.tile(np.arange(5, dtype=np.int32), (5, 1))
    near = signals.planes(0, 5, candidates, Scratch(signals))[2]
    assert near[0] == pytest.approx([1, 0, 1, 0, 0], abs=1e-6)


def test_the_mean_cosine_is_that_of_all_pairs():
    rng = np.random.default_rng(2)
    vectors = unit(rng.normal(size=(500, 8)) + 1)
    cosines = vectors @ vectors.T
    mean = cosines[~np.eye(500, dtype=bool)].mean()
    assert mean_cosine(vectors, np.arange(500, dtype=np.int32)) == pytest.approx(mean, abs=0.01)


def test_the_mean_cosine_does_not_depend_on_the_order_of_the_input():
    rng = np.random.default_rng(2)
    vectors, order = unit(rng.normal(size=(50, 8)) + 1), rng.permutation(50)
    by_id = np.arange(50, dtype=np.int32)
    shuffled = mean_cosine(vectors[order], np.argsort(order).astype(np.int32)[by_id])
    assert shuffled == mean_cosine(vectors, by_id)


@pytest.mark.parametrize("shape", [(0, 0), (0, 4), (3, 0), (1, 4)])
def test_without_pairs_of_vectors_the_mean_cosine_is_nothing(shape):
    assert mean_cosine(np.ones(shape, np.float32), np.arange(shape[0], dtype=np.int32)) == 0


def test_vectors_that_are_all_the_same_are_copies_and_no_division_by_nothing():
    neural = unit(np.ones((4, 3)))
    stranger = mean_cosine(neural, np.arange(4, dtype=np.int32))
    assert stranger < 1
    none = csr_matrix((4, 4), dtype=np.float32)
    signals = Signals(
        csr_matrix((4, 1), dtype=np.float32), np.zeros((4, 1), np.float32), neural, none, stranger
    )
    candidates = np.array([[1], [2], [3], [0]], dtype=np.int32)
    assert signals.planes(0, 4, candidates, Scratch(signals))[2] == pytest.approx(1, abs=0.01)
