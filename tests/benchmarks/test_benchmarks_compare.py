"""Comparisons from the command to the report: who is measured, how often, and what is made of what comes back."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.__main__ import main
from benchmarks.compare import processes, rounds
from benchmarks.compare.child import Job
from benchmarks.compare.levels import EXACT, fastest_at, growth, latest
from benchmarks.compare.points import beaten, front
from benchmarks.compare.rounds import Plan
from benchmarks.contenders.contract import Contender, Sweep
from benchmarks.contenders.registry import CONTENDERS
from benchmarks.plots import plot
from benchmarks.report import report
from benchmarks.results import read_results, spread
from benchmarks.truth import self_join_truth
from benchmarks.vectors import open_vectors

N, D = 500, 8


@pytest.fixture(scope="module", autouse=True)
def _cache(tmp_path_factory):
    """Sets of vectors that commands make are kept here, and not in the build folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(open_vectors.__kwdefaults__, "cache", tmp_path_factory.mktemp("sets"))
        yield


@pytest.fixture(scope="module")
def vectors_file(tmp_path_factory):
    file = tmp_path_factory.mktemp("file") / "small.npy"
    np.save(file, np.random.default_rng(0).standard_normal((N, D)).astype(np.float32))
    return file


@pytest.fixture(scope="module")
def vectors(vectors_file):
    return open_vectors(vectors=vectors_file, n_queries=20)


def compare(mode, vectors_file, out, *more):
    names = [word for name in ("ours-exact", "scikit-learn") for word in ("--contender", name)]
    source = ["--vectors", str(vectors_file), "--queries", "20"]
    arguments = ["compare", mode, *source, *names, "-k", "3", "--repeats", "2", "--out", str(out), *more]
    assert main(arguments) == 0
    (result,) = read_results(out)
    return result


@pytest.fixture(scope="module", params=["selfjoin", "query"])
def compared(request, vectors_file, tmp_path_factory):
    """Two contenders, and a third that is not installed."""
    out = tmp_path_factory.mktemp(request.param)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CONTENDERS["annoy"], "package", "no-such-package")
        return out, compare(request.param, vectors_file, out, "--contender", "annoy")


def test_a_comparison_keeps_every_round_of_every_contender_and_what_it_ran_with(compared):
    _, result = compared
    figures, points = result["figures"], result["figures"]["points"]
    assert [point["contender"] for point in points] == ["ours-exact", "scikit-learn"]
    times = {"selfjoin": ["setup_s", "search_s", "total_s"], "query": ["setup_s", "p50_us", "p99_us"]}
    for point in points:
        assert point["status"] == "measured"
        assert point["recall"]["raw"] == [1.0, 1.0]
        for name in times[result["measurement"]]:
            assert len(point[name]["raw"]) == 2
            assert point[name]["min"] > 0
        assert point["memory_bytes"]["median"] >= 0
    assert figures["n"] == N - 20
    assert figures["blas"].keys() == {"ours-exact", "scikit-learn"}
    assert all(figures["blas"].values())
    assert result["settings"]["versions"]["scikit-learn"]
    assert result["vectors"]["source"]["sha256"]


def test_a_comparison_is_reported_with_ours_marked_and_the_ratio(compared):
    out, result = compared
    text = report([result])
    assert "**ours-exact**" in text
    assert "Exact:" in text
    assert "x ours" in text
    assert str(out) not in text


def test_together_is_set_up_and_search(compared):
    _, result = compared
    for point in result["figures"]["points"]:
        if result["measurement"] == "selfjoin":
            for total, setup, search in zip(
                *(point[name]["raw"] for name in ("total_s", "setup_s", "search_s")), strict=True
            ):
                assert total == pytest.approx(setup + search)
        else:
            assert point["n_asked"]["raw"] == [20.0, 20.0]
            assert point["p50_us"]["median"] <= point["p99_us"]["median"]
            assert point["index_bytes"]["median"] > N * D


