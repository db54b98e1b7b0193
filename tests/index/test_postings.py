"""The inverted index: exact when it may look at everything, and near that when it may not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix, random_array
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from recommender.index.postings import PostingsIndex


def sparse_rows(n, n_terms, seed, density=0.2):
    return csr_matrix(
        random_array((n, n_terms), density=density, rng=np.random.default_rng(seed), dtype=np.float32)
    )


def by_sorting(rows, k):
    """Every product, sorted by (-product, row), of those that share a term."""
    products = (rows @ rows.T).toarray()
    lists = []
    for row, line in enumerate(products):
        order = np.lexsort((np.arange(len(line)), -line))
        lists.append([other for other in order if other != row and line[other] > 0][:k])
    return lists


def kept(rows):
    return [[row for row in line if row >= 0] for line in rows.tolist()]


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.integers(1, 40), st.integers(1, 50))
def test_with_all_terms_and_postings_it_is_exact(seed, n, k):
    rows = sparse_rows(n, 12, seed)
    rows.data = np.ceil(rows.data * 2)  # whole numbers: exact sums and many ties
    distances, found = PostingsIndex(n_terms=12, n_postings=n, n_jobs=2).fit(rows).kneighbors(n_neighbors=k)
    assert kept(found) == by_sorting(rows, k)
    products = (rows @ rows.T).toarray()
    for row, (line, others) in enumerate(zip(distances, found, strict=True)):
        n_found = int((others >= 0).sum())
        assert (1 - line[:n_found]).tolist() == products[row, others[:n_found]].tolist()
        assert np.isinf(line[n_found:]).all()


def test_with_few_terms_and_postings_most_of_the_best_are_still_found():
    rows = sparse_rows(600, 3_000, seed=1, density=0.03)  # 90 terms a row
    rows.data **= 4  # a few strong terms, as squared idf makes them
    exact = by_sorting(rows, 5)
    _, found = PostingsIndex(n_terms=30, n_postings=10).fit(rows).kneighbors(n_neighbors=50)
    recall = np.mean([len(set(line) & set(best)) / 5 for line, best in zip(kept(found), exact, strict=True)])
    assert recall >= 0.9


def test_threads_change_no_byte():
    rows = sparse_rows(2_000, 500, seed=2)
    one, two = (PostingsIndex(n_jobs=n).fit(rows).kneighbors(n_neighbors=30) for n in (1, 2))
    assert [a.tobytes() for a in one] == [a.tobytes() for a in two]


def test_copies_find_each_other_and_strangers_nothing():
    rows = csr_matrix(np.array([[1, 0], [1, 0], [0, 1], [0, 0]], dtype=np.float32))
    assert kept(PostingsIndex().fit(rows).kneighbors()[1]) == [[1], [0], [], []]


@pytest.mark.parametrize("n", [0, 1])
def test_no_or_one_article_has_no_neighbours(n):
    assert PostingsIndex().fit(csr_matrix(np.ones((n, 2), np.float32))).kneighbors()[1].shape == (n, 0)


def test_bad_calls_say_what_was_wanted():
    index = PostingsIndex()
    with pytest.raises(NotFittedError, match="call fit"):
        clone(index).kneighbors()
    with pytest.raises(ValueError, match="1 or more, got 0"):
        index.fit(sparse_rows(3, 3, 0)).kneighbors(n_neighbors=0)
    with pytest.raises(ValueError, match="got 0 and 500"):
        PostingsIndex(n_terms=0).fit(sparse_rows(3, 3, 0))
