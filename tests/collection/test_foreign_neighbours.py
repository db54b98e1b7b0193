"""Neighbours in other languages: the join of a large site finds what comparing all pairs finds."""

from types import SimpleNamespace

import numpy as np
import pytest

from recommender.collection import foreign_neighbours
from recommender.collection.foreign_neighbours import NEAR
from recommender.encoders.unit_rows import unit_rows

N_LANGUAGES, N_STORIES = 3, 150


@pytest.fixture(scope="module")
def site():
    """Stories in three languages, in groups of five on one subject; the language of some articles is unknown."""
    rng = np.random.default_rng(3)
    subjects = np.repeat(rng.standard_normal((N_STORIES // 5, 64)), 5, axis=0)
    stories = subjects + 0.9 * rng.standard_normal(subjects.shape)
    vectors = np.concatenate([stories + 0.5 * rng.standard_normal(stories.shape) for _ in range(N_LANGUAGES)])
    languages = np.repeat(np.arange(N_LANGUAGES), N_STORIES).astype(np.int16)
    languages[::41] = -1
    variants = np.zeros((0, 2), np.int32)
    neural = unit_rows(vectors.astype(np.float32))
    return SimpleNamespace(neural=neural, languages=languages, variants=variants)


def pairs(site, rows, there, n_jobs=None):
    runs = foreign_neighbours.foreign_neighbours(site, rows, there, n_jobs)
    found = [
        frozenset(pair) for one, other in runs for pair in zip(one.tolist(), other.tolist(), strict=True)
    ]
    assert len(found) == len(set(found))
    return set(found)


@pytest.mark.parametrize("some", [False, True], ids=["a build", "an update"])
def test_a_join_finds_the_nearest_of_each_article_in_each_other_language(site, some, monkeypatch):
    n = len(site.languages)
    there = np.arange(n) % 7 != 0
    rows = np.flatnonzero(there)[:: 2 if some else 1].astype(np.int32)
    compared = pairs(site, rows, there)
    monkeypatch.setattr(foreign_neighbours, "COMPARED", 0)
    joined = pairs(site, rows, there)
    assert joined == pairs(site, rows, there, n_jobs=2)
    cosines = site.neural @ site.neural.T
    for one, other in map(tuple, joined):
        assert site.languages[one] != site.languages[other]
        assert min(site.languages[[one, other]]) >= 0
        assert there[one]
        assert there[other]
        assert {one, other} & set(rows.tolist())
        assert frozenset((one, other)) in compared or abs(cosines[one, other] - NEAR) < 2e-3
    for row in rows.tolist():
        for language in set(range(N_LANGUAGES)) - {int(site.languages[row])}:
            theirs = np.flatnonzero((site.languages == language) & there)
            best = int(theirs[cosines[row, theirs].argmax()])
            if site.languages[row] >= 0 and cosines[row, best] >= NEAR + 0.01:
                assert frozenset((row, best)) in joined


def test_a_site_in_one_language_has_no_pairs(site, monkeypatch):
    monkeypatch.setattr(foreign_neighbours, "COMPARED", 0)
    one = SimpleNamespace(
        neural=site.neural, languages=np.zeros(len(site.languages), np.int16), variants=site.variants
    )
    every = np.ones(len(site.languages), dtype=np.bool_)
    assert pairs(one, np.arange(len(every), dtype=np.int32), every) == set()
