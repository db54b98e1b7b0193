"""Exposure metrics on lists small enough to check by hand."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array, csr_matrix

from recommender.evaluation import exposure
from recommender.evaluation.in_degrees import gini, in_degrees
from recommender.evaluation.intra_list_distance import intra_list_distance
from recommender.evaluation.novelty import novelty


def test_a_ring_gives_all_articles_equal_exposure():
    ring = np.array([[(i + 1) % 6, (i + 2) % 6] for i in range(6)], dtype=np.int32)
    found = exposure(ring)
    assert (found.coverage, found.orphans, found.in_degree_gini) == (1, 0, 0)
    assert (found.max_in_degree, found.max_over_mean) == (2, 1)
    assert (found.short_lists, found.empty_lists) == (0, 0)
    assert found.novelty is None
    assert found.intra_list_distance is None


def test_a_star_gives_one_article_all_exposure():
    star = np.array([[-1]] + [[0]] * 9, dtype=np.int32)
    found = exposure(star)
    assert (found.coverage, found.orphans) == (0.1, 9)
    assert found.in_degree_gini == pytest.approx(9 / 10)
    assert (found.max_in_degree, found.max_over_mean) == (9, 10)
    assert (found.short_lists, found.empty_lists) == (1, 1)


def test_orphans_are_counted_at_the_given_k():
    lists = np.array([[1, 2], [0, 2], [0, 1], [0, 1]], dtype=np.int32)
    assert [exposure(lists[:, :k]).orphans for k in (1, 2)] == [2, 1]


@given(st.integers(1, 50), st.integers(1, 10**6))
def test_gini_is_0_for_equal_amounts_and_1_minus_1_over_n_for_a_single_one(n, amount):
    assert gini(np.full(n, amount)) == 0
    alone = np.zeros(n, dtype=np.int64)
    alone[n // 2] = amount
    assert gini(alone) == pytest.approx((n - 1) / n)


@given(st.lists(st.integers(0, 100), min_size=1, max_size=30).filter(any))
def test_gini_is_half_the_relative_mean_difference(amounts):
    values = np.array(amounts)
    pairs = np.abs(values[:, None] - values[None, :]).mean()
    assert gini(values) == pytest.approx(pairs / (2 * values.mean()))


@pytest.mark.parametrize("kind", [np.asarray, csr_array, csr_matrix])
def test_intra_list_distance_equals_the_mean_over_explicit_pairs(kind):
    rng = np.random.default_rng(2)
    vectors = rng.standard_normal((30, 5)).astype(np.float32) * rng.uniform(0.1, 9, (30, 1)).astype(
        np.float32
    )
    vectors[4] = 0
    lists = np.array([rng.choice(30, 6, replace=False) for _ in range(30)], dtype=np.int32)
    lists[0, 2:] = -1
    lists[1, 1:] = -1
    lists[2] = -1
    lists[3, 0] = 4

    def cosine(a, b):
        lengths = np.linalg.norm(vectors[a]) * np.linalg.norm(vectors[b])
        return float(vectors[a] @ vectors[b]) / lengths if lengths else 0.0

    expected = [
        np.mean([1 - cosine(a, b) for a, b in combinations(row, 2)]) if len(row) > 1 else np.nan
        for row in ([i for i in each if i >= 0] for each in lists)
    ]
    found = intra_list_distance(lists, kind(vectors))
    np.testing.assert_allclose(found, expected, atol=1e-5)
    assert exposure(lists, kind(vectors)).intra_list_distance == pytest.approx(np.nanmean(expected), abs=1e-5)


def test_copies_have_distance_0_opposite_vectors_2_and_orthogonal_ones_1():
    vectors = np.array([[1.0, 0], [2, 0], [-1, 0], [0, 5], [1, 1]])
    lists = np.array([[1, -1], [0, 0], [0, 2], [0, 3], [-1, -1]])
    lists[1] = [0, 1]
    found = intra_list_distance(lists, vectors)
    np.testing.assert_allclose(found[1:4], [0, 2, 1], atol=1e-12)


def test_lists_beyond_one_block_are_measured():
    n = 9_000
    lists = np.stack([(np.arange(n) + 1) % n, (np.arange(n) + 2) % n], axis=1)
    vectors = np.tile(np.eye(2), (n // 2, 1))
    np.testing.assert_allclose(intra_list_distance(lists, vectors), 1)


def test_novelty_counts_newer_older_and_undated_entries():
    published = np.array(
        ["2026-01-10", "2026-01-11", "2026-01-04", "NaT", "2026-01-10"], dtype="datetime64[D]"
    )
    lists = np.array([[1, 2, 3, 4], [-1] * 4, [-1] * 4, [0, 1, -1, -1], [-1] * 4])
    found = novelty(lists, published)
    assert found.dated == pytest.approx(3 / 6)
    assert (found.newer, found.older) == (pytest.approx(1 / 3), pytest.approx(1 / 3))
    assert found.median_days_apart == 1
    hours = published.astype("datetime64[s]") + np.timedelta64(6, "h")
    assert exposure(lists, published=hours).novelty == found


@pytest.mark.parametrize("n", [0, 1, 2])
def test_sites_without_lists_give_numbers_or_nan(n):
    found = exposure(
        np.full((n, 3), -1, dtype=np.int32), np.ones((n, 2)), np.full(n, "NaT", dtype="datetime64[s]")
    )
    assert (found.orphans, found.short_lists, found.empty_lists, found.max_in_degree) == (n, n, n, 0)
    assert np.isnan(found.intra_list_distance)
    assert np.isnan(found.novelty.dated)
    assert np.isnan(found.max_over_mean)


def test_invalid_arrays_are_value_errors():
    good = np.array([[1], [0]])
    for bad in (np.array([[2], [0]]), np.array([[-2], [0]]), np.array([0, 1]), np.array([[0.0], [1.0]])):
        with pytest.raises(ValueError, match="expected"):
            in_degrees(bad)
    with pytest.raises(ValueError, match="vectors"):
        exposure(good, np.ones((3, 2)))
    with pytest.raises(ValueError, match="dates"):
        exposure(good, published=np.array([1, 2]))