def test_run_measures_ours_alone(vectors_file, tmp_path):
    arguments = ["run", "query", "--vectors", str(vectors_file), "--queries", "20", "--repeats", "1"]
    assert main([*arguments, "--out", str(tmp_path)]) == 0
    (result,) = read_results(tmp_path)
    assert all(point["ours"] for point in result["figures"]["points"])
    assert {point["contender"] for point in result["figures"]["points"]} >= {"ours-exact", "ours-graph"}


def test_what_is_not_installed_is_told_with_its_pip_line(compared):
    _, result = compared
    assert result["figures"]["not_installed"] == {"annoy": "pip install no-such-package"}
    assert "annoy: not installed (pip install no-such-package)" in report([result])


class TestChildren:
    """What a library may do to the process that it runs in."""

    def job(self, vectors, out, contender="scikit-learn", limit_s=60.0):
        files = str(vectors.vectors_path), str(vectors.queries_path)
        return Job(contender, "selfjoin", *files, 3, 2, False, 0, [0], limit_s, str(out))

    def test_a_child_that_takes_too_long_is_ended_and_said_to_be_over_time(
        self, vectors, tmp_path, monkeypatch
    ):
        monkeypatch.setattr(processes, "_WARM_UP_S", 0.0)
        assert list(processes.events(self.job(vectors, tmp_path, limit_s=0.01))) == [{"event": "over time"}]

    def test_an_error_of_a_library_is_told_and_not_raised(self, vectors, tmp_path):
        (told,) = processes.events(self.job(vectors, tmp_path, contender="no-such"))
        assert told == {"event": "failed", "error": "KeyError: 'no-such'"}

    def test_a_process_that_ends_by_itself_is_told_with_what_it_said(self, vectors, tmp_path, monkeypatch):
        said = tmp_path / "python"
        said.write_text("#!/bin/sh\necho 'not on this processor' >&2\nexit 3\n")
        said.chmod(0o755)
        monkeypatch.setattr(processes, "_kernel", lambda: "")
        monkeypatch.setattr(sys, "executable", str(said))
        (told,) = processes.events(self.job(vectors, tmp_path))
        assert told == {"event": "failed", "error": "exit 3 / not on this processor"}

    def test_all_children_get_the_same_threads_and_kernels_whatever_is_set_here(self, monkeypatch):
        monkeypatch.setenv("OPENBLAS_CORETYPE", "Prescott")
        monkeypatch.setenv("OMP_NUM_THREADS", "7")
        found = processes.environment(2)
        assert found.get("OPENBLAS_CORETYPE") != "Prescott"
        assert {found[name] for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")} == {
            "2"
        }


class Fake(Contender):
    """A contender whose child is played by a function below."""

    package = "numpy"

    @classmethod
    def sweeps(cls, task):
        return [Sweep({"m": 1}, [{"e": 1}, {"e": 2}])]

    def fit(self, vectors, **build):
        raise NotImplementedError

    def search(self, queries, k):
        raise NotImplementedError


def play(vectors, monkeypatch, rows_of, seconds, ours=None):
    """Measure two fakes; `rows_of` gives what search e of one finds, `seconds` how long it takes."""
    asked = []

    def events(job):
        asked.append((job.contender, tuple(job.searches)))
        yield {"event": "ready", "blas": ["some"]}
        yield {"event": "built", "setup_s": 1.0, "memory_bytes": 5}
        for search in job.searches:
            np.save(Path(job.out) / f"{search}.npy", rows_of(job.contender, search))
            yield {
                "event": "searched",
                "search": search,
                "search_s": seconds(job.contender, search),
                "memory_bytes": 7,
            }

    monkeypatch.setattr(rounds, "events", events)
    fakes = [type(name, (Fake,), {"name": name, "ours": name == ours}) for name in ("a", "b")]
    figures = rounds.measure(Plan("selfjoin", k=3, repeats=2), vectors, fakes)
    return asked, {(point["contender"], point["search"]["e"]): point for point in figures["points"]}


@pytest.fixture(scope="module")
def lists(vectors):
    n = len(vectors.vectors)
    return self_join_truth(vectors, 3, n).rows.astype(np.int64)


