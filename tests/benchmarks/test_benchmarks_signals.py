"""`run signals`: a signal that is the truth shows in its row."""

from pathlib import Path

from benchmarks.__main__ import main
from benchmarks.corpora import Corpus
from benchmarks.signals import ALL, WORDS, measure, table

SAMPLE = Path("data/sample")


def test_each_signal_is_judged_alone_and_left_out():
    corpus = Corpus("sample", SAMPLE / "articles.jsonl", SAMPLE / "qrels.tsv")
    result = measure([corpus], variants=["whole"], vectors=None, n_jobs=2, seed=0)
    means = result["figures"]["sample"]["whole"]["means"]
    assert {WORDS, ALL, "+ tags", "- tags", "+ hub", "- section"} <= set(means)
    assert "+ neural" not in means
    # stories of one series of the sample have tags in common, and the judgements follow the series
    assert means[WORDS] + 0.02 < means["+ tags"] < means[ALL]
    assert means["- tags"] < means[ALL]
    assert table([result]).count("\n") == 2 + len(means)


def test_a_corpus_without_judgements_is_refused(capsys, tmp_path):
    (tmp_path / "town").mkdir()
    (tmp_path / "town" / "articles.jsonl").write_text('{"id": "a", "title": "Rain"}\n')
    assert main(["run", "signals", "--corpus", str(tmp_path / "town")]) == 1
    assert "wanted judgements" in capsys.readouterr().err
