"""Who is worth an exact score: nobody twice, nobody himself, and those who name each other in any case."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recommender.ranking.candidates import find_candidates
from recommender.ranking.signals import Signals
from scipy.sparse import csr_matrix

from recommender.progress import no_progress


def unit(rows):
    rows = np.asarray(rows, dtype=np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)


def random_signals(seed, n, spaces=("dense", "neural"), mentioned=0.1):
    rng = np.random.default_rng(seed)
    sparse = csr_matrix(unit(rng.random((n, 30)) * (rng.random((n, 30)) < 0.1)))
    dense = unit(rng.normal(size=(n, 4))) if "dense" in spaces else np.zeros((n, 1), np.float32)
    neural = unit(rng.normal(size=(n, 3))) if "neural" in spaces else np.zeros((n, 0), np.float32)
    names = np.triu(rng.random((n, n)) * (rng.random((n, n)) < mentioned), 1).astype(np.float32)
    return Signals(sparse, dense, neural, csr_matrix(names + names.T))


def candidates_of(signals, n_candidates, n_jobs=1):
    return find_candidates(signals, n_candidates, n_jobs, no_progress)


def sets_of(candidates):
    return [set(row[row >= 0].tolist()) for row in candidates]


SPACES = st.sampled_from([(), ("dense",), ("neural",), ("dense", "neural")])


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10_000), st.integers(0, 40), st.integers(1, 50), SPACES)
def test_nobody_twice_nobody_himself_and_all_who_name_each_other(seed, n, n_candidates, spaces):
    signals = random_signals(seed, n, spaces)
    candidates = candidates_of(signals, n_candidates)
    assert candidates.shape[0] == n
    for row, (listed, each) in enumerate(zip(candidates, sets_of(candidates), strict=True)):
        assert (listed >= 0).sum() == len(each)
        assert row not in each
        assert each <= set(range(n))
        assert set(signals.mentions[row].indices.tolist()) <= each


@pytest.mark.parametrize("spaces", [("dense",), ("neural",), ("dense", "neural")])
def test_enough_candidates_are_everybody(spaces):
    signals = random_signals(1, 25, spaces)
    assert sets_of(candidates_of(signals, 100)) == [set(range(25)) - {row} for row in range(25)]


def test_without_vectors_the_candidates_are_those_that_share_terms():
    signals = random_signals(1, 25, (), mentioned=0)
    shared = (signals.sparse @ signals.sparse.T).toarray() > 0
    np.fill_diagonal(shared, False)
    assert sets_of(candidates_of(signals, 25)) == [set(np.flatnonzero(row).tolist()) for row in shared]


def test_each_kind_of_vector_brings_its_nearest():
    n = 30
    signals = random_signals(2, n, mentioned=0)
    found = sets_of(candidates_of(signals, 8))  # four by terms, two by each kind of vectors
    for cosines, most in (
        ((signals.sparse @ signals.sparse.T).toarray(), 4),
        (signals.dense @ signals.dense.T, 2),
        (signals.neural @ signals.neural.T, 2),
    ):
        np.fill_diagonal(cosines, -2)
        for row in range(n):
            nearest = [
                other for other in np.argsort(-cosines[row], kind="stable")[:most] if cosines[row, other]
            ]
            assert set(nearest) <= found[row]


def test_one_candidate_each_still_brings_who_names_whom_without_a_shared_term():
    n = 12
    sparse = csr_matrix(np.eye(n, dtype=np.float32))  # nobody shares a term
    names = csr_matrix((np.float32([0.2, 0.2]), ([0, 7], [7, 0])), shape=(n, n))
    signals = Signals(sparse, np.zeros((n, 1), np.float32), np.zeros((n, 0), np.float32), names)
    assert sets_of(candidates_of(signals, 1)) == [
        {7} if row == 0 else {0} if row == 7 else set() for row in range(n)
    ]


def test_of_very_many_who_name_an_article_the_strongest_are_taken():
    n = 101
    strengths = np.random.default_rng(0).permutation(np.arange(1, n)).astype(np.float32) / n
    names = np.zeros((n, n), np.float32)
    names[0, 1:] = names[1:, 0] = strengths
    none = csr_matrix((n, 1), dtype=np.float32)
    signals = Signals(none, np.zeros((n, 1), np.float32), np.zeros((n, 0), np.float32), csr_matrix(names))
    found = sets_of(candidates_of(signals, 1))
    assert found[0] == set((np.argsort(-strengths)[:64] + 1).tolist())
    assert found[1:] == [{0}] * (n - 1)


def test_threads_change_no_candidate():
    signals = random_signals(3, 600)
    assert candidates_of(signals, 40, n_jobs=2).tobytes() == candidates_of(signals, 40, n_jobs=1).tobytes()


@pytest.mark.parametrize("spaces", [(), ("dense",), ("dense", "neural")])
def test_progress_never_goes_back(spaces):
    told = []
    find_candidates(random_signals(0, 1100, spaces), 10, 1, lambda *what: told.append(what))
    assert {step for step, _, _ in told} == {"finding neighbours"}
    done = [done / total for _, done, total in told]
    assert done == sorted(done)
    assert 0 <= done[0] <= done[-1] <= 1
