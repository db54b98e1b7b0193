"""`run narrow`: samples are what they are said to be, and the floor costs little and keeps strangers out."""

from pathlib import Path

from benchmarks.__main__ import main
from benchmarks.corpora import Corpus
from benchmarks.narrow import measure, table
from benchmarks.narrow_samples import few_articles, few_topics, planted, topics_of
from recommender import Article

SAMPLE = Path("data/sample")
ARTICLES = {
    f"{topic}-{number}": Article(f"{topic}-{number}", "title", "") for topic in "abc" for number in range(12)
}
QRELS = {f"{topic}-{number}": {f"{topic}-{number + 1}": 1} for topic in "abc" for number in range(11)}


def test_a_topic_holds_what_is_related_through_others():
    assert topics_of(QRELS | {"c-11": {"a-0": 0}}) == [
        sorted(f"{topic}-{number}" for number in range(12)) for topic in "abc"
    ]


def test_samples_are_drawn_by_seed_and_have_the_shape_that_was_asked_for():
    topics = topics_of(QRELS)
    one = few_topics(ARTICLES, topics, 2, 5, seed=1)
    assert one == few_topics(ARTICLES, topics, 2, 5, seed=1) != few_topics(ARTICLES, topics, 2, 5, seed=2)
    assert sorted(one.topics.values()).count(one.topics[one.articles[0].article_id]) == 5
    assert len(one.articles) == 10 == len({article.article_id for article in one.articles})
    assert all(topics[one.topics[each.article_id]].count(each.article_id) for each in one.articles)
    assert few_topics(ARTICLES, topics, 4, 5, seed=1) is None
    assert len(few_articles(ARTICLES, 7, seed=0).articles) == 7
    assert few_articles(ARTICLES, 36, seed=0) is None


HOST = {str(number): Article(str(number), "title", "") for number in range(20)}


def test_at_most_one_of_each_topic_is_planted():
    strangers = [(ARTICLES, topics_of(QRELS))]
    sample = planted(HOST, strangers, 15, 3, seed=0)
    assert {article_id[0] for article_id in sample.planted} == set("abc")
    assert len(sample.articles) == 18
    assert planted(HOST, strangers, 15, 4, seed=0) is None
    assert planted(ARTICLES, strangers, 15, 1, seed=0) is None


def test_strangers_come_from_each_other_corpus_in_turn():
    more = {f"more-{number}": Article(f"more-{number}", "title", "") for number in range(9)}
    sample = planted(HOST, [(ARTICLES, topics_of(QRELS)), (more, [])], 15, 5, seed=0)
    assert sorted(i.startswith("more") for i in sample.planted) == [False] * 3 + [True] * 2
    assert len(planted(HOST, [(ARTICLES, topics_of(QRELS)), (more, [])], 15, 9, seed=0).planted) == 9


def test_the_floor_is_measured_on_each_kind_of_sample(monkeypatch):
    monkeypatch.setattr("benchmarks.narrow.TOPICS", ((3, 4),))
    monkeypatch.setattr("benchmarks.narrow_samples._LEAST", 4)
    sample = Corpus("sample", SAMPLE / "articles.jsonl", SAMPLE / "qrels.tsv")
    result = measure([sample], variants=["whole"], n_draws=1, n_jobs=2, seed=0)
    kinds = result["figures"]["sample"]["whole"]
    assert {"all", "3 x 4", "30 articles", "100 articles"} <= set(kinds)
    for (figures,) in kinds.values():
        assert 0.9 * figures["no_floor"] <= figures["floor"] <= figures["no_floor"]
    assert 0 <= kinds["3 x 4"][0]["unrelated_at_chance"] <= 1
    assert table([result]).count("\n") == 2 + len(kinds)


def test_articles_planted_alone_are_counted_where_their_lists_hold_a_filler(monkeypatch, tmp_path):
    monkeypatch.setattr("benchmarks.narrow._PLANTED", 2)
    monkeypatch.setattr("benchmarks.narrow.HOSTS", (30,))
    (tmp_path / "articles.jsonl").write_text(
        '{"id": "alone", "title": "Zwyx qorv", "text": "Plim dorg wexel varn."}\n'
        '{"id": "filled", "title": "Copper smelter strike", "text": "Smelter workers strike over copper."}\n'
    )
    (tmp_path / "qrels.tsv").write_text("alone\t0\tfilled\t0\n")
    corpora = [
        Corpus("sample", SAMPLE / "articles.jsonl", SAMPLE / "qrels.tsv"),
        Corpus("strangers", tmp_path / "articles.jsonl", tmp_path / "qrels.tsv"),
    ]
    result = measure(corpora, variants=["whole"], n_draws=1, n_jobs=2, seed=0)
    (figures,) = result["figures"]["sample"]["whole"]["planted in 30"]
    assert figures["filled_floor"] == 0.5 <= figures["filled_no_floor"]
    assert figures["filler_floor"] >= 0.5


def test_a_corpus_without_judgements_is_refused(capsys, tmp_path):
    (tmp_path / "town").mkdir()
    (tmp_path / "town" / "articles.jsonl").write_text('{"id": "a", "title": "Rain"}\n')
    assert main(["run", "narrow", "--corpus", str(tmp_path / "town")]) == 1
    assert "wanted judgements" in capsys.readouterr().err
