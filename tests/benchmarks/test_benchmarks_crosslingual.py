"""`run crosslingual`: the table finds the same story in another language, where words alone do not."""

import shutil
from pathlib import Path

from benchmarks.__main__ import main
from benchmarks.corpora import open_corpus
from benchmarks.crosslingual import measure, table

SAMPLE = Path(__file__).parents[2] / "data/sample"


def test_the_table_finds_stories_in_other_languages_and_the_languages_are_told_apart(tmp_path):
    shutil.copy(SAMPLE / "articles.jsonl", tmp_path)
    shutil.copy(SAMPLE / "qrels_cross_language.tsv", tmp_path / "qrels.tsv")
    result = measure(open_corpus(tmp_path))
    figures = result["figures"]
    assert figures["table"]["ndcg"] > figures["words"]["ndcg"] + 0.2
    assert figures["both"]["ndcg"] > 0.7
    assert set(figures["both"]["by_language"]) >= {"en", "de"}
    assert f"{figures['both']['ndcg']:.4f}" in table([result | {"started": "now", "commit": "abc"}])


def test_a_corpus_without_judgements_is_an_error(tmp_path):
    shutil.copy(SAMPLE / "articles.jsonl", tmp_path)
    assert main(["run", "crosslingual", "--corpus", str(tmp_path), "--out", str(tmp_path)]) == 1
