"""Pins and blocks in the metadata of articles."""

from __future__ import annotations

import pytest

from recommender import Article, ArticleSummary
from recommender.editors import Block, EditorRules, Pin, rules_of_metadata
from recommender.errors import InputError


def rules_of(**metadata):
    return rules_of_metadata([Article("a", "Rain", metadata=metadata)])


def test_all_keys_are_read_from_articles_and_summaries() -> None:
    metadata = {
        "related_pins": ["b", "c"],
        "related_blocks": ["d"],
        "related_hidden": True,
        "desk": "weather",
    }
    plain = Article("x", "Sun")
    for kind in (Article, ArticleSummary):
        rules = rules_of_metadata([plain, kind("a", "Rain", metadata=metadata)])
        assert rules == EditorRules((Pin("a", "b"), Pin("a", "c")), (Block("d", "a"), Block("a")))
        assert {rule.place for rule in (*rules.pins, *rules.blocks)} == {"article 'a'"}


@pytest.mark.parametrize(
    ("value", "pins"),
    [
        ("b", [("b", None)]),
        (" b, c ,", [("b", None), ("c", None)]),
        (7, [("7", None)]),
        ([7, "c, d"], [("7", None), ("c, d", None)]),
        ({"id": "b", "position": 2}, [("b", 2)]),
        ([{"id": "b", "position": "2"}, {"id": 7}, {"id": "c", "position": None}], [("b", 2), ("7", None), ("c", None)]),
        ("", []),
        ([], []),
        (None, []),
    ],
)  # fmt: skip
def test_pins_are_ids_with_or_without_positions(value, pins) -> None:
    assert [(pin.show, pin.position) for pin in rules_of(related_pins=value).pins] == pins


@pytest.mark.parametrize("value", [True, "true", " Yes", 1, "1"])
def test_true_hides(value) -> None:
    assert rules_of(related_hidden=value).blocks == (Block("a"),)


@pytest.mark.parametrize("value", [False, "false", "No", 0, "0", "", None])
def test_false_does_not_hide(value) -> None:
    assert rules_of(related_hidden=value) == EditorRules()


def test_all_problems_are_reported_by_article() -> None:
    articles = [
        Article("a", "Rain", metadata={"related_pins": ["a", None, {"id": "b", "positon": 1}, True]}),
        Article("b", "Rain", metadata={"related_pins": [{"id": "c", "position": 101}], "related_blocks": [[1], "b"]}),
        Article("c", "Rain", metadata={"related_hidden": "perhaps"}),
        Article("d", "Rain", metadata={"related_pins": "a, b", "related_blocks": "b"}),
        Article("e", "Rain", metadata={"related_pins": [{"id": n, "position": 1} for n in "ab"]}),
    ]  # fmt: skip
    with pytest.raises(InputError) as caught:
        rules_of_metadata(articles)
    assert [str(problem) for problem in caught.value.problems] == [
        "article 'a': in 'related_pins': an article pinned on itself, got 'a'; name two articles",
        "article 'a': in 'related_pins': 'show' is not an article id, got None; give one id as text",
        "article 'a': in 'related_pins': expected an id or {id, position}, got the keys id, positon",
        "article 'a': in 'related_pins': 'show' is not an article id, got True; give one id as text",
        "article 'b': in 'related_pins': the position must be a whole number from 1 to 100, got 101; "
        "omit it for the first free position",
        "article 'b': in 'related_blocks': 'hide' is not an article id, got [1]; give one id as text",
        "article 'b': in 'related_blocks': an article blocked on itself, got 'b'; name two articles",
        "article 'c': 'related_hidden' must be true or false, got 'perhaps'",
        "article 'd': 'b' is pinned on 'd' and blocked there; keep one of the two",
        "article 'e': 'a' and 'b' are both pinned at position 1 on 'e'; keep one of the two",
    ]
