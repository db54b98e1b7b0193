"""Maximal marginal relevance against the formula, written out over whole vectors."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from recommender.lists.diversity import POOL, diversified

CHANCE = 0.03


@pytest.fixture(scope="module")
def vectors():
    random = np.random.default_rng(5)
    dense = random.random((40, 12), dtype=np.float32) * (random.random((40, 12)) < 0.3)
    dense[7] = 0  # an article without a known word
    lengths = np.linalg.norm(dense, axis=1, keepdims=True)
    return csr_matrix(np.divide(dense, lengths, where=lengths > 0, out=dense).astype(np.float32))


def lists(c, m=6, seed=0):
    random = np.random.default_rng(seed)
    rows = np.array([random.permutation(40)[:c] for _ in range(m)], dtype=np.int32)
    scores = -np.sort(-random.random((m, c), dtype=np.float32), axis=1)
    for i in range(m):  # lists of all lengths, down to none
        rows[i, c * i // (m - 1) :], scores[i, c * i // (m - 1) :] = -1, 0
    return rows, scores


def chosen_by_hand(rows, scores, vectors, k, diversity):
    cosines = (vectors @ vectors.T).toarray().astype(np.float64)
    likeness = cosines / (cosines + CHANCE)
    n = min(POOL * k, int((rows >= 0).sum()))
    taken = [0] if n else []
    while len(taken) < min(k, n):
        left = [place for place in range(n) if place not in taken]
        value = [(1 - diversity) * scores[p] - diversity * likeness[rows[p], rows[taken]].max() for p in left]
        taken.append(left[int(np.argmax(value))])
    return taken


@pytest.mark.parametrize("diversity", [0.1, 0.5, 0.9, 1.0])
@pytest.mark.parametrize(("k", "c"), [(3, 20), (5, 15), (4, 8), (10, 6), (1, 5)])
def test_entries_are_taken_as_the_formula_says(vectors, diversity, k, c):
    rows, scores = lists(c)
    order = diversified(rows, scores, vectors, k, diversity, CHANCE)
    for row, score, places in zip(rows, scores, order, strict=True):
        by_hand = chosen_by_hand(row, score, vectors, k, diversity)
        assert places[: len(by_hand)].tolist() == by_hand
        assert sorted(places.tolist()) == list(range(c))  # nothing is lost or doubled
        rest = places[len(by_hand) :].tolist()
        assert rest == sorted(rest)  # what was not chosen stays in its order


def test_without_diversity_nothing_changes(vectors):
    rows, scores = lists(20)
    order = diversified(rows, scores, vectors, 5, 0.0, CHANCE)
    assert (order == np.arange(20)).all()


def test_with_all_diversity_scores_play_no_part_after_the_first(vectors):
    rows, scores = lists(15)
    other = scores.copy()
    other[:, 1:] = other[:, 1:][:, ::-1] * 0.5
    assert (
        diversified(rows, scores, vectors, 5, 1.0, CHANCE)[:, :5]
        == diversified(rows, other, vectors, 5, 1.0, CHANCE)[:, :5]
    ).all()


def test_of_two_that_say_the_same_the_second_waits():
    vectors = csr_matrix(np.array([[1, 0], [1, 0], [0, 1]], dtype=np.float32))
    rows, scores = np.array([[0, 1, 2]], dtype=np.int32), np.array([[0.9, 0.89, 0.6]], dtype=np.float32)
    assert diversified(rows, scores, vectors, 2, 0.3, CHANCE).tolist() == [[0, 2, 1]]
    assert diversified(rows, scores, vectors, 2, 0.1, CHANCE).tolist() == [[0, 1, 2]]


def test_no_lists_and_no_candidates(vectors):
    for shape in ((0, 5), (3, 0)):
        rows, scores = np.zeros(shape, dtype=np.int32), np.zeros(shape, dtype=np.float32)
        assert diversified(rows, scores, vectors, 5, 0.5, CHANCE).shape == shape
