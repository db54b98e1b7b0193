"""Sets of vectors to measure on: three sources, queries held out, kept between runs, written for others."""

from __future__ import annotations

import builtins
import json

import click
import numpy as np
import pytest

from benchmarks import vector_sources
from benchmarks.__main__ import main
from benchmarks.hdf5 import read_hdf5
from benchmarks.vectors import VectorSet, open_vectors
from recommender.errors import InputError, MissingExtraError


def unit(n, d, seed=0):
    rows = np.random.default_rng(seed).standard_normal((n, d)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def saved(path, rows):
    np.save(path, rows)
    return path


def test_queries_are_held_out_of_a_file_and_nothing_else_changes(tmp_path):
    rows = unit(300, 8)
    found = open_vectors(vectors=saved(tmp_path / "site.npy", rows), n_queries=20, cache=tmp_path / "c")
    assert found.name == "site"
    assert (found.vectors.shape, found.queries.shape) == ((280, 8), (20, 8))
    both = {row.tobytes() for row in np.concatenate([found.vectors, found.queries])}
    assert both == {row.tobytes() for row in rows}
    assert (found.facts["n"], found.facts["n_dimensions"], found.facts["n_queries"]) == (280, 8, 20)


def test_queries_are_drawn_by_the_seed_and_are_at_most_a_tenth(tmp_path):
    file = saved(tmp_path / "site.npy", unit(300, 8))
    first, second = (open_vectors(vectors=file, seed=seed, cache=tmp_path / "c").queries for seed in (1, 2))
    assert first.shape == (30, 8)
    assert not np.array_equal(first, second)


def test_rows_of_another_length_are_made_unit_and_zero_rows_left_out_and_said(tmp_path, capsys):
    rows = unit(100, 4)
    rows[3], rows[7] = 0, rows[7] * 5
    file = saved(tmp_path / "site.npy", rows)
    found = open_vectors(vectors=file, n_queries=0, cache=tmp_path / "c")
    np.testing.assert_allclose(found.vectors, np.delete(unit(100, 4), 3, axis=0), atol=1e-6)
    assert found.facts["changed"] == {"n_zero_rows_left_out": 1, "n_not_of_length_1": 1}
    said = capsys.readouterr().err
    assert "n_zero_rows_left_out 1" in said
    assert "n_not_of_length_1 1" in said


def test_a_set_is_made_once_and_anew_when_its_file_changes(tmp_path, monkeypatch):
    file = saved(tmp_path / "site.npy", unit(50, 4))
    first = open_vectors(vectors=file, cache=tmp_path / "c")
    with monkeypatch.context() as patch:
        patch.setattr(vector_sources, "_read", lambda path: pytest.fail("read again"))
        assert open_vectors(vectors=file, cache=tmp_path / "c").folder == first.folder
    saved(file, unit(50, 4, seed=1))
    assert open_vectors(vectors=file, cache=tmp_path / "c").folder != first.folder
    np.testing.assert_array_equal(VectorSet.load(first.folder).vectors, first.vectors)


def test_a_source_that_fails_leaves_nothing_behind(tmp_path):
    rows = unit(50, 4)
    rows[1, 1] = np.nan
    file = saved(tmp_path / "site.npy", rows)
    with pytest.raises(InputError, match="1 rows hold NaN"):
        open_vectors(vectors=file, cache=tmp_path / "c")
    assert list((tmp_path / "c").iterdir()) == []


def test_generated_sets_have_as_many_vectors_as_asked_besides_the_queries(tmp_path):
    found = open_vectors(generated=(20_000, 8), n_queries=100, cache=tmp_path)
    assert (found.vectors.shape, found.queries.shape) == ((20_000, 8), (100, 8))
    assert found.facts["source"]["preset"] == "lsa"
    other = open_vectors(generated=(50, 300), cache=tmp_path)
    assert (other.facts["source"]["preset"], other.queries.shape) == ("sentence", (5, 300))


def test_articles_become_the_vectors_of_the_lexical_encoder_without_those_that_have_none(tmp_path):
    lines = [{"id": str(n), "title": f"rain{n % 5} in May{n % 7}", "text": f"sun{n % 3}"} for n in range(60)]
    lines.append({"id": "odd", "title": "unheard", "text": "nothing whatever"})
    file = tmp_path / "articles.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    found = open_vectors(corpus=file, n_queries=0, cache=tmp_path / "c")
    assert found.name == "articles-lsa"
    assert len(found.vectors) == 60
    assert found.facts["changed"]["n_zero_rows_left_out"] == 1
    assert str(tmp_path) not in json.dumps(found.facts)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (np.zeros(5, dtype=np.float32), r"float32 of shape \(5,\)"),
        (np.zeros((5, 2), dtype=np.int64), "int64"),
        (np.array([["a"]], dtype=object), "save one array"),
    ],
)
def test_a_file_that_holds_no_vectors_is_refused_with_what_it_holds(rows, said, tmp_path):
    np.save(tmp_path / "bad.npy", rows, allow_pickle=True)
    with pytest.raises(InputError, match=said):
        open_vectors(vectors=tmp_path / "bad.npy", cache=tmp_path / "c")


