"""Rules of lists in build, relist, related and why-not."""

import json
from pathlib import Path

import pytest

from recommender import Recommender

ARTICLES = Path("data/sample/articles.jsonl")
ID = "larkspur-launch-failure"
COPY = "larkspur-launch-failure-wire"
FIRST = "larkspur-first-batch"


@pytest.fixture(scope="module")
def pins(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("pins") / "pins.yaml"
    path.write_text(
        f"pins:\n  - {{on: {ID}, show: cards-bridge-championship, position: 2}}\n"
        f"blocks:\n  - {{everywhere: {FIRST}}}\n  - {{on: {ID}, hide: no-such-article}}\n",
        encoding="utf-8",
    )
    return path


def test_a_rebuild_keeps_the_pins_and_blocks_of_the_artifact(tmp_path: Path, pins: Path, invoke) -> None:
    rec = tmp_path / "s.rec"
    built = invoke("build", ARTICLES, "-o", rec, "-k", "5", "--editors", pins)
    assert f"{pins}:5: no such article, got 'no-such-article'" in built.stderr
    first = Recommender.load(rec).related(ID)
    assert (first[1].article_id, first[1].source) == ("cards-bridge-championship", "pinned")
    again = invoke("build", ARTICLES, "-o", rec, "-k", "5")
    assert "1 pin and 2 blocks" in again.stderr
    site = Recommender.load(rec)
    assert site.related(ID) == first
    assert not any(FIRST in related.article_ids for related in site.related_all())
    shown = invoke("related", rec, ID)
    assert "[pinned]" in shown.stdout
    none = tmp_path / "none.csv"
    none.write_text("action,article,other,position\n", encoding="utf-8")
    invoke("build", ARTICLES, "-o", rec, "-k", "5", "--editors", none)
    assert FIRST in Recommender.load(rec).related(ID).article_ids


def test_relist_changes_the_given_rules_only(tmp_path: Path, site_rec: Path, invoke) -> None:
    out = tmp_path / "out.rec"
    before = Recommender.load(site_rec)
    done = invoke("relist", site_rec, "-o", out, "--fallback", "section", "--cap", "author=2", "--json")
    facts = json.loads(done.stdout)
    assert facts["entries"]["section"] > 0
    assert facts["policy"]["caps"] == {"author": 2}
    after = Recommender.load(out, check=True)
    assert after.policy == before.policy.changed(fallback=("section",), caps={"author": 2})
    policy = tmp_path / "policy.yaml"
    policy.write_text("diversity: 0.2\nwhere: {section: [space, science]}\n", encoding="utf-8")
    invoke("relist", out, "--policy", policy, "--exposure", "6")
    last = Recommender.load(out)
    assert last.policy.caps == {}
    assert (last.policy.diversity, last.policy.exposure) == (0.2, 6.0)
    invoke("relist", out, "-o", tmp_path / "set_back.rec", "--default", "exposure", "--default", "where")
    assert Recommender.load(tmp_path / "set_back.rec").policy == last.policy.from_dict({"diversity": 0.2})
    section = {summary.article_id: summary.section for summary in last.summaries}
    assert {section[e.article_id] for related in last.related_all() for e in related} == {"space", "science"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--where", "section"), "FIELD=VALUE"),
        (("--cap", "author=none"), "FIELD=NUMBER"),
        (("--diversity", "2"), "0<=x<=1"),
        (("--recency", "sometimes"), "sometimes"),
        (("--after", "yesterday"), "ISO 8601"),
        (("--exposure", "0.5"), "x>=1"),
        (("--default", "flor"), "floor"),
    ],
)
def test_an_invalid_rule_is_a_usage_error(words, message, site_rec: Path, tmp_path: Path, invoke) -> None:
    result = invoke("relist", site_rec, "-o", tmp_path / "x.rec", *words, code=2)
    assert message in result.stderr
    assert not (tmp_path / "x.rec").exists()


def test_errors_in_rule_files_name_the_line(site_rec: Path, tmp_path: Path, invoke) -> None:
    policy, editors = tmp_path / "policy.yaml", tmp_path / "pins.csv"
    policy.write_text("diversity: 0.2\nfloor: 7\nflor: 0.5\n", encoding="utf-8")
    editors.write_text("action,article,other,position\npin,a,b,0\nshow,a,b,1\n", encoding="utf-8")
    out = tmp_path / "x.rec"
    stderr = invoke("relist", site_rec, "-o", out, "--policy", policy, code=1).stderr
    assert "floor" in stderr
    assert "flor" in stderr
    stderr = invoke("relist", site_rec, "-o", out, "--editors", editors, code=1).stderr
    assert f"{editors}:2:" in stderr
    assert f"{editors}:3:" in stderr
    assert not out.exists()


def test_a_single_list_can_have_other_rules(site_rec: Path, invoke) -> None:
    def ids(*words) -> list[str]:
        document = json.loads(invoke("related", site_rec, ID, "--json", *words).stdout)
        return [entry["article_id"] for entry in document["related"]]

    section = {each.article_id: each.section for each in Recommender.load(site_rec).summaries}
    assert {section[each] for each in ids("--where", "section=business")} == {"business"}
    assert "business" not in {section[each] for each in ids("--where-not", "section=business")}
    plain = ids("-k", "4")
    assert ids("-k", "3", "--exclude", plain[0]) == plain[1:]
    # excluded ids need not be on the site
    assert ids("-k", "4", "--exclude", "not-on-the-site") == plain
    assert set(plain) < set(ids("--cross-language", "-k", "30"))


def test_why_not_names_the_stage_and_the_numbers(site_rec: Path, invoke) -> None:
    stdout = invoke("why-not", site_rec, ID, COPY).stdout
    assert "near copies: it is a near copy of the article itself (Jaccard 0.9" in stdout
    document = json.loads(invoke("why-not", site_rec, ID, "cards-bridge-championship", "--json").stdout)
    assert (document["stage"], document["rule"]) == ("floor", "floor")
    assert document["numbers"]["score"] < document["numbers"]["floor"] == 0.5
    assert "place 1" in invoke("why-not", site_rec, ID, FIRST).stdout
    unknown = invoke("why-not", site_rec, ID, "larkspur-first-bach", code=1).stderr
    assert f"closest: {FIRST}" in unknown
