"""`recommender rules`, and rules of the desk beside those of files."""

from __future__ import annotations

import json

import pytest

from recommender import Article, Recommender
from recommender.editors import Block, Pin, decided, read_editor_rules

AT = "2026-11-27T10:00:00.000001Z"


@pytest.fixture
def decided_rec(tmp_path):
    """A site with a rule of a file, and two of the desk."""
    path, file = tmp_path / "site.rec", tmp_path / "editors.yaml"
    file.write_text("pins:\n  - {on: a0, show: a7, position: 2, by: Eve, at: 2026-01-02}\n", encoding="utf-8")
    articles = [
        Article(f"a{at}", f"Rain on road {at % 3}", f"Rain on road {at % 3} in town {at}.") for at in range(8)
    ]
    site = Recommender.from_articles(articles, editors=read_editor_rules(file))
    rules = decided(site.editors, Pin("a1", "a6"), by="Ana", at=AT)
    site.edit(decided(rules, Block("a5"), by="Bo", at=AT))
    site.save(path)
    return path


def test_rules_are_shown_with_who_and_when(invoke, decided_rec):
    lines = invoke("rules", decided_rec).stdout.splitlines()
    assert lines[0] == "block a5 everywhere  (Bo, 2026-11-27 10:00, desk)"
    assert lines[1] == "pin a6 on a1  (Ana, 2026-11-27 10:00, desk)"
    assert lines[2].startswith("pin a7 on a0 at 2  (Eve, 2026-01-02, ")
    assert lines[2].endswith("editors.yaml:2)")
    assert invoke("rules", decided_rec, "a1").stdout.splitlines() == lines[1:2]
    assert invoke("rules", decided_rec, "a3").stdout == "no pins and no blocks\n"
    found = json.loads(invoke("rules", decided_rec, "--json").stdout)
    assert [each["by"] for each in found["log"]] == ["Ana", "Bo"]


def test_rules_are_written_to_a_file_that_a_build_reads(invoke, decided_rec, tmp_path):
    for name in ("out.yaml", "out.csv"):
        out = tmp_path / name
        for _ in range(2):  # its own file is replaced
            invoke("rules", decided_rec, "-o", out)
        read = read_editor_rules(out)
        assert {(each.by, each.at[:4]) for each in (*read.pins, *read.blocks)} == {
            ("Ana", "2026"),
            ("Bo", "2026"),
            ("Eve", "2026"),
        }
    other = tmp_path / "notes.csv"
    other.write_text("not,rules\n")
    assert "another path" in invoke("rules", decided_rec, "-o", other, code=1).stderr
    assert other.read_text() == "not,rules\n"
    assert (
        "give a file .yaml or .csv" in invoke("rules", decided_rec, "-o", tmp_path / "out.txt", code=2).stderr
    )


def test_another_file_replaces_rules_of_files_and_keeps_those_of_the_desk(invoke, decided_rec, tmp_path):
    before = Recommender.load(decided_rec).editors
    file = tmp_path / "other.yaml"
    file.write_text("blocks:\n  - {on: a1, hide: a6}\n")
    told = invoke("relist", decided_rec, "--editors", file).stderr
    assert "1 pin and 1 block of the desk are kept" in told
    after = Recommender.load(decided_rec)
    assert after.editors.decided == before.decided
    assert after.editors.log == before.log
    assert after.editors.given == read_editor_rules(file)
    assert "a6" in after["a1"].article_ids, "the desk is stronger"
    invoke("relist", decided_rec, "--min-score", "0.1")
    assert Recommender.load(decided_rec).editors.to_dict() == after.editors.to_dict()
