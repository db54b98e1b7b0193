"""The policy of a site: what is refused and how it is told, what a file and JSON keep, and what one call may change."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender import InputError, Policy
from recommender.rules.age import MODES
from recommender.rules.policy_file import read_policy
from recommender.rules.policy_settings import COPIES, FALLBACKS, LINKED, SERIES, TRANSLATIONS

PRINTABLE = st.characters(categories=["L", "N", "P", "S", "Zs"], max_codepoint=0xFFFF)  # what YAML takes too
NAMES = st.text(PRINTABLE, min_size=1, max_size=6)
VALUES = st.lists(NAMES, max_size=3, unique=True).map(tuple)
FIELDS = st.dictionaries(NAMES, VALUES, max_size=2)
DATES = st.none() | st.datetimes(timezones=st.just(UTC)) | st.dates() | st.dates().map(date.isoformat)
POLICIES = st.builds(
    Policy,
    floor=st.floats(0, 1),
    copies=st.sampled_from([each for each in COPIES if each != "sections"]),
    cross_language=st.booleans(),
    recency=st.sampled_from(MODES),
    half_life=st.floats(0.01, 1e4),
    half_lives=st.dictionaries(NAMES, st.floats(0.01, 1e4), max_size=2),
    now=DATES,
    where=FIELDS,
    where_not=FIELDS,
    published_after=DATES,
    published_before=DATES,
    within_days=st.none() | st.floats(0, 1e4),
    same=VALUES,
    diversity=st.floats(0, 1),
    caps=st.dictionaries(NAMES, st.integers(1, 9), max_size=2),
    exposure=st.none() | st.floats(1, 100),
    translations=st.sampled_from(TRANSLATIONS),
    linked=st.sampled_from(LINKED),
    series=st.sampled_from(SERIES),
    rotation=st.none() | st.text("ab-07", min_size=1, max_size=5) | st.integers() | st.dates(),
    rotation_keeps=st.none() | st.integers(0, 9),
    fallback=st.permutations(FALLBACKS).flatmap(lambda each: st.sampled_from([each[:2], each])),
)
WRONG = {
    "floor": 1.01, "copies": "some", "cross_language": "maybe", "recency": "newest", "half_life": 0,
    "half_lives": {"sport": -1}, "now": "yesterday", "where": ["sport"], "where_not": {"section": None},
    "published_after": "2026-02-30", "published_before": 5, "within_days": -1, "same": {"author": 1},
    "diversity": float("nan"), "caps": {"section": 0}, "exposure": 0.5, "fallback": ["newest", "newest"],
    "popularity": "", "translations": "none", "linked": True, "series": "last", "rotation": "", "rotation_keeps": -1,
}  # fmt: skip


def test_all_that_is_wrong_is_told_at_once():
    for make in (lambda: Policy(**WRONG), lambda: Policy.from_dict(WRONG | {"flor": 1})):
        with pytest.raises(ValueError) as caught:
            make()
        said = str(caught.value)
        assert all(f"{name} must be " in said for name in WRONG)
    assert "no such setting: flor" in said


@pytest.mark.parametrize(
    "wrong",
    [
        {"floor": "much"}, {"floor": True}, {"floor": None}, {"half_life": float("inf")}, {"caps": {"a": 1.5}},
        {"caps": {"a": True}}, {"where": {"a": [["b"]]}}, {"same": 3j}, {"fallback": ("random",)}, {"copies": None},
        {"copies": "sections"}, {"copy_sections": ("sport",)}, {"within_days": float("inf")},
    ],
    ids=str,
)  # fmt: skip
def test_a_setting_that_is_none_is_refused_by_its_name(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Policy(**wrong)


@given(policy=POLICIES)
def test_json_keeps_every_setting(policy):
    assert Policy.from_dict(json.loads(json.dumps(policy.to_dict()))) == policy


def test_one_value_may_stand_for_a_list_of_one():
    policy = Policy(where={"section": "sport"}, same="author", fallback="newest")
    assert policy == Policy(where={"section": ["sport"]}, same=["author"], fallback=["newest"])


def test_values_are_what_the_fields_of_articles_hold_as_text():
    policy = Policy(where={"free": True, "year": [2025, 2026], "day": date(2026, 5, 1)})
    assert policy.where == {"free": ("true",), "year": ("2025", "2026"), "day": ("2026-05-01",)}


@pytest.mark.parametrize("day", ["2026-05-01", " 2026-05-01 ", "20260501", date(2026, 5, 1)], ids=repr)
def test_the_last_day_of_a_window_counts_whole(day):
    policy = Policy(published_after=day, published_before=day)
    assert policy.published_after == datetime(2026, 5, 1, tzinfo=UTC)
    assert policy.published_before == datetime(2026, 5, 2, tzinfo=UTC) - timedelta(microseconds=1)


@pytest.mark.parametrize(
    "moment", ["2026-05-01T00:00", datetime(2026, 5, 1), datetime(2026, 5, 1, tzinfo=UTC)]
)
def test_a_moment_is_that_moment(moment):
    assert Policy(published_before=moment).published_before == datetime(2026, 5, 1, tzinfo=UTC)


def test_changed_leaves_what_is_none_and_other_policies_alone():
    policy = Policy(floor=0.3, within_days=5)
    assert policy.changed(floor=None, diversity=0.2) == Policy(floor=0.3, within_days=5, diversity=0.2)
    assert policy == Policy(floor=0.3, within_days=5)
    with pytest.raises(TypeError, match="flor"):
        policy.changed(flor=1)
    with pytest.raises(ValueError, match="floor must be"):
        policy.changed(floor=2)


def test_another_rule_of_copies_takes_the_preferred_sections_with_it():
    policy = Policy(copies="sections", copy_sections=("sport",))
    assert policy.changed(copies="keep") == policy.for_call(copies="keep") == Policy(copies="keep")
    assert policy.changed(copies="sections") == policy
    assert policy.changed(copy_sections=("world",)).copy_sections == ("world",)


def test_a_call_asks_for_fields_on_top_and_never_brings_back_what_the_site_keeps_out():
    site = Policy(where={"section": ["news", "sport"]}, where_not={"kind": ["advertisement"]}, floor=0.4)
    call = site.for_call(where={"section": "sport", "free": True}, where_not={"kind": "quiz"}, floor=0.0)
    assert call.where == {"section": ("sport",), "free": ("true",)}
    assert call.where_not == {"kind": ("advertisement", "quiz")}
    assert call.floor == 0
    assert site.for_call() == site.for_call(where=None, recency=None) == site


@pytest.mark.parametrize(
    "rules",
    [
        {"half_life": 3}, {"half_lives": {}}, {"now": "2026-05-01"}, {"exposure": 2}, {"popularity": "views"},
        {"recency": "latest"}, {"recency": "era"}, {"recency": "none", "exposure": 4},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_of_all_lists_together_is_refused_for_one(rules):
    with pytest.raises(ValueError) as caught:
        Policy().for_call(**rules)
    assert all(name in str(caught.value) for name in rules)


def test_one_list_may_be_held_to_what_is_older():
    assert Policy().for_call(recency="background").recency == "background"
    with pytest.raises(TypeError):
        Policy().for_call(recent=True)
    with pytest.raises(ValueError, match="where must be"):
        Policy().for_call(where=["sport"])


def written(tmp_path, text, name="policy.yaml"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_says_what_the_policy_says(tmp_path):
    path = written(
        tmp_path,
        """
        floor: 0.4          # a comment
        cross_language: true
        where: {language: [no, sv], free: true, issue: 010}
        published_before: 2026-05-01
        caps: {author: 2}
        half_lives: {sport: 7}
        within_days:
        now: null
        fallback: [section, newest]
        """,
    )
    assert read_policy(path) == Policy(
        floor=0.4, cross_language=True, caps={"author": 2}, half_lives={"sport": 7}, published_before="2026-05-01",
        where={"language": ("no", "sv"), "free": ("true",), "issue": ("010",)}, fallback=("section", "newest"),
    )  # fmt: skip


def test_an_empty_file_is_the_default(tmp_path):
    assert read_policy(written(tmp_path, "# nothing yet\n")) == Policy()


@settings(max_examples=25)
@given(policy=POLICIES)
def test_what_json_keeps_can_be_read_as_a_file(policy, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "policy.json"
    path.write_text(json.dumps(policy.to_dict(), ensure_ascii=False), encoding="utf-8")
    assert read_policy(path) == policy


def test_every_wrong_line_of_a_file_is_told(tmp_path):
    path = written(
        tmp_path,
        "floor: 0.4\ndiversity: much\nflor: 1\nnow: 2026-13-45\nfloor: 0.3\ncopies: sections\nwhere: [sport]\n",
    )
    with pytest.raises(InputError) as caught:
        read_policy(path)
    told = {(problem.source, problem.line): problem.what for problem in caught.value.problems}
    assert [line for _, line in sorted(told)] == [2, 3, 4, 5, 6, 7]
    assert told[str(path), 2] == "diversity must be from 0 to 1, got 'much'"
    assert told[str(path), 3] == "no such setting: flor; did you mean floor?"
    assert told[str(path), 5] == "floor is given twice"
    assert f"{path}:4: now must be an ISO 8601 date" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("floor: 0.4\nwhere: {a: [b\n", 3, "not YAML"),
        ("- floor\n", 1, "wanted settings by name, got a list"),
        ("floor: !!python/name:os.system x\n", 1, "tag"),
        ("where: {a: &x [b], c: *x}\n", 1, "alias"),
    ],
)
def test_a_file_that_is_no_policy_is_told_with_its_line(tmp_path, text, line, said):
    path = written(tmp_path, text)
    with pytest.raises(InputError) as caught:
        read_policy(path)
    assert [(problem.source, problem.line) for problem in caught.value.problems] == [(str(path), line)]
    assert said in str(caught.value)


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    with pytest.raises(InputError, match=r"none\.yaml: cannot be read"):
        read_policy(tmp_path / "none.yaml")
    (tmp_path / "latin.yaml").write_bytes("where: {section: [Süden]}".encode("latin-1"))
    with pytest.raises(InputError, match=r"latin\.yaml: not UTF-8"):
        read_policy(tmp_path / "latin.yaml")
