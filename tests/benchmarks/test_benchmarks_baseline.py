"""The baseline against its own formula, written out."""

import math
import re
from collections import Counter

import pytest

from benchmarks.baseline import tfidf_lists
from recommender import Article, InputError

TEXTS = {
    "m": ("Rain in May", "Rain rain rain, and rain again in May."),
    "c": ("Sun in June", "The SUN shone in June, and the rain stayed away."),
    "z": ("Choir", "The choir sang; the sun shone."),
    "a": ("Choir", "The choir sang; the sun shone."),
    "q": ("Zebra", "xylophone quartz"),
    "b": ("Trams", "Trams run again in May, the rain has gone."),
}
ARTICLES = [Article(article_id, *text) for article_id, text in TEXTS.items()]


def brute_force(k):
    """Weight (1 + ln tf) (1 + ln((1 + n) / (1 + df))), rows of length 1, cosines over all pairs one by one."""
    counts = {i: Counter(re.findall(r"\w\w+", f"{t}\n{b}".lower())) for i, (t, b) in TEXTS.items()}
    df = Counter(word for found in counts.values() for word in found)
    vectors = {}
    for article_id, found in counts.items():
        row = {
            w: (1 + math.log(tf)) * (1 + math.log((1 + len(TEXTS)) / (1 + df[w]))) for w, tf in found.items()
        }
        length = math.sqrt(sum(value**2 for value in row.values()))
        vectors[article_id] = {word: value / length for word, value in row.items()}
    lists = {}
    for me, mine in vectors.items():
        scored = [
            (sum(mine[word] * theirs[word] for word in sorted(mine.keys() & theirs.keys())), other)
            for other, theirs in vectors.items()
            if other != me
        ]
        ranked = sorted(scored, key=lambda pair: (-round(pair[0], 12), pair[1]))
        lists[me] = [(other, score) for score, other in ranked if score > 0][:k]
    return lists


@pytest.mark.parametrize("k", [1, 2, 3, 10])
def test_lists_are_those_of_the_formula(k):
    found, expected = tfidf_lists(ARTICLES, set(TEXTS), k), brute_force(k)
    assert found.keys() == expected.keys()
    for article_id, ranked in expected.items():
        assert [other for other, _ in found[article_id]] == [other for other, _ in ranked]
        assert [score for _, score in found[article_id]] == pytest.approx([score for _, score in ranked])


def test_equal_articles_go_by_id_and_none_lists_itself():
    found = tfidf_lists(ARTICLES, set(TEXTS))
    assert [other for other, _ in found["c"]].index("a") + 1 == [other for other, _ in found["c"]].index("z")
    assert found["a"][0] == ("z", pytest.approx(1.0))
    assert all(me not in [other for other, _ in ranked] for me, ranked in found.items())


def test_articles_without_a_word_in_common_are_left_out():
    assert tfidf_lists(ARTICLES, {"q"}) == {"q": []}


def test_only_what_is_asked_for_comes_back():
    assert tfidf_lists(ARTICLES, {"a", "no such article"}).keys() == {"a"}
    assert tfidf_lists(ARTICLES, set()) == {}


def test_more_queries_than_a_block_holds():
    articles = [Article(f"{n:04}", f"word{n // 2}x common") for n in range(600)]
    found = tfidf_lists(articles, {article.article_id for article in articles}, k=1)
    assert {me: ranked[0][0] for me, ranked in found.items()} == {
        f"{n:04}": f"{n ^ 1:04}" for n in range(600)
    }


def test_no_articles_is_an_error():
    with pytest.raises(InputError, match="words"):
        tfidf_lists([], {"a"})
