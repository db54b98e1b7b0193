"""``run serve``: lists and drafts are asked for over HTTP, and nothing goes wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.http_load import Load
from benchmarks.report import report
from benchmarks.results import read_results

MATTERS = ("harbour cranes lift cargo", "orchard apples frost blossom", "tram line rails depot")


def test_lists_constant_bytes_and_drafts_are_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus, out = tmp_path / "town.jsonl", tmp_path / "results"
    rows = (
        {"id": f"a/{n}", "title": f"Day {n}", "text": f"{MATTERS[n % 3]} day {n} {'x' * (n + 3)}. " * 6}
        for n in range(40)
    )
    corpus.write_text("".join(json.dumps(row) + "\n" for row in rows))
    words = ["--seconds", "0.5", "--rounds", "1", "--drafts", "10", "--out", str(out)]
    assert main(["run", "serve", "--corpus", str(corpus), *words]) == 0
    printed = capsys.readouterr().out
    (result,) = read_results(out)
    figures = result["figures"]
    assert figures["prepared"] == figures["n_articles"] == 40
    assert figures["drafts"]["requests"] == 5
    for each in (*figures["lists"], *figures["constant"], figures["lists_while_writing"], figures["drafts"]):
        assert each["faults"] == {}
        assert each["requests"] > 0
    assert printed in report([result])


def test_percentiles_are_those_of_all_times() -> None:
    load = Load(2.0, [each / 1000 for each in range(1, 101)])
    assert (load.rate, load.percentile_ms(50), load.percentile_ms(99), load.percentile_ms(100)) == (
        50,
        51,
        100,
        100,
    )
