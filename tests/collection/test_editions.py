"""Editions of a language are told apart where articles say so, and only there."""

from types import SimpleNamespace

import numpy as np
import pytest

from recommender.collection.editions import Editions
from recommender.text.language_tags import variants_of

TAGS = ("zh-Hans", "zh-TW", "zh", "sr-Latn", "sr-Cyrl", "pt-BR", "pt-PT", "pt", "pt-BR", "en", "")


def editions(tags):
    names = sorted({tag.split("-")[0] for tag in tags} - {""})
    languages = np.array([names.index(tag.split("-")[0]) if tag else -1 for tag in tags], dtype=np.int16)
    return Editions.of(SimpleNamespace(languages=languages, variants=variants_of(tags)))


def place(tag):
    return TAGS.index(tag)


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("zh-Hans", "zh-TW", True), ("sr-Latn", "sr-Cyrl", True), ("pt-BR", "pt-PT", True), ("zh", "en", True),
        ("zh", "zh-TW", False), ("pt", "pt-PT", False), ("pt-BR", "pt-BR", False), ("", "en", False),
    ],
)  # fmt: skip
def test_two_editions_differ_where_both_articles_say_theirs(one, other, apart):
    found = editions(TAGS)
    rows = np.array([place(one)]), np.array([place(other)])
    assert found.differ(*rows).tolist() == found.differ(*rows[::-1]).tolist() == [apart]


def test_an_article_that_does_not_say_counts_as_one_of_the_most():
    codes = editions(TAGS).codes()
    assert codes[place("pt")] == codes[place("pt-BR")] != codes[place("pt-PT")]
    assert codes[place("zh")] in (codes[place("zh-Hans")], codes[place("zh-TW")])
    assert codes[place("zh-Hans")] != codes[place("zh-TW")]
    assert codes[place("sr-Latn")] != codes[place("sr-Cyrl")]
    assert codes[-1] == -1
    assert len(set(codes.tolist())) == 8


def test_a_site_whose_tags_say_no_script_has_an_edition_for_each_language():
    assert editions(("zh", "en", "zh", "")).codes().tolist() == [1, 0, 1, -1]
