"""Tests of the first pass on a GPU, with torch's CPU device "cpu:0" in place of one."""

import subprocess
import sys

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.index import clustered, exact, gpu
from recommender.index.clustered import ClusteredIndex
from recommender.index.exact import ExactIndex
from recommender.index.gpu import first_pass, gpu_for
from recommender.index.kernels.neighbour_lists import product_of, row_of

TORCH = "cpu:0"


def unit(vectors):
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def _no_room():
    raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 80 GiB.\nSee the manual.")


@pytest.fixture(autouse=True)
def first_pass_always(monkeypatch):
    monkeypatch.setattr(exact, "_MANY_PAIRS", 0)


@settings(deadline=None, max_examples=60)
@given(
    d=st.sampled_from([1, 2, 31, 256, 1_000]),
    heavy=st.floats(0, 6),
    length=st.sampled_from([1e-20, 0.01, 1, 300]),
    seed=st.integers(0, 10_000),
)
def test_no_product_is_off_by_more_than_the_margin(d, heavy, length, seed):
    random = np.random.default_rng(seed)
    vectors = length * unit(random.standard_normal((40, d)) * np.exp(heavy * random.standard_normal((40, d))))
    rounded, nearest, *_ = first_pass(vectors, vectors, 40, TORCH, leave_out=False)
    true = vectors.astype(np.float64) @ vectors.T.astype(np.float64)
    for row, keys in enumerate(nearest.keys):
        for key in keys:
            off = abs(int(product_of(key)) * rounded.scale**2 - true[row, row_of(key)])
            assert off <= rounded.margin


def test_the_size_of_tiles_does_not_change_the_result(monkeypatch):
    vectors = unit(np.random.default_rng(0).standard_normal((300, 20)))
    expected = ExactIndex(device="cpu").fit(vectors).kneighbors(n_neighbors=9)
    for rows, columns in ((7, 300), (300, 7), (64, 64), (31, 29)):
        monkeypatch.setattr(gpu, "_ROWS", rows)
        monkeypatch.setattr(gpu, "_COLUMNS", columns)
        found = ExactIndex(device=TORCH).fit(vectors).kneighbors(n_neighbors=9)
        assert [each.tobytes() for each in found] == [each.tobytes() for each in expected]
        queries = ExactIndex(device=TORCH).fit(vectors).kneighbors(vectors[:50], 10)[1]
        np.testing.assert_array_equal(queries[:, 1:], expected[1][:50])


def test_lists_of_well_spread_vectors_are_proven_by_halves(monkeypatch):
    monkeypatch.setattr(ExactIndex, "_by_floats", lambda *_: pytest.fail("searched again"))
    vectors = unit(np.random.default_rng(1).standard_normal((1_000, 30)))
    assert ExactIndex(device=TORCH).fit(vectors).kneighbors()[1].shape == (1_000, 10)


def test_all_pairs_are_compared_on_a_gpu(monkeypatch):
    monkeypatch.setattr(clustered, "SMALL", 100)
    vectors = unit(np.random.default_rng(2).standard_normal((400, 8)))
    index = ClusteredIndex(recall=0.5, device=TORCH).fit(vectors)
    np.testing.assert_array_equal(
        index.kneighbors()[1], ExactIndex(device="cpu").fit(vectors).kneighbors()[1]
    )
    assert index.n_probes_ == 0
    monkeypatch.setattr(clustered, "_ON_GPU", 399)
    index.kneighbors()
    assert index.n_probes_ > 0


def test_the_cpu_searches_if_the_device_lacks_memory(monkeypatch):
    vectors = unit(np.random.default_rng(3).standard_normal((200, 8)))
    monkeypatch.setattr(torch, "topk", lambda *_, **__: _no_room())
    with pytest.warns(UserWarning, match=r"no room for 200 vectors.*80 GiB\.$"):
        _, rows = ExactIndex(device=TORCH).fit(vectors).kneighbors()
    np.testing.assert_array_equal(rows, ExactIndex(device="cpu").fit(vectors).kneighbors()[1])


def test_a_large_join_uses_clusters_if_the_device_lacks_memory(monkeypatch):
    """Comparing all pairs on the CPU would take many times as long."""
    monkeypatch.setattr(clustered, "SMALL", 100)
    vectors = unit(np.random.default_rng(4).standard_normal((400, 8)))
    expected = ClusteredIndex(recall=0.5, device="cpu").fit(vectors)
    rows = expected.kneighbors()[1]
    monkeypatch.setattr(torch, "topk", lambda *_, **__: _no_room())
    index = ClusteredIndex(recall=0.5, device=TORCH).fit(vectors)
    with pytest.warns(UserWarning, match="no room"):
        np.testing.assert_array_equal(index.kneighbors()[1], rows)
    assert index.n_probes_ == expected.n_probes_ > 0


def test_an_unavailable_device_is_refused_by_name():
    index = ExactIndex(device="cuda:7").fit(np.eye(20, dtype=np.float32))
    with pytest.raises(ValueError, match=r"wanted 'cpu' or a device that torch can use, got 'cuda:7': .+"):
        index.kneighbors()


def test_settings_of_torch_are_restored():
    settings = torch.backends.cuda.matmul
    before = settings.allow_fp16_reduced_precision_reduction
    ExactIndex(device=TORCH).fit(np.eye(20, dtype=np.float32)).kneighbors()
    assert settings.allow_fp16_reduced_precision_reduction == before


def test_progress_is_reported(monkeypatch):
    monkeypatch.setattr(gpu, "_ROWS", 10)
    reports = []
    ExactIndex(device=TORCH, on_progress=lambda *each: reports.append(each)).fit(
        np.eye(40, dtype=np.float32)
    ).kneighbors()
    assert reports == [(0, 4), (1, 4), (2, 4), (3, 4)]


class TestWhichDevice:
    def test_the_cpu_is_used_if_it_is_named(self, monkeypatch):
        monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
        assert gpu_for(10**12, "cpu") is None
        assert gpu_for(1, TORCH) == TORCH

    def test_cuda_is_used_if_it_is_available(self, monkeypatch):
        monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
        assert gpu_for(1, None) == "cuda"
        monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
        assert gpu_for(10**12, None) is None

    @pytest.mark.parametrize(
        ("n_pairs", "signs", "imported"),
        [("10**12", "()", False), ("10**12", "('/',)", True), ("10**6", "('/',)", False)],
    )
    def test_torch_is_imported_only_for_many_pairs_on_a_machine_that_may_have_a_gpu(
        self, n_pairs, signs, imported
    ):
        code = (
            f"import sys; from recommender.index import gpu; gpu._SIGNS_OF_CUDA = {signs};"
            f"gpu.gpu_for({n_pairs}, None); print('torch' in sys.modules)"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == str(imported)
