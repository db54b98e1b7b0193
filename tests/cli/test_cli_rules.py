"""The options of the rules of lists: what is asked for is what the artifact holds, and one call may ask for other rules."""

from __future__ import annotations

import json

import pytest

from recommender import Article, Recommender

ASKED = {"translations": "apart", "linked": "out", "series": "first", "rotation": "2026-05-01"}
OPTIONS = [part for name, value in ASKED.items() for part in (f"--{name}", value)]


@pytest.fixture
def place(tmp_path):
    articles = [
        Article(
            f"a{at}",
            f"Crane {at}",
            f"The crane {at} lifts boxes. <a href='a{at + 1}'>more</a>",
            metadata={"series": "C", "part": at},
        )
        for at in range(9)
    ]
    Recommender.from_articles(articles).save(tmp_path / "x.rec")
    return tmp_path / "x.rec"


def test_rules_are_kept_and_reset(place, invoke, tmp_path):
    policy = json.loads(invoke("relist", place, *OPTIONS, "--json").stdout)["policy"]
    assert ASKED.items() <= policy.items()
    file = tmp_path / "policy.yaml"
    file.write_text(
        "".join(f"{name}: {value}\n" for name, value in ASKED.items()) + "rotation_keeps: 2\n",
        encoding="utf-8",
    )
    assert json.loads(invoke("relist", place, "--policy", file, "--json").stdout)["policy"] == policy | {
        "rotation_keeps": 2
    }
    reset = json.loads(invoke("relist", place, "--default", "rotation", "--json").stdout)["policy"]
    assert reset["rotation"] is None


def test_one_call_may_ask_for_them(place, invoke):
    plain = json.loads(invoke("related", place, "a3", "--json").stdout)["related"]
    found = json.loads(invoke("related", place, "a3", "--series", "first", "--json").stdout)["related"]
    assert [entry["source"] for entry in found[:3]] == ["series", "series", "related"]
    assert [entry["article_id"] for entry in found[:2]] == ["a4", "a2"]
    left = json.loads(invoke("related", place, "a3", "--linked", "out", "--json").stdout)["related"]
    assert {entry["article_id"] for entry in plain} - {entry["article_id"] for entry in left} <= {"a4"}
    assert "a4" not in [entry["article_id"] for entry in left]


def test_inspect_counts_articles_that_no_list_may_hold(tmp_path, invoke):
    metadata = (
        {"listed": False}, {"listed": "no", "access": "private"}, {"access": "private"}, {"access": "password"},
        {"access": "password"}, {"expires": "2020-01-01"}, {"expires": "2190-01-01"}, {"access": "members"}, {},
    )  # fmt: skip
    lines = (
        {"id": f"a{at}", "title": f"Rain on road {at}", "text": "Rain closed the road.", **each}
        for at, each in enumerate(metadata)
    )
    (tmp_path / "x.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    invoke("build", tmp_path / "x.jsonl", "-o", tmp_path / "x.rec")
    found = json.loads(invoke("inspect", tmp_path / "x.rec", "--json").stdout)
    assert found["not_listed"] == {"restricted": 3, "unlisted": 2, "expired": 1}
    assert "not listed restricted 3, unlisted 2, expired 1\n" in invoke("inspect", tmp_path / "x.rec").stdout


def test_a_field_that_no_article_has_is_told(place, invoke):
    told = invoke("relist", place, "--where-not", "seires=C", "--cap", "autor=2").stderr
    assert "no article has the field 'seires', which a rule of lists names" in told
    assert "no article has the field 'autor'" in told
    told = invoke(
        "relist", place, "--where", "series=D", "--default", "where_not", "--default", "caps"
    ).stderr
    assert "no article passes the filters of lists, so that all lists are empty" in told
    assert "no article has" not in told


def test_fields_that_articles_have_are_not_told(place, invoke):
    assert (
        invoke("relist", place, "--where", "series=C", "--where-not", "part=9", "--cap", "series=3").stderr
        == ""
    )


def test_a_relisting_tells_what_it_replaces(place, invoke):
    invoke("relist", place, "--where-not", "part=2")
    told = invoke("relist", place, "--where-not", "part=3").stderr
    assert "where_not ({'part': ['2']} before): replaced" in told


def test_a_relisting_names_the_lists_that_show_something_else(place, invoke, tmp_path):
    before = {each.article_id: each.article_ids for each in Recommender.load(place).related_all()}
    facts = invoke(
        "relist", place, "--where-not", "part=2", "--changed", tmp_path / "purge.txt", "--json"
    ).stdout
    after = {each.article_id: each.article_ids for each in Recommender.load(place).related_all()}
    changed = [each for each in before if before[each] != after[each]]
    assert (tmp_path / "purge.txt").read_text().split() == changed
    assert json.loads(facts)["changed"] == len(changed) > 0


def test_why_not_names_the_filters_that_exclude_an_article(place, invoke):
    invoke("relist", place, "--where-not", "part=2", "--where-not", "series=D", "--where", "series=C")
    told = invoke("why-not", place, "a1", "a2").stdout
    assert "the filters of this site exclude it (part: 2)" in told
