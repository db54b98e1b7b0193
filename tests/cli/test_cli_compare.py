"""`recommender compare`: what it prints of a log with two policies."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def log(tmp_path):
    """Return a log of two comparisons; in the newer one lists of b are clicked twice as often."""
    lines = []
    for n in range(2_000):
        arm = "ab"[n % 2]
        named = f"00000001.{arm}" if n < 4 else f"0000000f.{arm}"
        clicked = n % 40 == 0 if arm == "a" else n % 20 == 1
        row = {
            "query": f"q{n % 37}",
            "shown": "s",
            "position": 1,
            "clicked": int(clicked),
            "view": str(n),
            "arm": named,
        }
        lines.append(json.dumps(row) + "\n")
    (tmp_path / "clicks").mkdir()
    (tmp_path / "clicks" / "clicks-2026-05-01.jsonl").write_text("".join(lines))
    return tmp_path / "clicks"


def test_the_newest_comparison_is_printed_with_its_interval_and_what_is_missing(log, invoke):
    done = invoke("compare", str(log))
    lines = done.stdout.splitlines()
    assert lines[0].split("  ")[0] == "policy"
    assert lines[1].split() == ["a", "998", "49", "4.91%"]
    assert lines[2].split() == ["b", "998", "99", "9.92%"]
    assert "comparison 0000000f of 37 articles" in lines
    assert lines[-2].startswith("click rate of b against a: +101.0%, 95 % interval ")
    assert "2 comparisons, the newest last: 00000001, 0000000f" in done.stderr
    narrow = json.loads(invoke("compare", str(log), "--json", "--least", "1").stdout)
    assert narrow["better"] == "b"
    assert narrow["low"] > 0


def test_a_comparison_without_a_decision_says_how_many_clicks_are_missing(log, invoke):
    done = invoke("compare", str(log), "--comparison", "00000001")
    assert "more clicks would show a difference of 10%" in done.stdout.splitlines()[-1]


@pytest.mark.parametrize("content", [None, "", '{"query": "q", "shown": "s", "position": 1, "clicked": 1}\n'])
def test_a_log_without_a_comparison_is_an_error_with_the_next_move(content, tmp_path, invoke):
    if content is not None:
        (tmp_path / "log.jsonl").write_text(content)
    done = invoke("compare", str(tmp_path / "log.jsonl"), code=1)
    assert str(tmp_path / "log.jsonl") in done.stderr
    assert "check the path" in done.stderr or "--compare POLICY" in done.stderr


def test_an_unknown_comparison_is_exit_2_and_names_those_there_are(log, invoke):
    assert "00000001, 0000000f" in invoke("compare", str(log), "--comparison", "1", code=2).stderr