class TestRounds:
    def test_contenders_take_turns_and_what_is_clearly_beaten_is_not_asked_again(
        self, vectors, lists, monkeypatch
    ):
        """Search 1 finds half of what search 0 does, and takes twice as long."""
        half = lists.copy()
        half[::2] = -1
        asked, points = play(
            vectors,
            monkeypatch,
            lambda name, search: half if search else lists,
            lambda name, search: 1 + 2 * search,
        )
        assert asked == [("a", (0, 1)), ("b", (0, 1)), ("a", (0,)), ("b", (0,))]
        assert points["a", 1]["total_s"]["raw"] == [2.0, 2.0]
        assert points["a", 2]["total_s"]["raw"] == [4.0]

    def test_a_peer_that_another_beats_by_far_is_asked_once_and_the_fastest_peer_every_time(
        self, vectors, lists, monkeypatch
    ):
        asked, _ = play(vectors, monkeypatch, lambda *_: lists, lambda name, search: 9 if name == "a" else 1)
        assert asked == [("a", (0, 1)), ("b", (0, 1)), ("b", (0, 1))]

    def test_ours_being_far_ahead_spares_no_peer(self, vectors, lists, monkeypatch):
        asked, _ = play(
            vectors, monkeypatch, lambda *_: lists, lambda name, search: 9 if name == "a" else 1, ours="b"
        )
        assert asked == [("a", (0, 1)), ("b", (0, 1))] * 2

    def test_recall_is_worked_out_from_the_rows_and_itself_and_repeats_count_for_nothing(
        self, vectors, lists, monkeypatch
    ):
        bad = lists.copy()
        bad[:, 0] = np.arange(len(bad))  # itself
        bad[:, 1] = bad[:, 2]  # the same one twice
        _, points = play(vectors, monkeypatch, lambda name, search: bad if search else lists, lambda *_: 1.0)
        assert points["a", 1]["recall"]["median"] == 1
        assert points["a", 2]["recall"]["median"] == pytest.approx(1 / 3)

    def test_rows_that_are_no_answer_are_told_as_a_failure(self, vectors, lists, monkeypatch):
        answers = {("a", 0): lists[:-1], ("a", 1): lists + len(lists), ("b", 0): lists, ("b", 1): lists}
        _, points = play(vectors, monkeypatch, lambda *which: answers[which], lambda *_: 1.0)
        assert [points["a", e]["status"] for e in (1, 2)] == ["failed", "failed"]
        assert "lists" in points["a", 1]["error"]
        assert "rows from 0 to" in points["a", 2]["error"]
        assert points["b", 1]["status"] == "measured"

    def test_what_a_child_does_not_come_to_ends_as_the_child_does(self, vectors, lists, monkeypatch):
        def events(job):
            yield {"event": "ready", "blas": []}
            yield {"event": "built", "setup_s": 1.0, "memory_bytes": 5}
            yield {"event": "failed", "search": 0, "error": "no"}
            yield {"event": "over time"}

        monkeypatch.setattr(rounds, "events", events)
        fake = type("a", (Fake,), {"name": "a"})
        points = rounds.measure(Plan("selfjoin", k=3, repeats=3), vectors, [fake])["points"]
        assert [(point["status"], point["error"]) for point in points] == [
            ("failed", "no"),
            ("over time", None),
        ]


def point(contender, recall, seconds, *, exact=False, ours=False):
    return {
        "contender": contender, "build": {}, "search": {}, "exact": exact, "ours": ours, "status": "measured",
        "error": None, "recall": spread([recall]), "total_s": spread([seconds]), "setup_s": spread([seconds / 2]),
        "search_s": spread([seconds / 2]), "memory_bytes": spread([1000 * seconds]),
    }  # fmt: skip


def result_of(points, n=100, started="2026-01-01T00:00:00+00:00", name="made"):
    return {
        "measurement": "selfjoin", "started": started, "commit": "abc", "dirty": False, "seed": 0, "schema": 1,
        "machine": {"cpu": "c", "usable_cores": 2, "memory_bytes": 2**30, "os": "o"}, "versions": {},
        "load_average_before": [0.0, 0.0, 0.0], "vectors": {"name": name},
        "settings": {"k": 10, "threads": 2, "repeats": 1, "limit_s": 9.0},
        "figures": {"n": n, "n_dimensions": 4, "n_asked": 5, "points": points, "not_installed": {}},
    }  # fmt: skip


