"""What makes vectors hard to search, on vectors whose answer is known."""

from __future__ import annotations

import json

import numpy as np
import pytest

from benchmarks.__main__ import main
from benchmarks.geometry import geometry
from benchmarks.results import read_results
from benchmarks.vectors import open_vectors


def sphere(n, d, within, seed=0):
    """Points spread evenly over a sphere of `d` coordinates, which stand among `within`."""
    rows = np.zeros((n, within), dtype=np.float32)
    rows[:, :d] = np.random.default_rng(seed).standard_normal((n, d))
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.mark.parametrize("d", [3, 6])
def test_points_on_a_sphere_have_its_dimensions(d):
    found = geometry(sphere(4000, d, within=12))
    assert found["intrinsic_dimension"][1] == pytest.approx(d - 1, rel=0.15)
    assert found["effective_dimensions"] == pytest.approx(d, rel=0.02)
    assert found["similarity"]["random"][1] == pytest.approx(0, abs=0.02)
    assert found["near_copies"] == pytest.approx(float(d == 3), abs=0.3)


def test_copies_are_counted():
    rows = sphere(400, 30, within=30)
    rows[:60] = rows[60:120]
    assert geometry(rows)["near_copies"] == pytest.approx(120 / 400)
    with pytest.raises(ValueError, match="more than 100"):
        geometry(rows[:100])


def test_a_row_in_many_lists_is_a_hub():
    even = sphere(600, 8, within=40)
    hub = sphere(600, 39, within=40)
    hub[:, 39] = 1.0
    hub[0] = 0
    hub[0, 39] = 1  # in the middle of all
    hub /= np.linalg.norm(hub, axis=1, keepdims=True)
    assert geometry(hub)["hubness"] > 5 > geometry(even)["hubness"]


def test_real_and_generated_stand_together_in_the_result_and_the_report(tmp_path, monkeypatch, capsys):
    pytest.importorskip("faiss", reason="the extra bench is not installed")
    monkeypatch.setitem(open_vectors.__kwdefaults__, "cache", tmp_path / "cache")
    np.save(tmp_path / "real.npy", sphere(1400, 20, within=32))
    out = tmp_path / "results"
    arguments = ["run", "difficulty", "--vectors", str(tmp_path / "real.npy"), "--number", "1100"]
    assert main([*arguments, "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    (result,) = read_results(out)
    assert str(tmp_path) not in json.dumps(result)
    real, generated = result["figures"]
    assert (real["set"]["name"], generated["set"]["name"]) == ("real", "generated-lsa-32")
    assert (real["n"], generated["n"]) == (1100, 1100)
    for each in (real, generated):
        recalls = [setting["recall"] for setting in each["effort"]["ivf"].values()]
        assert recalls == sorted(recalls)
        assert each["effort"]["ivf"]["64"]["recall"] > 0.99  # of 66 lists
        assert each["effort"]["hnsw"]["160"]["recall"] > 0.9
    assert f"| real | 1,100 | {real['similarity']['1'][1]:.2f} (" in printed
    assert main(["report", str(out)]) == 0
    assert printed in capsys.readouterr().out


def test_real_vectors_are_wanted(capsys):
    assert main(["run", "difficulty"]) == 2
    assert "--corpus PATH" in capsys.readouterr().err
