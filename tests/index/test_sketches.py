"""Tests of Sketches: recall, and the selection of rows with the fewest differing signs."""

import numpy as np
import pytest

from recommender.index.sketches import Sketches


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def clustered(n=3000, d=100, seed=0):
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(60, d)) * np.geomspace(
        5, 1, d
    )  # a few dimensions have most of the variance, as in LSA
    return unit(centres[rng.integers(0, 60, n)] + rng.normal(size=(n, d)))


def test_most_of_the_nearest_are_found():
    vectors = clustered()
    sketches = Sketches.of(vectors)
    assert sketches.bits.shape == (3000, 2)
    shares = []
    for row in range(0, 3000, 100):
        best = np.argsort(-(vectors @ vectors[row]))[:20]
        found = sketches.nearest(vectors[row], vectors, 20)
        assert row in found
        assert len(set(found.tolist())) == 20
        shares.append(np.isin(best, found).mean())
    assert np.mean(shares) > 0.9


@pytest.mark.parametrize("d", [1, 63, 64, 65])
def test_rows_with_the_fewest_differing_signs_are_compared(d):
    rng = np.random.default_rng(d)
    vectors, query = unit(rng.normal(size=(500, d))), unit(rng.normal(size=(1, d)))[0]
    sketches = Sketches.of(vectors)
    signs = np.unpackbits(sketches.bits.view(np.uint8), axis=1)
    mine = (query @ sketches.rotation > 0).astype(np.uint8)
    differing = (signs != mine).sum(axis=1)
    looked_at = np.argsort(differing, kind="stable")[:50]
    expected = looked_at[np.argsort(-(vectors[looked_at] @ query), kind="stable")[:10]]
    assert set(sketches.nearest(query, vectors, 10).tolist()) == set(expected.tolist())


@pytest.mark.parametrize("n", [1, 7])
def test_n_above_the_number_of_rows_gives_all(n):
    vectors = clustered(n)
    assert sorted(Sketches.of(vectors).nearest(vectors[0], vectors, 10).tolist()) == list(range(n))


@pytest.mark.parametrize("shape", [(0, 4), (5, 0), (5, 4)])
def test_zero_vectors_and_empty_sets_have_no_neighbours(shape):
    vectors = np.zeros(shape, np.float32)
    assert len(Sketches.of(vectors).nearest(np.ones(shape[1], np.float32), vectors, 3)) == 0
    vectors = clustered(10, 4)
    assert len(Sketches.of(vectors).nearest(np.zeros(4, np.float32), vectors, 3)) == 0


def test_the_rotation_preserves_angles():
    vectors = clustered(50, 70)
    rotation = Sketches.of(vectors).rotation
    assert rotation.shape == (70, 128)
    assert (vectors @ rotation) @ (vectors @ rotation).T == pytest.approx(vectors @ vectors.T, abs=1e-5)