def test_a_file_of_another_kind_or_none_is_refused(tmp_path):
    (tmp_path / "a.csv").write_text("1,2")
    for name, said in (("a.csv", ".csv"), ("gone.npy", "no such file")):
        with pytest.raises(InputError, match=said):
            open_vectors(vectors=tmp_path / name, cache=tmp_path / "c")


def test_exactly_one_source_is_wanted(tmp_path):
    for sources in ({}, {"generated": (10, 2), "vectors": tmp_path / "a.npy"}):
        with pytest.raises(click.UsageError, match="wanted one of"):
            open_vectors(**sources)
    for bad in ("10", "0,3", "a,b"):
        assert main(["vectors", "--generated", bad]) == 2


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setitem(open_vectors.__kwdefaults__, "cache", tmp_path / "cache")


def test_an_hdf5_of_ann_benchmarks_gives_back_the_set_and_the_exact_neighbours(cache, tmp_path, capsys):
    pytest.importorskip("h5py", reason="the extra bench is not installed")
    output = tmp_path / "out" / "site.hdf5"
    assert main(["vectors", "--generated", "3000,12", "--queries", "50", "-o", str(output)]) == 0
    assert json.loads(capsys.readouterr().out)["n"] == 3000
    made = open_vectors(generated=(3000, 12), n_queries=50)
    again = open_vectors(vectors=output)
    np.testing.assert_array_equal(again.vectors, made.vectors)
    np.testing.assert_array_equal(again.queries, made.queries)

    train, _ = read_hdf5(output)
    file = train.file
    assert dict(file.attrs) == {
        "type": "dense",
        "distance": "angular",
        "dimension": 12,
        "point_type": "float",
    }
    cosines = np.float64(made.queries) @ np.float64(made.vectors).T
    best = -np.sort(-cosines, axis=1)[:, :100]
    np.testing.assert_allclose(file["distances"], 1 - best, atol=1e-6)
    np.testing.assert_allclose(np.take_along_axis(cosines, file["neighbors"][:], axis=1), best, atol=1e-9)


def test_hdf5_without_h5py_says_what_to_install(cache, tmp_path, monkeypatch):
    (tmp_path / "site.hdf5").write_bytes(b"")
    real = builtins.__import__

    def no_h5py(name, *rest):
        if name == "h5py":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", no_h5py)
    with pytest.raises(MissingExtraError, match=r"recommender\[bench\]"):
        open_vectors(vectors=tmp_path / "site.hdf5")


def test_what_is_no_hdf5_is_refused(cache, tmp_path):
    pytest.importorskip("h5py", reason="the extra bench is not installed")
    (tmp_path / "site.hdf5").write_bytes(b"text")
    with pytest.raises(InputError, match="no HDF5 with train and test"):
        open_vectors(vectors=tmp_path / "site.hdf5")
