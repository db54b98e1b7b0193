"""Stored lists beside exhaustive ones."""

import pytest

from benchmarks.two_stage import agreement, chosen, exhaustive_lists, stored_lists
from recommender import Article, Recommender
from recommender.ranking import site_sizes


def test_agreement_is_the_mean_share_of_the_best_that_was_found():
    exhaustive = {"a": [("b", 0.9), ("c", 0.8)], "b": [("a", 0.9), ("c", 0.1)], "d": []}
    stored = {"a": [("c", 0.8), ("e", 0.1)], "b": [("c", 0.1), ("a", 0.9)], "d": [("a", 0.1)]}
    found = agreement(stored, exhaustive, seed=0)
    assert (found["n_compared"], found["recall"], found["complete"]) == (2, 0.75, 0.5)
    low, high = found["recall_interval_95"]
    assert 0.5 <= low <= 0.75 <= high <= 1


def test_nothing_to_compare_is_none_and_no_error():
    assert agreement({"a": []}, {"a": []}, seed=0)["recall"] is None


def test_a_draw_is_seeded_and_does_not_depend_on_the_order():
    ids = [f"{n:03}" for n in range(100)]
    drawn = chosen(ids, 10, seed=1)
    assert drawn == sorted(set(drawn))
    assert len(drawn) == 10
    assert chosen(ids[::-1], 10, seed=1) == drawn
    assert chosen(ids, 10, seed=2) != drawn
    assert chosen(ids, 1_000, seed=1) == ids


@pytest.fixture(scope="module")
def articles():
    """Sixty articles of six matters: enough that ten candidates are not all articles."""
    words = [f"{letter}word{n}" for letter in "abcdef" for n in range(12)]
    return [
        Article(
            f"{m}-{part}", f"matter{m}", " ".join(words[(12 * m + part + n) % len(words)] for n in range(9))
        )
        for m in range(6)
        for part in range(10)
    ]


def test_exhaustive_lists_are_those_of_a_site_whose_candidates_are_all_articles(articles, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(site_sizes, "SMALL_SITE", 0)
        few = Recommender.from_articles(articles, n_candidates=10)
    all_of_them = Recommender.from_articles(articles, n_candidates=2 * len(articles))
    ids = [article.article_id for article in articles]
    exhaustive = exhaustive_lists(few, ids, n_jobs=2)
    expected = stored_lists(all_of_them, ids)
    for article_id in ids:
        assert len(exhaustive[article_id]) == 10
        assert [i for i, _ in exhaustive[article_id]] == [i for i, _ in expected[article_id]]
    assert agreement(stored_lists(few, ids), exhaustive, seed=0)["recall"] < 1
