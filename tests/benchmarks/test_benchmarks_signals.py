"""`run signals`: a signal that is the truth shows in its row."""

from pathlib import Path

from benchmarks.__main__ import main
from benchmarks.corpora import Corpus
from benchmarks.fixed_forms import fixed_forms
from benchmarks.signals import ALL, WORDS, measure, table
from recommender import Article, Recommender

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


def test_round_ups_are_shown_beside_their_fixed_form():
    subjects = [f"kiln{n} glaze{n} clay{n} wheel{n} ash{n} slip{n}" for n in range(6)]
    pages = [
        Article(f"{n}{part}", f"{part} of {n}", text) for n, text in enumerate(subjects) for part in "ab"
    ]
    site = Recommender.from_articles([*pages, Article("all", "The year in review", ". ".join(subjects))])
    listed = fixed_forms(site, 1)["round-ups as any article"]()
    as_any, as_it_is = (
        {entry.article_id: entry.score for entry in each.related("0a")} for each in (listed, site)
    )
    assert as_any["all"] > as_it_is.get("all", 0) + 0.05


def test_a_corpus_without_judgements_is_refused(capsys, tmp_path):
    (tmp_path / "town").mkdir()
    (tmp_path / "town" / "articles.jsonl").write_text('{"id": "a", "title": "Rain"}\n')
    assert main(["run", "signals", "--corpus", str(tmp_path / "town")]) == 1
    assert "wanted judgements" in capsys.readouterr().err
