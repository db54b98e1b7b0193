"""`recommender tune`: promises in, a measured choice in the artifact out, or the artifact as it was."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recommender import Recommender


@pytest.fixture
def rec(site_rec: Path, tmp_path: Path) -> Path:
    """A copy that may be written to."""
    Recommender.load(site_rec).save(tmp_path / "site.rec")
    return tmp_path / "site.rec"


def manifest(rec: Path) -> bytes:
    return (rec / "manifest.json").read_bytes()


def test_an_exact_index_that_keeps_the_promise_is_chosen_and_kept_in_the_artifact(invoke, rec: Path) -> None:
    before = Recommender.load(rec).related_to(title="Larkspur launch fails", body="The rocket broke up.")
    told = json.loads(invoke("tune", rec, "--recall", "0.9", "--p99-ms", "1000", "--json").stdout)
    assert told["dense"]["plan"]["method"] in ("floats", "codes")
    assert told["dense"]["measured"]["recall"] == 1.0
    tuned = Recommender.load(rec)
    assert tuned.facts["index"]["dense"] == told["dense"]["plan"]
    assert tuned.facts["index"]["tuned"]
    assert tuned.related_to(title="Larkspur launch fails", body="The rocket broke up.") == before


def test_a_promise_that_nothing_keeps_is_told_and_changes_nothing(invoke, rec: Path) -> None:
    before = manifest(rec)
    said = invoke("tune", rec, "--p99-ms", "0.0000001", code=1)
    assert "nothing keeps all promises" in said.output
    assert manifest(rec) == before


@pytest.mark.parametrize("promise", [("--recall", "1.5"), ("--recall", "0"), ("--p99-ms", "-1")])
def test_a_promise_out_of_range_is_a_matter_of_usage(invoke, rec: Path, promise: tuple[str, str]) -> None:
    assert promise[0] in invoke("tune", rec, *promise, code=2).output


def test_a_site_of_one_article_is_tuned(invoke, tmp_path: Path) -> None:
    (tmp_path / "one.jsonl").write_text(
        '{"id": "a", "title": "Rain floods the valley road", "text": "Rain."}\n'
    )
    invoke("build", tmp_path / "one.jsonl", "-o", tmp_path / "one.rec", "-q")
    invoke("tune", tmp_path / "one.rec")
    assert list(Recommender.load(tmp_path / "one.rec").related("a")) == []
