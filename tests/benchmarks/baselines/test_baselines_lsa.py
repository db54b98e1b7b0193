"""What makes LSA another scorer than tf-idf: articles meet through the company of their words."""

import pytest

from benchmarks.baselines import lsa, tfidf
from recommender import Article, InputError

ARTICLES = [
    Article("a1", "harbour cranes"),
    Article("a2", "harbour cranes dock pilots"),
    Article("a3", "dock pilots"),
    Article("b1", "orchard apples"),
    Article("b2", "orchard apples cider bees"),
    Article("b3", "cider bees"),
]


def test_articles_without_a_word_in_common_meet_where_dimensions_are_few(monkeypatch):
    assert [other for other, _ in tfidf.lists(ARTICLES, {"a1"})["a1"]] == ["a2"]
    monkeypatch.setattr(lsa, "DIMENSIONS", 2)
    found = lsa.lists(ARTICLES, {"a1", "b3"})
    assert [other for other, score in found["a1"] if score > 0.9] == ["a2", "a3"]
    assert [other for other, score in found["b3"] if score > 0.9] == ["b1", "b2"]


def test_a_site_of_one_word_is_an_error_and_one_of_two_words_is_not():
    with pytest.raises(InputError, match="two or more different words"):
        lsa.lists([Article("a", "rain"), Article("b", "rain")], {"a"})
    assert lsa.lists([Article("a", "rain sun"), Article("b", "rain")], {"a"})["a"][0][0] == "b"
