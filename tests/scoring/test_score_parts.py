"""Reasons name what two articles share, the strongest first, and their shares add up."""

import numpy as np
import pytest

from recommender.index.sparse_rows import SparseRow
from recommender.scoring.score_parts import shared_terms


def row(columns, values):
    return SparseRow(np.array(columns, dtype=np.int32), np.array(values, dtype=np.float32))


def test_shares_add_up_and_a_word_told_by_a_pair_is_not_told_twice():
    terms = ["valley", "valley road", "road", "rain", "the north", "the", "the rain"]
    mine = row([0, 1, 2, 3, 5, 6], [0.4, 0.6, 0.5, 0.1, 0.2, 0.05])
    theirs = row([4, 2, 1, 0, 3, 6, 5], [0.9, 0.5, 0.6, 0.4, 0.1, 0.05, 0.2])
    part, named = shared_terms(mine, theirs, 0.5, terms.__getitem__)
    assert part == pytest.approx(0.5 * (0.16 + 0.36 + 0.25 + 0.01 + 0.04 + 0.0025))
    assert [(term.term, pytest.approx(term.share)) for term in named] == [
        ("valley road", 0.18),
        ("rain", 0.005),
    ]


def test_two_articles_that_share_function_words_only_are_told_so():
    of_the = row([0], [0.5])
    assert [term.term for term in shared_terms(of_the, of_the, 1.0, ["of the"].__getitem__)[1]] == ["of the"]


def test_at_most_so_many_terms_are_named_and_equal_shares_go_by_column():
    terms = [f"word{number}" for number in range(9)]
    same = row([8, 3, 5, 1, 7, 0], [0.5] * 6)
    part, named = shared_terms(same, same, 1.0, terms.__getitem__, n_terms=4)
    assert [term.term for term in named] == ["word0", "word1", "word3", "word5"]
    assert part == pytest.approx(6 * 0.25)


def test_nothing_in_common_is_nothing():
    assert shared_terms(row([0, 1], [0.6, 0.8]), row([2], [1.0]), 1.0, str) == (0.0, ())
