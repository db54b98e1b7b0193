"""Drafts on a large site: the lists equal those of a comparison with all articles."""

import warnings

import numpy as np
import pytest

from recommender import Article, Recommender, read_articles
from recommender.lists import drafts
from recommender.ranking import site_sizes

TOPICS, WORDS = 40, 12


@pytest.fixture(scope="module")
def articles():
    return list(read_articles("data/sample/articles.jsonl"))


@pytest.fixture(scope="module")
def site(articles):
    return Recommender.from_articles(articles)


@pytest.fixture
def large(monkeypatch):
    """Treat every site as a large one, with few candidates."""
    monkeypatch.setattr(site_sizes, "SMALL_SITE", 0)
    monkeypatch.setattr(drafts, "_BY_TERMS", 30)
    monkeypatch.setattr(drafts, "_BY_VECTORS", 5)


def rows_of(site, title="", body="", neural=(), k=3):
    draft = Article("draft", title, body)
    return drafts.draft_query(site.site, draft, (title, body), np.array(neural, np.float32), k)[1]


def same_places(one, other):
    return np.mean([a == b for a, b in zip(one.article_ids, other.article_ids, strict=False)])


def test_lists_are_those_of_a_comparison_with_all_articles(articles, site, request):
    asked = [(a.title, a.body) for a in articles[::4]]
    every = [site.related_to(*text, 5) for text in asked]
    request.getfixturevalue("large")
    few = [site.related_to(*text, 5) for text in asked]
    assert np.mean([len(rows_of(site, *text)) for text in asked]) < 50  # of 208
    assert np.mean([same_places(one, other) for one, other in zip(few, every, strict=True)]) >= 0.95
    for one, other in zip(few, every, strict=True):
        scores = {entry.article_id: entry.score for entry in other}
        shared = [entry for entry in one if entry.article_id in scores]
        assert [e.score for e in shared] == pytest.approx([scores[e.article_id] for e in shared], rel=0.03)


def test_reasons_add_up_where_few_are_compared(articles, site, large):
    for article in articles[:20]:
        for entry in site.related_to(article.title, article.body, why=True):
            assert sum(entry.parts.values()) == pytest.approx(entry.score, abs=1e-6)
            assert entry.terms


def test_a_saved_site_compares_with_the_same(articles, site, large, tmp_path):
    site.save(tmp_path / "x.rec")
    loaded = Recommender.load(tmp_path / "x.rec", check=True)
    for article in articles[::10]:
        text = article.title, article.body
        assert loaded.related_to(*text, why=True) == site.related_to(*text, why=True)
        assert rows_of(loaded, *text).tolist() == rows_of(site, *text).tolist()


def test_longer_lists_are_compared_with_more(articles, site, large):
    text = articles[0].title, articles[0].body
    few, more = (set(rows_of(site, *text, k=k).tolist()) for k in (3, 10))
    assert few < more
    assert len(rows_of(site, *text, k=11)) == len(site)  # 20 k are all


def test_who_is_named_is_compared_though_it_shares_nothing_else(large):
    filler = [Article(f"f{n}", f"Filler {n % 50}", f"word{n % 50} rain road wind") for n in range(200)]
    named = Article("named", "Lanterns over Vessel Hill", "Quite different things from all the others.")
    site = Recommender.from_articles([*filler, named, Article("two", "Lanterns over Vessel Hill")])
    body = "rain road wind word7 word8. " * 3 + "Lanterns over Vessel Hill"
    entries = {entry.article_id: entry for entry in site.related_to("Filler 7", body, 10, why=True)}
    assert entries["named"].parts["mention"] > 0


class Places:
    """Vectors that say where a text takes place, whatever its words."""

    NAMES = tuple(f"place{number}" for number in range(70))

    def fit_transform(self, X):
        return self.transform(X)

    def transform(self, X):
        rows = np.full((len(texts := list(X)), len(self.NAMES)), 0.01, np.float32)
        for row, (title, body) in zip(rows, texts, strict=True):
            row[[number for number, name in enumerate(self.NAMES) if name in f"{title} {body}".split()]] = 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    def settings(self):
        return {}

    def fingerprint(self):
        return "00"


def test_those_near_by_a_model_are_compared_though_no_word_is_shared(large):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        site = Recommender.from_articles(
            [Article(f"a{n:03}", "", f"place{n % 70} own{n // 2} words") for n in range(210)],
            encoder=Places(),
        )
    found = site.related_to(body="unheard place9 of", k=3)
    assert set(found.article_ids) == {"a009", "a079", "a149"}
    vector = Places().transform([("", "place9")])[0]
    assert {9, 79, 149} <= set(rows_of(site, body="unheard", neural=vector).tolist())
