"""`run fit`: weights are fitted to a part and judged on the rest, with the figures of the public functions."""

from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.corpora import Corpus
from benchmarks.fit import HALF, measure, table
from benchmarks.judging import PRIMARY
from recommender import Policy, Recommender, read_articles
from recommender.evaluation import evaluate, read_qrels, run_from_lists

SAMPLE = Path("data/sample")


@pytest.fixture(scope="module")
def result():
    corpus = Corpus("sample", SAMPLE / "articles.jsonl", SAMPLE / "qrels.tsv")
    unjudged = Corpus("unjudged", SAMPLE / "articles.jsonl")
    return measure([corpus, unjudged], variants=["whole"], n_few=120, n_draws=2, n_jobs=2, seed=0)


def test_halves_and_draws_are_fitted_and_judged_on_the_others(result):
    fits = result["figures"]["sample"]["whole"]["fits"]
    assert list(result["figures"]) == ["sample"]
    assert [fit["part"] for fit in fits] == [HALF, HALF, "120", "120"]
    assert [fit["n_judged"] for fit in fits] == [98, 98, 76, 76]
    assert fits[2]["default"] != fits[3]["default"]
    for fit in fits:
        assert fit["n_fitted"] <= 196 - fit["n_judged"]
        assert fit["fitted"] == (fit["found"] if fit["accepted"] else fit["default"])


def test_the_two_halves_are_all_judged_articles(result):
    site = Recommender.from_articles(read_articles(SAMPLE / "articles.jsonl"))
    mean = evaluate(run_from_lists(site.related_all()), read_qrels(SAMPLE / "qrels.tsv"), PRIMARY).mean(
        PRIMARY
    )
    first, second = result["figures"]["sample"]["whole"]["fits"][:2]
    assert (first["default"] + second["default"]) / 2 == pytest.approx(mean)


def test_a_row_a_size_of_fit(result):
    rows = table([result]).split("\n\n")[0].splitlines()[2:]
    assert len(rows) == 2
    assert rows[0].startswith("| sample | whole | ")
    assert rows[1].split(" | ")[2:4] == [
        f"{result['figures']['sample']['whole']['fits'][2]['n_fitted']}",
        "2",
    ]


def test_corpora_without_judgements_are_refused(capsys, tmp_path):
    (tmp_path / "town").mkdir()
    (tmp_path / "town" / "articles.jsonl").write_text('{"id": "a", "title": "Rain"}\n')
    assert main(["run", "fit", "--corpus", str(tmp_path / "town")]) == 1
    assert "wanted judgements" in capsys.readouterr().err


def test_what_dates_do_is_judged_on_the_others_beside_none_and_the_default(result):
    few = result["figures"]["sample"]["whole"]["fits"][2]["recency"]
    assert few["default"] == "era"
    none = Recommender.from_articles(read_articles(SAMPLE / "articles.jsonl"), policy=Policy(recency="none"))
    mean = evaluate(run_from_lists(none.related_all()), read_qrels(SAMPLE / "qrels.tsv"), PRIMARY).mean(
        PRIMARY
    )
    assert few["value_none"] == pytest.approx(mean, abs=0.05)
    row = table([result]).split("\n\n")[1].splitlines()[-1].split(" | ")
    assert row[2:5] == ["116", "2", f"{sum(_dates(result, 'value_none')) / 2:.4f}"]
    assert row[9].startswith(few["chosen"])


def test_without_dates_there_is_no_table_of_them(result):
    undated = {"sample": {"whole": {"fits": [fit | {"recency": None} for fit in _fits(result)]}}}
    assert "\n\n" not in table([result | {"figures": undated}])


def _fits(result):
    return result["figures"]["sample"]["whole"]["fits"]


def _dates(result, name):
    return [fit["recency"][name] for fit in _fits(result)[2:]]
