"""What every baseline promises, MiniLM with a stand-in for its model among them."""

import zlib

import numpy as np
import pytest

from benchmarks.baselines import minilm
from benchmarks.baselines.registry import baselines
from recommender import Article, InputError

NAMES = ["BM25", "tf-idf", "LSA-256", "more_like_this", "more_like_this (ES)", "MiniLM"]
ARTICLES = [
    Article("m", "Rain in May", "Rain rain rain, and rain again in May."),
    Article("c", "Sun in June", "The SUN shone in June, and the rain stayed away."),
    Article("z", "Choir", "The choir sang; the sun shone."),
    Article("a", "Choir", "The choir sang; the sun shone."),
    Article("q", "Zebra", "xylophone quartz"),
    Article("b", "Trams", "Trams run again in May, the rain has gone."),
]
IDS = {article.article_id for article in ARTICLES}


class WordVectors:
    """A text as the directions of its words: what shares more words is nearer, and nothing is downloaded."""

    def __init__(self, folder):
        pass

    def __call__(self, texts):
        return np.stack([self.vector(text) for text in texts])

    @staticmethod
    def vector(text):
        words = text.lower().replace(",", " ").replace(".", " ").replace(";", " ").split()
        found = sum(
            np.random.default_rng(zlib.crc32(word.encode())).normal(size=384) for word in sorted(set(words))
        )
        return (found / np.linalg.norm(found)).astype(np.float32)


@pytest.fixture(
    params=[name for name in NAMES if name != "more_like_this (ES)"]
)  # another setting of its neighbour
def lists(request, tmp_path, monkeypatch):
    monkeypatch.setattr(minilm, "find_model", lambda name, download: tmp_path)
    monkeypatch.setattr(minilm, "_Encode", WordVectors)
    return baselines(seed=0, vectors=tmp_path / "vectors")[request.param].lists


def test_every_baseline_is_under_this_contract(tmp_path):
    assert list(baselines(seed=0, vectors=tmp_path)) == NAMES
    assert [name for name, each in baselines(0, tmp_path).items() if not each.lexical] == ["MiniLM"]


def test_lists_are_by_score_and_then_by_id_and_none_lists_itself(lists):
    found = lists(ARTICLES, IDS, 10)
    for me, ranked in found.items():
        assert ranked == sorted(ranked, key=lambda pair: (-pair[1], pair[0]))
        assert me not in [other for other, _ in ranked]
        assert {other for other, _ in ranked} <= IDS
    assert found["a"][0][0] == "z"
    assert found["z"][0][0] == "a"
    others = [other for other, _ in found["c"]]
    assert others.index("a") + 1 == others.index("z")


def test_the_order_of_the_articles_plays_no_part(lists):
    found, turned = lists(ARTICLES, IDS, 10), lists(ARTICLES[::-1], IDS, 10)
    assert {me: [other for other, _ in ranked] for me, ranked in found.items()} == {
        me: [other for other, _ in ranked] for me, ranked in turned.items()
    }


def test_the_same_articles_give_the_same_lists(lists):
    assert lists(ARTICLES, IDS, 10) == lists(ARTICLES, IDS, 10)


def test_a_shorter_list_is_the_beginning_of_a_longer_one(lists):
    longer = lists(ARTICLES, IDS, 4)
    assert lists(ARTICLES, IDS, 2) == {me: ranked[:2] for me, ranked in longer.items()}


def test_only_what_is_asked_for_comes_back(lists):
    assert lists(ARTICLES, {"a", "no such article"}, 10).keys() == {"a"}
    assert lists(ARTICLES, set(), 10) == {}


def test_more_queries_than_a_block_holds(lists):
    articles = [Article(f"{n:04}", f"word{n // 2}x word{n // 2}y common") for n in range(300)]
    found = lists(articles, {article.article_id for article in articles}, 1)
    assert {me: ranked[0][0] for me, ranked in found.items()} == {
        f"{n:04}": f"{n ^ 1:04}" for n in range(300)
    }


@pytest.mark.parametrize("name", NAMES[:-1])
def test_articles_without_a_word_are_an_error(name, tmp_path):
    with pytest.raises(InputError, match="words"):
        baselines(0, tmp_path)[name].lists([Article("a", "!"), Article("b", "?")], {"a"}, 10)
