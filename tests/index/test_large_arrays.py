"""Large arrays lie in files where memory is bounded, and keep what was written to them."""

from __future__ import annotations

import mmap
import threading
from pathlib import Path

import numpy as np
import pytest

from recommender.index.kernels import large_arrays
from recommender.index.kernels.large_arrays import bounded_memory, large_array, large_copy, let_go

MANY = 2**21  # numbers of 4 bytes: 8 MB


def lies_in_a_file(array: np.ndarray) -> bool:
    while isinstance(array, np.ndarray):
        array = array.base
    return isinstance(getattr(array, "obj", array), mmap.mmap)


def test_only_large_arrays_within_a_bound_lie_in_files_and_all_begin_as_zeros() -> None:
    assert not lies_in_a_file(large_array((MANY,), np.int32))
    with bounded_memory(2**40):
        large, small = large_array((MANY // 4, 4), np.float32), large_array((4,), np.int8)
        copy = large_copy(np.arange(MANY, dtype=np.int32).reshape(-1, 2))
    assert lies_in_a_file(large)
    assert not lies_in_a_file(small)
    assert large.shape == (MANY // 4, 4)
    assert not large.any()
    assert not small.any()
    assert copy.shape == (MANY // 2, 2)
    assert copy.ravel().tolist()[-3:] == [MANY - 3, MANY - 2, MANY - 1]
    assert large.flags.writeable
    with bounded_memory(None):
        assert not lies_in_a_file(large_array((MANY,), np.int32))


@pytest.mark.skipif(
    not Path("/proc/self/statm").exists(), reason="the system does not say what a process holds"
)
def test_a_process_lets_go_of_pages_and_reads_them_again(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = threading.Event()
    kept = let_go

    def told() -> None:
        kept()
        gone.set()

    monkeypatch.setattr(large_arrays, "let_go", told)
    with bounded_memory(1):  # less than any process holds
        numbers = large_array((12 * MANY,), np.int32)  # 100 MB, more than is worth keeping
        gone.clear()
        numbers[:] = np.arange(len(numbers), dtype=np.int32)
        assert gone.wait(20)
    assert (numbers[:: MANY // 2] == np.arange(len(numbers), dtype=np.int32)[:: MANY // 2]).all()