class TestChoosing:
    def test_the_front_has_what_nothing_beats(self):
        points = [point("x", 0.9, 1), point("x", 0.8, 2), point("x", 0.95, 3), point("x", 0.95, 4)]
        assert [(p["recall"]["median"], p["total_s"]["median"]) for p in front(points, "total_s")] == [
            (0.9, 1),
            (0.95, 3),
        ]

    def test_a_point_is_beaten_by_more_than_noise_only(self):
        quick = point("x", 0.95, 1.0)
        assert beaten(point("x", 0.95, 1.3), [quick], "total_s", 1.25)
        assert not beaten(point("x", 0.95, 1.2), [quick], "total_s", 1.25)
        assert not beaten(point("x", 0.96, 9.0), [quick], "total_s", 1.25)

    def test_levels_are_inclusive_and_exact_is_what_promises_it(self):
        points = [
            point("x", 0.95, 2),
            point("x", 0.99, 3),
            point("y", 0.9499, 1),
            point("y", 1.0, 5),
            point("z", 1, 4, exact=True),
        ]
        assert [(p["contender"], p["total_s"]["median"]) for p in fastest_at(points, 0.95, "total_s")] == [
            ("x", 2),
            ("z", 4),
            ("y", 5),
        ]
        assert [p["contender"] for p in fastest_at(points, EXACT, "total_s")] == ["z"]

    def test_of_two_runs_on_the_same_vectors_the_later_counts(self):
        early = result_of([point("x", 1, 1)], started="2026-01-01T00:00:00+00:00")
        late = result_of([point("x", 1, 2)], started="2026-02-01T00:00:00+00:00")
        larger = result_of([point("x", 1, 3)], n=200)
        assert sorted(result["figures"]["n"] for result in latest([late, early, larger])) == [100, 200]
        (steps,) = growth([larger, late], 0.9, "total_s").values()
        assert [(n, p["total_s"]["median"]) for n, p in steps] == [(100, 2), (200, 3)]

    def test_the_report_tells_ratios_growth_and_what_was_not_measured(self):
        lost = point("y", 1, 1) | {"status": "over time"}
        small = result_of([point("ours", 0.96, 2, ours=True), point("x", 0.96, 3), lost])
        large = result_of([point("ours", 0.96, 4, ours=True), point("x", 0.96, 12)], n=200)
        text = report([small, large])
        assert "| x | 0.9600 | 3.00 | 1.50 |" in text
        assert "| **ours** | 0.9600 | 2.00 | 1 |" in text
        assert "y, 1 of its settings (-): took more than 9 s" in text
        assert "| ours | 2.00 | 4.00 | 1.00 |" in text
        assert "| x | 3.00 | 12.00 | 2.00 |" in text


def test_the_same_results_give_the_same_plots_byte_for_byte(tmp_path):
    pytest.importorskip("matplotlib")
    small = result_of([point("ours-exact", 0.96, 2, ours=True), point("scikit-learn", 1.0, 3)])
    large = result_of([point("ours-exact", 0.96, 4, ours=True), point("scikit-learn", 1.0, 12)], n=200)
    once, again = (plot([small, large], tmp_path / name) for name in ("once", "again"))
    assert sorted(file.suffix for file in once) == [".png"] * 3 + [".svg"] * 3
    assert [file.read_bytes() for file in once] == [file.read_bytes() for file in again]
    grown = next(file for file in once if "growth" in file.name and file.suffix == ".svg").read_text()
    for shown in ("ours-exact", "scikit-learn", "seconds, set-up included", "made, 4 dimensions, 2 threads"):
        assert shown in grown


def test_plots_are_written_by_the_report_command(tmp_path, capsys):
    pytest.importorskip("matplotlib")
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "selfjoin-made.json").write_text(
        json.dumps(result_of([point("ours-exact", 1, 2, ours=True)]))
    )
    assert main(["report", str(tmp_path / "results"), "--plots", str(tmp_path / "plots")]) == 0
    assert "## selfjoin" in capsys.readouterr().out
    assert len(list((tmp_path / "plots").iterdir())) == 2
