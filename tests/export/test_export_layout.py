"""The map layout is reproducible and places articles of one list close together."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from recommender.export.map_layout import layout


def corpus(n, subjects=20, d=32, k=8, seed=0):
    """Return unit vectors around subject centres, and the exact nearest neighbours of each."""
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((subjects, d))[rng.integers(0, subjects, n)] + 0.4 * rng.standard_normal((n, d))
    X = (X / np.linalg.norm(X, axis=1, keepdims=True)).astype(np.float32)
    return X, nearest(X, k).astype(np.int32)


def nearest(X, k):
    return NearestNeighbors(n_neighbors=k).fit(X).kneighbors(return_distance=False)


def kept(places, lists):
    """Return the share of nearest neighbours on the map that are in an article's list."""
    near = nearest(places, lists.shape[1])
    return np.mean(
        [len(set(a) & set(b)) / len(b) for a, b in zip(near.tolist(), lists.tolist(), strict=True)]
    )


@pytest.mark.parametrize("n", [300, 2_500])  # with landmarks only, and with other articles
def test_neighbours_on_the_map_are_in_the_list(n):
    X, lists = corpus(n)
    places = layout(X, lists)
    assert places.dtype == np.float32
    assert places.shape == (n, 2)
    assert np.isfinite(places).all()
    assert np.abs(places).max() == pytest.approx(1)
    assert kept(places, lists) > 10 * lists.shape[1] / n  # ten times chance level


def test_articles_with_empty_lists_are_placed_by_their_vectors():
    X, lists = corpus(1_500)
    assert kept(layout(X, np.full_like(lists, -1)), lists) > 10 * lists.shape[1] / 1_500


SCRIPT = """
import numpy as np
from recommender.export.map_layout import layout
rng = np.random.default_rng(3)
X = rng.standard_normal((1_400, 24)).astype(np.float32)
X /= np.linalg.norm(X, axis=1, keepdims=True)
print(layout(X, rng.integers(-1, 1_400, (1_400, 5)).astype(np.int32), seed=2).tobytes().hex())
"""


def test_the_map_does_not_depend_on_the_number_of_threads():
    maps = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True,
            env=os.environ | {f"{name}_NUM_THREADS": threads for name in ("OMP", "OPENBLAS", "MKL", "NUMBA")},
        ).stdout
        for threads in ("1", "2")
    ]  # fmt: skip
    assert maps[0] == maps[1]
    assert len(maps[0].strip()) == 1_400 * 2 * 4 * 2


def test_the_seed_matters():
    X, lists = corpus(100)
    assert (layout(X, lists, 0) != layout(X, lists, 1)).any()


@pytest.mark.parametrize("n", range(7))
def test_very_few_articles_are_placed(n):
    places = layout(np.eye(max(n, 1), 3, dtype=np.float32)[:n], np.full((n, 2), -1, dtype=np.int32))
    assert places.shape == (n, 2)
    assert np.isfinite(places).all()
    assert n < 2 or len(np.unique(places, axis=0)) > 1


@pytest.mark.parametrize("value", [0, 1])
def test_equal_vectors_are_placed(value):
    X = np.full((60, 4), value / 2, dtype=np.float32)
    places = layout(X, np.full((60, 0), -1, dtype=np.int32))
    assert np.isfinite(places).all()
    assert np.abs(places).max() <= 1
