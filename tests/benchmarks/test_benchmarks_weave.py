"""``run weave``: lists are written into pages made from a corpus, and few pages are written after few edits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.report import report
from benchmarks.results import read_results

MATTERS = ("harbour cranes lift cargo", "orchard apples frost blossom", "tram line rails depot")


def test_each_run_is_measured_and_what_it_wrote_is_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus, out = tmp_path / "town.jsonl", tmp_path / "results"
    rows = (
        {
            "id": f"a{n}",
            "title": f"Day {n}",
            "text": f"{MATTERS[n % 3]} day {n} week {n // 7} {'x' * (n + 3)}. " * 6,
        }
        for n in range(40)
    )
    corpus.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert main(["run", "weave", "--corpus", str(corpus), "--pages", "30", "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    (result,) = read_results(out)
    woven = result["figures"]["woven"]
    assert woven["first"]["n_pages"] == woven["first"]["n_articles"] == 30
    assert woven["first"]["changed"] == woven["first"]["n_lists"] > 20
    assert (woven["first"]["placeless"], woven["same"]["changed"]) == (0, 0)
    assert woven["edited"]["changed"] >= 10
    assert "| town | 30 |" in printed
    assert printed in report([result])
