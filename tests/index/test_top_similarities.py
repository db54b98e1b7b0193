"""Tests of the k best of a stream of similarities, and of their keys."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit

from recommender.index.kernels.similarity_keys import packed, select, unpacked
from recommender.index.kernels.top_similarities import empty_best, keep_best, take_best

similarities = st.lists(
    st.sampled_from([0.0, -0.0, 1.0, -1.0, 0.5, 1e-40, -1e-40, 3e38, -3e38, np.inf, -np.inf])
    | st.floats(-2, 2, width=32),
    min_size=1, max_size=200,
)  # fmt: skip


@njit
def keys_of(bits):
    keys = np.empty(bits.shape[0], np.uint64)
    for row in range(bits.shape[0]):
        keys[row] = packed(bits[row], row)
    return keys


@settings(deadline=None)
@given(similarities)
def test_keys_order_by_similarity_then_by_row_and_can_be_unpacked(values):
    values = np.array(values, dtype=np.float32)
    keys = keys_of(values.view(np.uint32))
    order = np.argsort(-values, kind="stable")  # argsort treats minus zero as zero too
    np.testing.assert_array_equal(np.argsort(keys)[::-1], order)
    found, rows = np.empty_like(values), np.empty(len(values), np.int32)
    unpacked(keys[order], found.view(np.uint32), rows)
    np.testing.assert_array_equal(rows, order)
    np.testing.assert_array_equal(found, values[order])


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 20) | st.integers(0, 2**64 - 1), min_size=1, max_size=100), st.integers(1, 110)
)
def test_the_k_largest_are_moved_to_the_front(values, k):
    keys = np.array(values, dtype=np.uint64)
    select(keys, k)
    assert sorted(keys.tolist()) == sorted(values)
    assert sorted(keys[:k].tolist(), reverse=True) == sorted(values, reverse=True)[:k]


@pytest.mark.parametrize("k", [1, 7, 100])
def test_the_order_of_tiles_does_not_change_the_result(k):
    random = np.random.default_rng(k)
    lines = random.integers(-20, 21, (5, 400)).astype(np.float32) / 20  # many ties
    parts = [slice(start, start + 90) for start in range(0, 400, 90)]
    order = np.argsort(-lines, axis=1, kind="stable")[:, :k]
    for _ in range(4):
        best = empty_best(5, k)
        for number in random.permutation(len(parts)):
            keep_best(np.ascontiguousarray(lines[:, parts[number]]), parts[number].start, best)
        found, rows = np.empty((5, k), np.float32), np.empty((5, k), np.int32)
        take_best(best, found, rows, 0, 5)
        np.testing.assert_array_equal(rows, order)
        np.testing.assert_array_equal(found, np.take_along_axis(lines, order, axis=1))
