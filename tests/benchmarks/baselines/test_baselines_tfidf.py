"""tf-idf cosine against its own formula, written out."""

import math
import re
from collections import Counter

import pytest

from benchmarks.baselines.tfidf import lists
from recommender import Article

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
    ranks = {}
    for me, mine in vectors.items():
        scored = [
            (sum(mine[word] * theirs[word] for word in sorted(mine.keys() & theirs.keys())), other)
            for other, theirs in vectors.items()
            if other != me
        ]
        ranked = sorted(scored, key=lambda pair: (-round(pair[0], 12), pair[1]))
        ranks[me] = [(other, score) for score, other in ranked if score > 0][:k]
    return ranks


@pytest.mark.parametrize("k", [1, 2, 3, 10])
def test_lists_are_those_of_the_formula(k):
    found, expected = lists(ARTICLES, set(TEXTS), k), brute_force(k)
    assert found.keys() == expected.keys()
    for article_id, ranked in expected.items():
        assert [other for other, _ in found[article_id]] == [other for other, _ in ranked]
        assert [score for _, score in found[article_id]] == pytest.approx([score for _, score in ranked])


def test_articles_without_a_word_in_common_are_left_out():
    assert lists(ARTICLES, {"q"}) == {"q": []}
