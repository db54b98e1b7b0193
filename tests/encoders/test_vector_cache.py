"""The vector cache: keyed by content and encoder, and robust against damage."""

import errno
import multiprocessing
import os
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.encoders.vector_cache import VectorCache, text_key
from recommender.errors import RecommenderError


def keys_of(numbers):
    return [text_key("story", str(number)) for number in numbers]


def vectors_of(numbers, n_dimensions=4):
    return np.array(
        [[number + dimension / 8 for dimension in range(n_dimensions)] for number in numbers], np.float32
    )


def fill(folder, numbers, fingerprint="f1"):
    with VectorCache(folder, fingerprint, 4) as cache:
        cache.put(keys_of(numbers), vectors_of(numbers))


def held(folder, numbers, fingerprint="f1"):
    cache = VectorCache(folder, fingerprint, 4)
    return [
        number for number, key in zip(numbers, keys_of(numbers), strict=True) if cache.get(key) is not None
    ]


def test_stored_vectors_are_returned_exactly(tmp_path):
    fill(tmp_path, [1, 2, 3])
    fill(tmp_path, [4])
    cache = VectorCache(tmp_path, "f1", 4)
    assert len(cache) == 4
    np.testing.assert_array_equal([cache.get(key) for key in keys_of([3, 4, 1])], vectors_of([3, 4, 1]))
    assert cache.get(text_key("story", "5")) is None


def test_encoders_of_the_same_dimensions_do_not_share_vectors(tmp_path):
    fill(tmp_path, [1, 2])
    fill(tmp_path, [2], fingerprint="f2")
    assert held(tmp_path, [1, 2], "f2") == [2]
    assert held(tmp_path, [1, 2], "f3") == []


@given(*[st.text(max_size=6)] * 4)
def test_keys_differ_if_title_or_body_differ(title, body, other_title, other_body):
    same = (title, body) == (other_title, other_body)
    assert (text_key(title, body) == text_key(other_title, other_body)) == same


def test_a_title_is_not_mistaken_for_the_start_of_a_body():
    texts = [("a", "b"), ("", "ab"), ("ab", ""), ("a\n", "b"), ("1", "\nab")]
    assert len({text_key(*text) for text in texts}) == 5


def failing_build(folder):
    with VectorCache(folder, "f1", 4) as cache:
        cache.put(keys_of([1]), vectors_of([1]))
        raise KeyboardInterrupt


