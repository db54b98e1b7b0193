"""`recommender tune` writes the chosen indexes to the artifact, or leaves it unchanged."""

from __future__ import annotations

import json
from dataclasses import asdict
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


def test_an_exact_index_that_meets_the_targets_is_written_to_the_artifact(invoke, rec: Path) -> None:
    before = Recommender.load(rec).related_to(title="Larkspur launch fails", body="The rocket broke up.")
    document = json.loads(invoke("tune", rec, "--recall", "0.9", "--p99-ms", "1000", "--json").stdout)
    assert document["dense"]["plan"]["method"] in ("floats", "codes")
    assert document["dense"]["measured"]["recall"] == 1.0
    tuned = Recommender.load(rec)
    assert asdict(tuned.index.plans["dense"]) == document["dense"]["plan"]
    assert tuned.index.tuned
    assert tuned.related_to(title="Larkspur launch fails", body="The rocket broke up.") == before


def test_targets_that_no_index_meets_are_an_error_that_changes_nothing(invoke, rec: Path) -> None:
    before = manifest(rec)
    result = invoke("tune", rec, "--p99-ms", "0.0000001", code=1)
    assert "no index meets all targets" in result.output
    assert manifest(rec) == before


@pytest.mark.parametrize("target", [("--recall", "1.5"), ("--recall", "0"), ("--p99-ms", "-1")])
def test_a_target_out_of_range_is_a_usage_error(invoke, rec: Path, target: tuple[str, str]) -> None:
    assert target[0] in invoke("tune", rec, *target, code=2).output


def test_a_site_of_one_article_is_tuned(invoke, tmp_path: Path) -> None:
    (tmp_path / "one.jsonl").write_text(
        '{"id": "a", "title": "Rain floods the valley road", "text": "Rain."}\n'
    )
    invoke("build", tmp_path / "one.jsonl", "-o", tmp_path / "one.rec", "-q")
    invoke("tune", tmp_path / "one.rec")
    assert list(Recommender.load(tmp_path / "one.rec").related("a")) == []
