"""The exact neighbours, and the recall of answers worked out from ids alone."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import truth as truth_module
from benchmarks.truth import query_truth, recall, self_join_truth
from benchmarks.vectors import open_vectors


@pytest.fixture(scope="module")
def vectors(tmp_path_factory):
    return open_vectors(generated=(1500, 16), n_queries=60, cache=tmp_path_factory.mktemp("vectors"))


def brute_force(queries, vectors, k):
    cosines = np.float64(queries) @ np.float64(vectors).T
    if queries is vectors:
        np.fill_diagonal(cosines, -2)
    return -np.sort(-cosines, axis=1)[:, :k]


@pytest.mark.parametrize("k", [1, 10, 120])
def test_the_truth_is_that_of_brute_force(vectors, k):
    joined = self_join_truth(vectors, k, n_asked=200)
    best = brute_force(vectors.vectors, vectors.vectors, k)[joined.asked]
    np.testing.assert_allclose(joined.similarities, best, atol=1e-9)
    assert (joined.rows != joined.asked[:, None]).all()
    assert len(set(joined.asked.tolist())) == 200
    asked = query_truth(vectors, k)
    np.testing.assert_allclose(
        asked.similarities, brute_force(vectors.queries, vectors.vectors, k), atol=1e-9
    )


def test_the_truth_is_worked_out_once(vectors, monkeypatch):
    first = self_join_truth(vectors, 10, n_asked=100)
    monkeypatch.setattr(truth_module, "_exact", lambda *_: pytest.fail("worked out again"))
    np.testing.assert_array_equal(self_join_truth(vectors, 10, n_asked=100).rows, first.rows)
    np.testing.assert_array_equal(self_join_truth(vectors, 5, n_asked=100).rows, first.rows[:, :5])


def test_recall_counts_what_is_there(vectors):
    truth = query_truth(vectors, 10)
    assert recall(truth.rows, truth, vectors).tolist() == [1.0] * 60
    assert recall(truth.rows[:, ::-1], truth, vectors).tolist() == [1.0] * 60
    assert recall(truth.rows[:, :4], truth, vectors).tolist() == [0.4] * 60
    far = query_truth(vectors, 110).rows[:, 100:]
    assert recall(far, truth, vectors).tolist() == [0.0] * 60
    padded = np.where(np.arange(10) < 7, truth.rows, -1)
    np.testing.assert_allclose(recall(padded, truth, vectors), 0.7)


def test_what_comes_twice_counts_once_and_itself_never(vectors):
    truth = self_join_truth(vectors, 10, n_asked=50)
    np.testing.assert_allclose(recall(np.repeat(truth.rows[:, :1], 10, axis=1), truth, vectors), 0.1)
    with_itself = np.concatenate([truth.asked[:, None], truth.rows[:, :9]], axis=1)
    np.testing.assert_allclose(recall(with_itself, truth, vectors), 0.9)


def test_of_equally_near_ones_any_will_do(tmp_path):
    axes = np.eye(4, dtype=np.float32)
    np.save(tmp_path / "copies.npy", np.repeat(axes, 6, axis=0))  # each has five at distance 0
    copies = open_vectors(vectors=tmp_path / "copies.npy", n_queries=0, cache=tmp_path / "c")
    truth = self_join_truth(copies, 2)
    block = truth.asked // 6 * 6
    last_two = np.stack([block + 4, block + 5], axis=1)
    expected = np.where((last_two == truth.asked[:, None]).any(axis=1), 0.5, 1.0)
    np.testing.assert_array_equal(recall(last_two, truth, copies), expected)
    assert (recall((last_two + 6) % 24, truth, copies) == 0).all()


def test_k_above_what_exists_gives_fewer(tmp_path):
    np.save(tmp_path / "few.npy", np.eye(5, dtype=np.float32))
    few = open_vectors(vectors=tmp_path / "few.npy", n_queries=0, cache=tmp_path / "c")
    truth = self_join_truth(few, 10)
    assert [sorted(row) for row in truth.rows.tolist()] == [[r for r in range(5) if r != i] for i in range(5)]
    with pytest.raises(ValueError, match="k of 1 or more"):
        self_join_truth(few, 0)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda rows: rows + 1500, "from 0 to 1499"),
        (lambda rows: rows - 1502, "from 0 to 1499"),
        (lambda rows: rows[:-1], "wanted 60 lists of at most 3"),
        (lambda rows: np.concatenate([rows, rows], axis=1), "wanted 60 lists of at most 3"),
    ],
)
def test_rows_that_do_not_exist_are_an_error(vectors, change, said):
    truth = query_truth(vectors, 3)
    with pytest.raises(ValueError, match=said):
        recall(change(truth.rows.astype(np.int64)), truth, vectors)
