"""``run pages``: a folder is built by one process and by several, and their seconds are compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.report import report
from benchmarks.results import read_results


def test_both_ways_are_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pages, out = tmp_path / "content", tmp_path / "results"
    pages.mkdir()
    for n in range(12):
        text = f"It rained on the harbour for {n + 3} days, and the cranes stood still. " * 4
        (pages / f"day-{n}.md").write_text(f"---\ntitle: Day {n} of rain\n---\n{text}\n", encoding="utf-8")
    command = ["run", "pages", "--folder", str(pages), "--repeats", "1", "--out", str(out)]
    assert main(command) == 0
    printed = capsys.readouterr().out
    (result,) = read_results(out)
    figures = result["figures"]
    assert figures["n_articles"] == result["corpus"]["n_files"] == 12
    assert len(figures["one_s"]["raw"]) == len(figures["several_s"]["raw"]) == 1
    assert min(figures["one_s"]["raw"]) > 0
    assert "| content | 12 |" in printed
    assert printed in report([result])
