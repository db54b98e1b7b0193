"""`recommender related`: lists of articles and drafts as text and JSON."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from recommender import Recommender
from recommender.cli.closest import closest_ids
from recommender.collection.string_column import StringColumn

ID = "taiwan-strait-drill-detours"


@pytest.mark.parametrize("k", [None, 2, 500])
def test_json_is_the_list_of_the_library(k, site_rec: Path, invoke) -> None:
    words = [] if k is None else ["-k", k]
    document = json.loads(invoke("related", site_rec, ID, "--json", *words).stdout)
    expected = Recommender.load(site_rec).related(ID, k)
    assert document["article_id"] == ID
    assert [(e["rank"], e["article_id"], e["score"]) for e in document["related"]] == [
        (e.rank, e.article_id, e.score) for e in expected
    ]
    assert document["related"][0].keys() == {
        "rank", "score", "source", "article_id", "title", "published", "section", "language", "url", "description", "image",
    }  # fmt: skip


def test_reasons_add_up_to_the_score(site_rec: Path, invoke) -> None:
    document = json.loads(invoke("related", site_rec, ID, "--json", "--why").stdout)
    for entry in document["related"]:
        assert sum(entry["parts"].values()) == pytest.approx(entry["score"])
        assert entry["terms"]


def test_the_text_has_title_id_section_date_and_optional_reasons(site_rec: Path, invoke) -> None:
    site = Recommender.load(site_rec)
    first = site.related(ID, 1)[0]
    summary = site.summaries[site.summaries.row(first.article_id)]
    plain = invoke("related", site_rec, ID, "-k", "1")
    assert first.title in plain.stdout
    assert f"{first.article_id} · {summary.section} · {summary.published:%Y-%m-%d}" in plain.stdout
    assert f"{first.score:.3f}" in plain.stdout
    assert "lexical" not in plain.stdout
    assert plain.stderr == ""
    assert "strait" in invoke("related", site_rec, ID, "-k", "1", "--why").stdout.split("in common:")[1]


def test_an_empty_list_is_explained_by_the_article_that_comes_nearest(site_rec: Path, invoke) -> None:
    article_id = "crossword-setter-retires"  # the only article on crosswords
    lines = invoke("related", site_rec, article_id, "--why").stdout.splitlines()
    assert lines[2] == "no related articles"
    assert lines[3].startswith("the nearest: 0.")
    assert lines[4].startswith("floor: no article is close enough for a list: one needs 0.583")
    assert invoke("related", site_rec, article_id).stdout.splitlines()[2:] == ["no related articles"]


@pytest.mark.parametrize("way", ["file", "stdin", "title only"])
def test_a_draft_gets_related_articles(way: str, site_rec: Path, tmp_path: Path, invoke) -> None:
    title, text = "Drill in the Taiwan Strait", "Freighters wait while warships drill in the Taiwan Strait."
    (tmp_path / "draft.txt").write_text(text)
    words = {"file": ["--text-file", tmp_path / "draft.txt"], "stdin": ["--text-file", "-"], "title only": []}
    result = invoke("related", site_rec, "--title", title, *words[way], "-k", "3", "--json", stdin=text)
    document = json.loads(result.stdout)
    assert document["article_id"] is None
    assert len(document["related"]) == 3
    assert all("strait" in entry["title"].lower() for entry in document["related"])


def test_an_unknown_id_is_exit_1_with_suggestions(site_rec: Path, invoke) -> None:
    result = invoke("related", site_rec, "taiwan-strait-drill-detour", code=1)
    assert result.stdout == ""
    assert "closest: taiwan-strait-drill-detours" in result.stderr
    assert "closest" not in invoke("related", site_rec, "###", code=1).stderr


def test_close_ids_are_found_among_many() -> None:
    ids = StringColumn.of(f"story-{number:06}".encode() for number in range(50_000))
    assert closest_ids(ids, "story-031337x")[0] == "story-031337"
    assert closest_ids(ids, "tale") == []
    assert closest_ids(StringColumn.of([]), "tale") == []
    same = StringColumn(np.frombuffer(b"aa" * 5_000, np.uint8), np.arange(0, 10_001, 2))
    assert closest_ids(same, "aab", n=1) == ["aa"]


@pytest.mark.parametrize(
    "words",
    [[], [ID, "--title", "T"], [ID, "--text-file", "-"], [ID, "-k", "0"], [ID, "second"]],
    ids=lambda words: " ".join(words) or "nothing",
)
def test_invalid_usage_is_exit_2(words, site_rec: Path, invoke) -> None:
    assert invoke("related", site_rec, *words, code=2, stdin="").stdout == ""


@pytest.mark.parametrize(
    ("content", "message"), [(b"caf\xe9", "not UTF-8"), (b"", "no text and no title"), (None, "draft.txt")]
)
def test_an_unreadable_draft_is_exit_1(content, message, site_rec: Path, tmp_path: Path, invoke) -> None:
    if content is not None:
        (tmp_path / "draft.txt").write_bytes(content)
    result = invoke("related", site_rec, "--text-file", tmp_path / "draft.txt", code=1)
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", ["related", "inspect", "export", "evaluate"])
def test_a_missing_artifact_is_exit_1_and_names_the_build_command(command, tmp_path: Path, invoke) -> None:
    words = {"related": ["x"], "export": ["--format", "csv", "-o", "-"], "evaluate": [tmp_path / "q.tsv"]}
    result = invoke(command, tmp_path / "none.rec", *words.get(command, []), code=1)
    assert "recommender build" in result.stderr
    assert result.stdout == ""


def test_control_characters_of_a_feed_do_not_reach_the_terminal(tmp_path: Path, invoke) -> None:
    rows = [{"id": i, "title": f"Rain {i} rain", "section": "\x1b[31mred\x07"} for i in ("a", "b")]
    invoke("build", "-", "-o", tmp_path / "s.rec", stdin="\n".join(map(json.dumps, rows)))
    for words in (["related", tmp_path / "s.rec", "a"], ["inspect", tmp_path / "s.rec"]):
        result = invoke(*words)
        assert "red" in result.stdout
        assert "\x1b" not in result.output
        assert "\x07" not in result.output
