"""Folds: related both ways, judged together."""

import numpy as np
import pytest

from recommender.evaluation.hits import Grades
from recommender.fitting.folds import folds_of, standard_error
from recommender.fitting.relevance_labels import Labelled


def labelled(grades):
    """Queries are the rows 0 to n - 1."""
    n = len(grades)
    ids = tuple(f"q{row:03}" for row in range(n))
    return Labelled(ids, np.arange(n, dtype=np.int32), grades, Grades.from_lists([[] for _ in range(n)]))


def test_articles_that_are_related_both_ways_are_in_one_fold():
    rng = np.random.default_rng(0)
    pairs = [{(row + 1 if row % 2 == 0 else row - 1): 1, int(rng.integers(0, 100)): 1} for row in range(100)]
    parts = folds_of(labelled(pairs), 5, seed=0)
    assert (parts.fold[::2] == parts.fold[1::2]).all()
    assert (parts.group[::2] == parts.group[1::2]).all()
    assert len(np.unique(parts.fold)) == 5
    assert len(np.unique(parts.group)) > 40  # one way is not enough


def test_a_grade_of_nothing_relates_nothing():
    pairs = [{row + 1 if row % 2 == 0 else row - 1: 0} for row in range(100)]
    assert len(np.unique(folds_of(labelled(pairs), 5, seed=0).group)) == 100


def test_a_site_that_hangs_together_is_taken_apart():
    ring = [{(row + 1) % 100: 1, (row - 1) % 100: 1} for row in range(100)]
    parts = folds_of(labelled(ring), 5, seed=0)
    counts = np.bincount(parts.fold, minlength=5)
    assert (counts > 5).all()
    assert len(np.unique(parts.group)) == 100


def test_the_fold_of_an_article_is_a_matter_of_its_id_and_the_seed():
    alone = [{} for _ in range(200)]
    fold = folds_of(labelled(alone), 5, seed=0).fold
    assert (folds_of(labelled(alone[:50]), 5, seed=0).fold == fold[:50]).all()
    assert (folds_of(labelled(alone), 5, seed=1).fold != fold).any()


def test_the_standard_error_is_the_textbooks_where_all_are_alone():
    values = np.random.default_rng(0).normal(size=50)
    expected = values.std(ddof=1) / np.sqrt(50)
    assert standard_error(values, np.arange(50)) == pytest.approx(expected)
