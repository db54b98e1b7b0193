"""The next and the previous part of a series come first on request, and are labelled."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender import Article, Policy, Recommender, read_articles
from recommender.collection.series import Series
from recommender.collection.summary_table import SummaryTable
from recommender.editors import EditorRules, Pin
from tests.hand_made_sites import assert_same_bytes

FIRST = Policy(floor=0.3, series="first")
WORDS = ("crane", "quay", "pilot", "rope", "tide", "buoy", "deck")


def part(name: str, number: int | str | None, word: int = 0, **more: object) -> Article:
    said = {"series": "Notes from the harbour"} | ({} if number is None else {"part": number})
    text = (
        f"The {WORDS[word]} of boat {name} and the {WORDS[word]} of the other boat are wet, says {name}. " * 2
    )
    more = {"metadata": said | dict(more.pop("metadata", {}))} | more  # type: ignore[call-overload]
    return Article(name, f"Part {name}", text, **more)  # type: ignore[arg-type]


PARTS = [part("one", 1, 0), part("two", 2, 1), part("three", 10, 2), part("four", "11", 3)]
OTHERS = [
    Article(f"x{at}", f"More {at}", f"The crane of boat {at} and the quay are wet, says {at}.")
    for at in range(6)
]


def firsts(site: Recommender, article_id: str) -> list[str]:
    return [entry.article_id for entry in site[article_id] if entry.source == "series"]


def test_the_next_part_is_first_and_the_previous_second(tmp_path):
    site = Recommender.from_articles([*OTHERS, *PARTS], policy=FIRST, k=4)
    site.save(tmp_path / "x.rec")
    plain = site.relisted(policy=Policy(floor=0.3))
    for each in (site, Recommender.load(tmp_path / "x.rec"), plain.relisted(policy=FIRST)):
        assert firsts(each, "one") == ["two"]
        assert firsts(each, "two") == ["three", "one"]
        assert firsts(each, "four") == ["three"]
        assert not firsts(each, "x1")
        assert each["two"].article_ids[:2] == ("three", "one")
        assert len(each["one"]) == 4
        assert len(set(each["one"].article_ids)) == 4
    assert plain.related("two", series="first") == site["two"]
    assert site.related("two", series="listed") == plain["two"]
    why = site.related("two", why=True)[0]
    assert sum(why.parts.values()) == pytest.approx(why.score)
    assert site.lists.counts()["series"] == 6


def test_a_part_that_may_not_be_listed_is_passed_over():
    hidden = part("half", 1.5, 1, metadata={"access": "private"})
    german = part("zwei", 2, 4, language="de")
    site = Recommender.from_articles([*OTHERS, *PARTS, hidden, german], policy=FIRST)
    assert firsts(site, "one") == ["two"]
    assert firsts(site, "half") == ["two", "one"]
    anywhere = site.relisted(policy=Policy(series="first", cross_language=True))
    assert firsts(anywhere, "two") == ["three", "one"]  # of the same number is neither next nor previous


def test_pins_stand_above_parts_and_parts_above_fallbacks():
    editors = EditorRules((Pin("two", "x3", 1),))
    policy = Policy(floor=1, series="first", fallback=("newest",))
    dated = [
        Article(**{**each.to_dict(), "published": f"2026-05-{at + 1:02}"}) for at, each in enumerate(OTHERS)
    ]
    site = Recommender.from_articles([*dated, *PARTS], policy=policy, editors=editors, k=5)
    assert [entry.source for entry in site["two"]] == ["pinned", "series", "series", "newest", "newest"]
    assert len(set(site["two"].article_ids)) == 5


def test_why_not_names_the_parts_that_come_first():
    site = Recommender.from_articles([*OTHERS, *PARTS], policy=Policy(floor=0, series="first"), k=2)
    plain = site.relisted(policy=Policy(floor=0))
    pushed = next(each for each in plain["two"].article_ids if each not in ("one", "three"))
    assert site.why_not("two", pushed).rule == "series"
    assert site.why_not("two", "three").explanation == "it is in the list, at place 1 (series)"


@settings(max_examples=60)
@given(st.data())
def test_parts_are_in_the_order_of_their_numbers_or_else_of_their_dates(data):
    numbers = st.one_of(st.integers(1, 4), st.sampled_from(["3", "2.5", "x", None, True]))
    days = st.none() | st.integers(1, 28).map(lambda day: f"2026-02-{day:02}")
    n = data.draw(st.integers(2, 6))
    parts = [
        Article(
            f"p{at}", "A", published=data.draw(days),
            metadata={"series": [data.draw(st.sampled_from(["S", "s"]))], "weight": data.draw(numbers)},
        )
        for at in range(n)
    ]  # fmt: skip
    series = Series.of(SummaryTable.of(parts))

    def number(article):
        weight = article.metadata["weight"]
        return None if weight is True or weight in ("x", None) else float(weight)

    def moment(article):
        return (article.published is None, article.published or parts.index(article), parts.index(article))

    by_number = all(number(each) is not None for each in parts)
    wanted = sorted(parts, key=number if by_number else moment)
    assert [parts[row].article_id for row in series.rows.tolist()] == [each.article_id for each in wanted]
    assert series.places[series.rows].tolist() == list(range(n))


def test_updates_keep_parts_beside_each_other():
    site = Recommender.from_articles([*OTHERS, *PARTS[:2]], policy=FIRST, k=3)
    there = {each.article_id: each for each in [*OTHERS, *PARTS[:2]]}
    for add, delete in (
        ([PARTS[2]], []), ([part("half", 1.5, 5)], []), ([part("half", 0.5, 5)], []), ([], ["two"]), ([PARTS[3]], ["one"]),
    ):  # fmt: skip
        site.update(add, delete)
        there |= {each.article_id: each for each in add}
        there = {name: each for name, each in there.items() if name not in delete}
        scratch = Recommender.from_articles(there.values(), policy=FIRST, k=3, model=site.model)
        assert [*site.related_all()] == [*scratch.related_all()]
    assert firsts(site, "half") == ["three"]


def test_series_are_read_as_generators_write_them(tmp_path):
    for at, head in enumerate(
        ('series: ["Notes"]\nweight: 3', "series: notes\nweight: 1", "series: [Notes]\nweight: 2")
    ):
        (tmp_path / f"p{at}.md").write_text(
            f"---\ntitle: P {at}\n{head}\n---\nThe crane {at} is wet.\n", encoding="utf-8"
        )
    site = Recommender.from_articles(read_articles(tmp_path), policy=FIRST)
    assert (firsts(site, "p1"), firsts(site, "p2")) == (["p2"], ["p0", "p1"])


def test_without_series_nothing_changes():
    site = Recommender.from_articles(OTHERS, policy=Policy(floor=0.3))
    again = site.relisted(policy=FIRST).relisted(policy=Policy(floor=0.3))
    assert_same_bytes(again, site)