def test_a_failed_build_keeps_its_vectors(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        failing_build(tmp_path)
    assert held(tmp_path, [1, 2]) == [1]


def test_a_killed_build_keeps_the_vectors_written_before(tmp_path, monkeypatch):
    monkeypatch.setattr("recommender.encoders.vector_cache._WRITE_INTERVAL", 0.0)
    cache = VectorCache(tmp_path, "f1", 4)
    cache.put(keys_of([1, 2]), vectors_of([1, 2]))
    assert held(tmp_path, [1, 2]) == [1, 2]  # without closing the cache


def test_many_vectors_are_written_before_the_end(tmp_path, monkeypatch):
    monkeypatch.setattr("recommender.encoders.vector_cache._MAX_PENDING", 64)
    cache = VectorCache(tmp_path, "f1", 4)
    cache.put(keys_of([1]), vectors_of([1]))
    assert held(tmp_path, [1]) == []
    cache.put(keys_of([2, 3]), vectors_of([2, 3]))
    assert held(tmp_path, [1, 2, 3]) == [1, 2, 3]


def cut_short(file):
    file.write_bytes(file.read_bytes()[:-5])


def emptied(file):
    file.write_bytes(b"")


def one_bit_changed(file):
    content = bytearray(file.read_bytes())
    content[-3] ^= 4
    file.write_bytes(content)


@pytest.mark.parametrize("damage", [cut_short, emptied, one_bit_changed])
def test_a_damaged_file_is_ignored_with_a_warning(tmp_path, damage):
    fill(tmp_path, [1, 2])
    [file] = (tmp_path / "f1").glob("*.npy")
    fill(tmp_path, [3])
    damage(file)
    with pytest.warns(UserWarning, match=rf"{file.name}: ignored .*encoded again; remove the file"):
        assert held(tmp_path, [1, 2, 3]) == [3]
    with pytest.warns(UserWarning, match="ignored"):
        fill(tmp_path, [1, 2])
    with warnings.catch_warnings():  # writing the same vectors again repairs the file
        warnings.simplefilter("error")
        assert held(tmp_path, [1, 2, 3]) == [1, 2, 3]


def test_a_file_with_vectors_of_another_length_is_ignored(tmp_path):
    with VectorCache(tmp_path, "f1", 3) as cache:
        cache.put(keys_of([1]), vectors_of([1], n_dimensions=3))
    with pytest.warns(UserWarning, match="ignored"):
        assert held(tmp_path, [1]) == []


def test_partial_and_foreign_files_are_not_touched(tmp_path):
    fill(tmp_path, [1])
    for name in (".0123.partial", "notes.txt"):
        (tmp_path / "f1" / name).write_text("half a fi")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert held(tmp_path, [1]) == [1]


def test_files_are_plain_arrays_without_pickle(tmp_path):
    fill(tmp_path, [1, 2])
    [file] = (tmp_path / "f1").glob("*.npy")
    records = np.load(file, allow_pickle=False)
    assert records.dtype.names == ("key", "vector")
    assert records["key"].tolist() == keys_of([1, 2])
    np.testing.assert_array_equal(records["vector"], vectors_of([1, 2]))


def test_two_processes_can_write_concurrently(tmp_path):
    context = multiprocessing.get_context("spawn")
    runs = [range(40), range(20, 60)]
    writers = [context.Process(target=write_one_by_one, args=(tmp_path, numbers)) for numbers in runs]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        cache = VectorCache(tmp_path, "f1", 4)
    np.testing.assert_array_equal([cache.get(key) for key in keys_of(range(60))], vectors_of(range(60)))


def write_one_by_one(folder, numbers):
    cache = VectorCache(folder, "f1", 4)
    for number in numbers:
        cache.put(keys_of([number]), vectors_of([number]))
        cache.flush()


def put_two_files(cache):
    for number in (2, 3):
        cache.put(keys_of([number]), vectors_of([number]))
        cache.flush()


def test_a_full_disk_stops_the_writing_but_not_the_build(tmp_path, monkeypatch):
    fill(tmp_path, [1])

    def full(self, target):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    cache = VectorCache(tmp_path, "f1", 4)
    monkeypatch.setattr(Path, "replace", full)
    with pytest.warns(
        UserWarning, match=r"No space left on device.*this build continues.*free some space"
    ) as warned:
        put_two_files(cache)
    assert len(warned) == 1
    assert cache.get(keys_of([1])[0]) is not None
    monkeypatch.undo()
    assert held(tmp_path, [1, 2, 3]) == [1]
    assert [file.suffix for file in (tmp_path / "f1").iterdir()] == [".npy"]  # no partial files remain


def test_an_unusable_folder_is_rejected_before_encoding(tmp_path):
    (tmp_path / "file").write_text("a file")
    with pytest.raises(RecommenderError, match=r"not writable.*use another folder"):
        VectorCache(tmp_path / "file", "f1", 4)


def test_a_cache_cleared_while_open_returns_no_vectors(tmp_path):
    fill(tmp_path, [1])
    cache = VectorCache(tmp_path, "f1", 4)
    for file in (tmp_path / "f1").iterdir():
        file.unlink()
    assert cache.get(keys_of([1])[0]) is None


def test_more_files_than_can_be_open_are_all_read(tmp_path, monkeypatch):
    monkeypatch.setattr("recommender.encoders.vector_cache._OPEN_FILES", 2)
    for number in range(7):
        fill(tmp_path, [number])
    assert held(tmp_path, [0, 6, 1, 5, 2, 4, 3, 0]) == [0, 6, 1, 5, 2, 4, 3, 0]
