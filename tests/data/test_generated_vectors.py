"""Generated vectors: repeatable, of any number, and clustered as their presets say."""

from __future__ import annotations

import doctest
from dataclasses import replace

import numpy as np
import pytest

from data import generate_vectors
from data.generate_vectors import PRESETS, generate


def rows(n, d, preset, seed=0):
    return np.concatenate(list(generate(n, d, preset, seed)))


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_rows_have_length_1_and_the_number_asked(name):
    found = rows(20_000, 24, PRESETS[name])
    assert found.shape == (20_000, 24)
    assert found.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_a_longer_run_begins_with_a_shorter_one_and_a_seed_gives_its_own(name):
    long = rows(18_000, 16, PRESETS[name])
    np.testing.assert_array_equal(long[:500], rows(500, 16, PRESETS[name]))
    assert not np.isclose(long[:500], rows(500, 16, PRESETS[name], seed=1)).all(axis=1).any()


def nearest(vectors):
    similarities = vectors[:1000] @ vectors.T
    np.fill_diagonal(similarities, -1)
    return similarities.max(axis=1)


def test_articles_have_neighbours_where_noise_has_none():
    articles = rows(2000, 64, PRESETS["lsa"])
    noise = np.random.default_rng(0).standard_normal(articles.shape)
    noise /= np.linalg.norm(noise, axis=1, keepdims=True)
    assert np.median(nearest(articles)) > np.median(nearest(noise)) + 0.15


def test_more_noise_moves_neighbours_away_and_retelling_brings_copies():
    preset = replace(PRESETS["lsa"], retold=0.0)
    quiet, noisy = (nearest(rows(2000, 64, replace(preset, noise=noise))) for noise in (0.05, 1.0))
    assert np.median(noisy) < np.median(quiet) - 0.05
    retold = nearest(rows(16_384, 64, replace(preset, retold=0.5, retold_from=0.999)))
    assert 0.5 < (retold > 0.99).mean() < 0.95  # a half are copies, and most of the rest have one


def test_what_is_rotated_has_its_variance_in_all_coordinates():
    preset = replace(PRESETS["lsa"], decay=1.0)
    along, across = (
        np.var(rows(4000, 64, replace(preset, rotated=rotated)), axis=0) for rotated in (False, True)
    )
    assert along[:4].sum() > 3 * across[:4].sum()


def test_the_examples_hold():
    assert doctest.testmod(generate_vectors).failed == 0
