"""Tests of CodeScan: its results are exact in spite of rounding."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.index import code_scan
from recommender.index.code_scan import CodeScan, all_products


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def agrees(found, query, vectors, n):
    """Whether n distinct rows were found, none further than the n nearest within the precision of float32."""
    products = vectors.astype(np.float64) @ query
    worst = np.sort(products)[::-1][min(n, len(vectors)) - 1]
    assert len(set(found.tolist())) == len(found) == min(n, len(vectors))
    return (products[found] >= worst - 1e-6).all()


@settings(max_examples=60, deadline=None)
@given(
    n_rows=st.integers(1, 300), d=st.sampled_from([1, 2, 63, 64, 65, 200]), n=st.integers(1, 40),
    n_centres=st.integers(1, 5), spread=st.sampled_from([0, 1e-4, 0.05, 1]), seed=st.integers(0, 99),
)  # fmt: skip
def test_it_is_exact_for_near_equal_vectors_copies_and_unrelated_ones(n_rows, d, n, n_centres, spread, seed):
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(n_centres, d)) + 1e-3
    vectors = unit(centres[rng.integers(0, n_centres, n_rows)] + spread * rng.normal(size=(n_rows, d)) + 1e-5)
    scan = CodeScan.of(vectors)
    for query in (vectors[0], unit(rng.normal(size=(1, d)) + 1e-5)[0]):
        assert agrees(scan.nearest(query, vectors, n), query, vectors, n)
        assert agrees(all_products(query, vectors, n), query, vectors, n)


def test_all_vectors_are_read_only_if_codes_cannot_prove_the_result(monkeypatch):
    rng = np.random.default_rng(0)
    vectors = unit(rng.normal(size=(5000, 64)))
    read = []
    monkeypatch.setattr(
        code_scan, "all_products", lambda *arguments: read.append(1) or all_products(*arguments)
    )
    scan = CodeScan.of(vectors)
    for row in range(50):
        assert agrees(scan.nearest(vectors[row], vectors, 10), vectors[row], vectors, 10)
    assert not read
    crowd = unit(vectors[:1] + 1e-4 * rng.normal(size=(5000, 64)))  # differences below the margin of codes
    assert agrees(CodeScan.of(crowd).nearest(crowd[7], crowd, 10), crowd[7], crowd, 10)
    assert read


@pytest.mark.parametrize("length", [1e-3, 1000])
def test_the_length_of_the_query_changes_nothing(length):
    vectors = unit(np.random.default_rng(1).normal(size=(1000, 32)))
    scan = CodeScan.of(vectors)
    expected = set(scan.nearest(vectors[3], vectors, 5).tolist())
    assert set(scan.nearest(np.float32(length) * vectors[3], vectors, 5).tolist()) == expected


def test_memory_mapped_arrays_are_searched(tmp_path):
    vectors = unit(np.random.default_rng(2).normal(size=(500, 40)))
    scan = CodeScan.of(vectors)
    for name, array in scan._asdict().items():
        np.save(tmp_path / f"{name}.npy", array)
    opened = CodeScan(*(np.load(tmp_path / f"{name}.npy", mmap_mode="r") for name in CodeScan._fields))
    assert set(opened.nearest(vectors[9], vectors, 6)) == set(scan.nearest(vectors[9], vectors, 6))
