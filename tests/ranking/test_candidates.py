"""Who is worth an exact score: nobody twice, nobody himself, and those who name each other in any case."""

from dataclasses import replace

import numpy as np
import pytest
from hand_made_sites import hand_made, unit
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from recommender.progress import no_progress
from recommender.ranking.candidate_index import CandidateIndex
from recommender.ranking.candidate_search import Budget, candidates_of, find_candidates
from recommender.ranking.candidates import with_copies
from recommender.ranking.candidates_of_rows import largest_places
from recommender.rules.policy import Policy
from recommender.rules.site_rules import SiteRules
from recommender.scoring.queries import Queries


def random_collection(seed, n, spaces=("dense", "neural"), mentioned=0.1):
    rng = np.random.default_rng(seed)
    words = unit(rng.random((n, 30)) * (rng.random((n, 30)) < 0.1))
    dense = unit(rng.normal(size=(n, 4))) if "dense" in spaces else None
    neural = unit(rng.normal(size=(n, 3))) if "neural" in spaces else None
    names = np.triu(rng.random((n, n)) * (rng.random((n, n)) < mentioned), 1).astype(np.float32)
    return hand_made(words, dense=dense, neural=neural, mentions=names + names.T)


def index_of(site):
    model, collection = site
    return CandidateIndex.fit(collection, model.lexical.n_terms, model.thresholds)


def found_for(site, n_candidates, n_jobs=1, progress=no_progress):
    return find_candidates(site[1], index_of(site), n_candidates, n_jobs, progress)


def shared_terms(collection):
    sparse = collection.sparse.to_csr(30)
    return (sparse @ sparse.T).toarray()


def sets_of(candidates):
    return [set(row[row >= 0].tolist()) for row in candidates]


SPACES = st.sampled_from([(), ("dense",), ("neural",), ("dense", "neural")])


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10_000), st.integers(0, 40), st.integers(1, 50), SPACES)
def test_nobody_twice_nobody_himself_and_all_who_name_each_other(seed, n, n_candidates, spaces):
    site = random_collection(seed, n, spaces)
    candidates = found_for(site, n_candidates)
    assert candidates.shape[0] == n
    for row, (listed, each) in enumerate(zip(candidates, sets_of(candidates), strict=True)):
        assert (listed >= 0).sum() == len(each)
        assert row not in each
        assert each <= set(range(n))
        assert set(site[1].mentions.row(row).columns.tolist()) <= each


@pytest.mark.parametrize("spaces", [("dense",), ("neural",), ("dense", "neural")])
def test_enough_candidates_are_everybody(spaces):
    site = random_collection(1, 25, spaces)
    assert sets_of(found_for(site, 100)) == [set(range(25)) - {row} for row in range(25)]


def test_without_vectors_the_candidates_are_those_that_share_terms():
    site = random_collection(1, 25, (), mentioned=0)
    shared = shared_terms(site[1]) > 0
    np.fill_diagonal(shared, False)
    assert sets_of(found_for(site, 25)) == [set(np.flatnonzero(row).tolist()) for row in shared]


def test_each_kind_of_vector_brings_its_nearest():
    n = 30
    site = random_collection(2, n, mentioned=0)
    found = sets_of(found_for(site, 8))  # four by terms, two by each kind of vectors
    for cosines, most in (
        (shared_terms(site[1]), 4),
        (site[1].dense @ site[1].dense.T, 2),
        (site[1].neural @ site[1].neural.T, 2),
    ):
        np.fill_diagonal(cosines, -2)
        for row in range(n):
            nearest = [
                other for other in np.argsort(-cosines[row], kind="stable")[:most] if cosines[row, other]
            ]
            assert set(nearest) <= found[row]


def test_one_candidate_each_still_brings_who_names_whom_without_a_shared_term():
    n = 12
    names = csr_matrix((np.float32([0.2, 0.2]), ([0, 7], [7, 0])), shape=(n, n))
    site = hand_made(np.eye(n), mentions=names)  # no two articles share a term
    assert sets_of(found_for(site, 1)) == [
        {7} if row == 0 else {0} if row == 7 else set() for row in range(n)
    ]


def test_of_very_many_who_name_an_article_the_strongest_are_taken():
    n = 101
    strengths = np.random.default_rng(0).permutation(np.arange(1, n)).astype(np.float32) / n
    names = np.zeros((n, n), np.float32)
    names[0, 1:] = names[1:, 0] = strengths
    site = hand_made(csr_matrix((n, 1)), mentions=names)
    found = sets_of(found_for(site, 1))
    assert found[0] == set((np.argsort(-strengths)[:64] + 1).tolist())
    assert found[1:] == [{0}] * (n - 1)


def test_threads_change_no_candidate():
    site = random_collection(3, 600)
    assert found_for(site, 40, n_jobs=2).tobytes() == found_for(site, 40, n_jobs=1).tobytes()


@pytest.mark.parametrize("spaces", [(), ("dense",), ("dense", "neural")])
def test_progress_never_goes_back(spaces):
    calls = []
    found_for(random_collection(0, 1100, spaces), 10, progress=lambda *call: calls.append(call))
    steps = list(dict.fromkeys(step for step, _, _ in calls))
    assert steps == ["finding neighbours", "finding terms"]
    assert [step for step, _, _ in calls] == sorted((step for step, _, _ in calls), key=steps.index)
    for wanted in steps:
        done = [done / total for step, done, total in calls if step == wanted]
        assert done == sorted(done)
        assert 0 <= done[0] <= done[-1] <= 1


@pytest.mark.parametrize("spaces", [(), ("dense",), ("dense", "neural")])
def test_a_single_query_has_the_candidates_of_the_join(spaces):
    site = random_collection(5, 300, spaces)
    index, collection = index_of(site), site[1]
    joined = sets_of(find_candidates(collection, index, 30, 1, no_progress))
    for row in range(0, 300, 7):
        query = Queries.of_articles(collection, np.array([row]))
        found = candidates_of(query, row, collection, index, Budget.of(30, collection))
        assert len(found) == len(set(found.tolist()))
        assert set(found.tolist()) == joined[row]


@pytest.mark.parametrize("n", [1, 4, 9])
def test_of_equal_values_the_first_are_among_the_largest(n):
    values = np.random.default_rng(n).integers(0, 4, (50, 10)).astype(np.float32)
    expected = np.sort(np.argsort(-values, axis=1, kind="stable")[:, :n], axis=1)
    assert largest_places(values, n).tolist() == expected.tolist()


def test_the_allowed_member_of_each_group_joins_the_candidates():
    groups = np.array([0, 0, 2, 2, 2, 5], dtype=np.int32)
    collection = hand_made(np.eye(6))[1]
    languages = np.array([0, 0, 1, 0, 0, 0], dtype=np.int16)
    copies = collection.copies._replace(groups=groups)
    collection = replace(collection, copies=copies, languages=languages)
    eligibility = SiteRules.of(Policy(copies="original"), collection).eligibility
    columns = eligibility.queries(np.array([0, 5]))
    found = with_copies(np.array([[1, 2, 5, -1], [0, 4, 2, 3]], dtype=np.int32), columns, eligibility)
    assert found.tolist() == [[1, 2, 5, -1, 3], [0, 4, 2, 3, -1]]  # row 2 is in another language
    kept = with_copies(np.array([[2, -1]], np.int32), eligibility.queries(np.array([2])), eligibility)
    assert kept.tolist() == [[2, -1]]  # no member of its own group
