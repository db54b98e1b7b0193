"""BM25 and more_like_this against their formulas, written out."""

import math
import re
from collections import Counter

import pytest

from benchmarks.baselines import bm25, more_like_this
from recommender import Article

TEXTS = {
    "m": ("Rain in May", "Rain rain rain, and rain again in May."),
    "c": ("Sun in June", "The SUN shone in June, and the rain stayed away."),
    "z": ("Choir", "The choir sang; the sun shone."),
    "q": ("Zebra", "xylophone quartz"),
    "b": ("Trams", "Trams run again in May, the rain has gone."),
}
ARTICLES = [Article(article_id, *text) for article_id, text in TEXTS.items()]
FUNCTION_WORDS = {"in", "and", "the"}  # of those above, the ones on the list of Lucene, which bm25s takes
WORDS = {
    i: [w for w in re.findall(r"\w\w+", f"{t}\n{b}".lower()) if w not in FUNCTION_WORDS]
    for i, (t, b) in TEXTS.items()
}


def score(query, document):
    """Lucene's BM25 with k1 1.5 and b .75; a word that the query repeats counts each time."""
    mean_length = sum(map(len, WORDS.values())) / len(WORDS)
    counts = Counter(WORDS[document])
    total = 0.0
    for word in query:
        df = sum(word in words for words in WORDS.values())
        idf = math.log(1 + (len(WORDS) - df + 0.5) / (df + 0.5))
        damped = counts[word] + 1.5 * (1 - 0.75 + 0.75 * len(WORDS[document]) / mean_length)
        total += idf * counts[word] / damped
    return total


def test_bm25_is_lucenes_with_the_whole_article_as_the_query():
    for me, ranked in bm25.lists(ARTICLES, set(TEXTS)).items():
        expected = {other: score(WORDS[me], other) for other in TEXTS if other != me}
        assert dict(ranked) == pytest.approx({other: value for other, value in expected.items() if value > 0})


def test_more_like_this_asks_once_for_each_word_that_another_article_holds():
    for me, ranked in more_like_this.lists(ARTICLES, set(TEXTS)).items():
        query = {word for word in WORDS[me] if sum(word in words for words in WORDS.values()) > 1}
        expected = {other: score(sorted(query), other) for other in TEXTS if other != me}
        assert dict(ranked) == pytest.approx({other: value for other, value in expected.items() if value > 0})


def test_more_like_this_asks_with_the_25_strongest_words_only():
    strong = [f"strong{n:02}" for n in range(25)]
    articles = [
        Article("me", "", " ".join(strong * 2 + ["weak"])),
        Article("weak", "", "weak words"),
        *(Article(word, "", f"{word} words") for word in strong),
    ]
    found = [other for other, _ in more_like_this.lists(articles, {"me"}, 30)["me"]]
    assert found == strong
    again = [Article("me", "", " ".join(strong[1:] * 2 + ["weak"])), *articles[1:]]
    assert "weak" in [other for other, _ in more_like_this.lists(again, {"me"}, 30)["me"]]


def test_words_that_only_the_article_holds_take_no_place_among_the_25():
    own = " ".join(f"own{n} own{n}" for n in range(30))
    articles = [Article("me", "", f"{own} rain"), Article("you", "", "rain"), Article("other", "", "sun")]
    assert [other for other, _ in more_like_this.lists(articles, {"me"})["me"]] == ["you"]


def test_an_article_of_function_words_alone_has_an_empty_list():
    articles = [*ARTICLES, Article("none", "The", "and in the")]
    for module in (bm25, more_like_this):
        assert module.lists(articles, {"none"}) == {"none": []}


def test_more_like_this_with_elasticsearchs_defaults_wants_words_twice_in_five_articles_and_a_third_to_match():
    shared = [f"shared{n}" for n in range(7)]
    articles = [
        Article("me", "", " ".join([*shared * 2, "once", "own own"])),
        *(Article(f"all{n}", "", " ".join([*shared, "once"])) for n in range(3)),
        Article("two", "", "shared0 shared1"),
        Article("one", "", " ".join(["once", *(f"shared{n}" for n in range(1))])),
        *(Article(f"other{n}", "", " ".join([*shared[1:], "once"])) for n in range(2)),
    ]
    found = more_like_this.lists(articles, {"me", "two"}, settings=more_like_this.ELASTICSEARCH)
    assert {other for other, _ in found["me"]} == {"all0", "all1", "all2", "two", "other0", "other1"}
    assert found["two"] == []  # no word occurs twice in it
