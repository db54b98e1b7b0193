"""Steps whose blocks are shared by threads return the same from one thread as from four."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import random_array

from recommender.collection import article_texts
from recommender.collection.article_texts import ArticleTexts
from recommender.index.sparse_rows import SparseRows
from recommender.ranking import second_round
from recommender.ranking.second_round import LeftOut, neighbours_of_neighbours
from recommender.scoring import scatter as scattering
from recommender.scoring.scatter import scatter
from recommender.text import copy_index
from recommender.text.copy_index import CopyIndex

N = 57
TEXTS = [
    (f"Title {row}", f"It rained on day {row}, and on {row % 7} roofs. " * (row % 5)) for row in range(N)
]


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(0)


def test_scatter(random: np.random.Generator, monkeypatch: pytest.MonkeyPatch) -> None:
    sparse = SparseRows.of(random_array((N, 20), density=0.5, format="csr", dtype=np.float32, rng=random))
    dense = random.standard_normal((N, 4)).astype(np.float32) / 8
    nearest = random.integers(-1, N, (N, 6)).astype(np.int32)
    whole = scatter(sparse, dense, nearest, 0.0, n_jobs=1)
    monkeypatch.setattr(scattering, "_BLOCK", 5)
    assert whole.any()
    np.testing.assert_array_equal(scatter(sparse, dense, nearest, 0.0, n_jobs=4), whole)


def test_neighbours_of_neighbours(random: np.random.Generator, monkeypatch: pytest.MonkeyPatch) -> None:
    lists = np.array([random.permutation(N)[:7] for _ in range(N)], dtype=np.int32)
    groups = np.arange(N, dtype=np.int32) // 2
    left_out = LeftOut(lists[:, :3], groups)
    whole = neighbours_of_neighbours(lists, left_out, 9, n_jobs=1)
    monkeypatch.setattr(second_round, "_BLOCK", 5)
    assert (whole >= 0).any()
    np.testing.assert_array_equal(neighbours_of_neighbours(lists, left_out, 9, n_jobs=4), whole)


def test_packed_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    apart = [[0, row] if row % 3 else [] for row in range(N)]
    whole = ArticleTexts.of(TEXTS, apart, n_jobs=1)
    monkeypatch.setattr(article_texts, "_BLOCK", 5)
    shared = ArticleTexts.of(TEXTS, apart, n_jobs=4)
    assert list(shared) == TEXTS
    assert [shared.set_apart(row) for row in range(N)] == apart
    np.testing.assert_array_equal(shared.column.spelling, whole.column.spelling)


def test_keys_of_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = CopyIndex.of(TEXTS, n_jobs=1)
    monkeypatch.setattr(copy_index, "_RUN", 300)
    for one, other in zip(CopyIndex.of(TEXTS, n_jobs=4), whole, strict=True):
        np.testing.assert_array_equal(one, other)
