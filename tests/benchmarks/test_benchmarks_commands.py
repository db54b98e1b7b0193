"""The measurements and the report, run whole on a tiny generated site."""

import gzip
import json
import os
import re
import subprocess
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from benchmarks import judging, quality
from benchmarks.__main__ import main
from benchmarks.baselines import minilm
from benchmarks.baselines.registry import baselines
from benchmarks.corpora import corpora_in, open_corpus
from benchmarks.report import report
from benchmarks.results import read_results
from recommender import Recommender, read_articles
from recommender.evaluation import evaluate, read_qrels, run_from_lists

ROOT = Path(__file__).resolve().parents[2]
LEXICAL = ["BM25", "tf-idf", "LSA-256", "more_like_this", "more_like_this (ES)"]
EXPONENTIAL, LINEAR = "nDCG(dcg='exp-log2')@10", "nDCG@10"
MATTERS = {
    "harbour": "harbour cranes lift cargo containers dock pilots tug strike wages",
    "orchard": "orchard apples frost blossom growers cider harvest bees pollen",
    "tram": "tram line rails depot drivers timetable tickets overhead wires",
}


def write_site(folder: Path, *, judged: bool = True, zipped: bool = False) -> Path:
    """Three matters of four articles each; articles of one matter share its words and are related, grade 2 or 1."""
    folder.mkdir(parents=True)
    rows, judgements = [], []
    for matter, words in MATTERS.items():
        spoken = words.split()
        for part in range(4):
            text = " ".join(spoken[part:] + spoken[: part + 3])
            rows.append({"id": f"{matter}-{part}", "title": f"The {matter} day {part}", "text": text})
            judgements += [
                f"{matter}-{part}\t0\t{matter}-{other}\t{2 if other > part else 1}"
                for other in range(4)
                if other != part
            ]
    text = "".join(json.dumps(row) + "\n" for row in rows)
    if zipped:
        (folder / "articles.jsonl.gz").write_bytes(gzip.compress(text.encode()))
    else:
        (folder / "articles.jsonl").write_text(text)
    if judged:
        (folder / "qrels.tsv").write_text("\n".join(judgements) + "\n")
    return folder


@pytest.fixture(scope="module")
def build_result(tmp_path_factory):
    folder = tmp_path_factory.mktemp("build")
    corpus = write_site(folder / "town", zipped=True)
    out = folder / "results"
    assert (
        main(["run", "build", "--corpus", str(corpus), "--repeats", "2", "--check-jobs", "--out", str(out)])
        == 0
    )
    (result,) = read_results(out)
    return corpus, out, result


def test_a_build_says_where_it_was_measured(build_result):
    _, _, result = build_result
    assert result["measurement"] == "build"
    assert result["seed"] == 0
    assert result["machine"]["cpu"]
    assert result["machine"]["cores"] >= 1
    assert result["machine"]["memory_bytes"] > 10**8
    assert result["versions"]["python"] == sys.version.split()[0]
    assert result["versions"]["numpy"]
    assert {"commit", "dirty", "started", "load_average_before", "load_average_after"} <= result.keys()
    assert result["settings"]["n_jobs"] == 2
    assert result["settings"]["site"]["k"] == 10
    assert result["corpus"]["name"] == "town"
    assert result["corpus"]["articles"]["sha256"]


def test_a_result_names_no_place_of_the_machine(build_result):
    corpus, out, _ = build_result
    written = next(out.iterdir()).read_text()
    assert str(corpus.parent) not in written
    assert str(ROOT) not in written


def test_a_build_keeps_every_raw_value_and_its_stages_fit_in_the_whole(build_result):
    _, _, result = build_result
    build = result["figures"]["build"]
    for values in (build["wall_s"], build["cpu_s"], build["peak_rss_bytes"]):
        assert len(values["raw"]) == 2
        assert 0 < values["min"] <= values["median"] <= values["max"]
    assert list(build["stages_s"]) == [
        "importing",
        "reading",
        "finding boilerplate",
        "encoding",
        "finding copies",
        "finding neighbours",
        "ranking",
        "scoring",
        "assembling",
        "saving",
    ]
    for run in range(2):
        stages = sum(stage["raw"][run] for stage in build["stages_s"].values())
        assert 0 < stages <= build["wall_s"]["raw"][run]
    assert len(result["figures"]["load_s"]["raw"]) == 20
    assert result["figures"]["related"]["wall_s"]["min"] > 0
    assert result["figures"]["artifact_bytes"] > 0
    assert result["figures"]["n_articles"] == 12


def test_the_quality_of_a_build_is_that_of_the_lists_of_the_site(build_result):
    corpus, _, result = build_result
    site = Recommender.from_articles(read_articles(corpus / "articles.jsonl.gz"))
    qrels = read_qrels(corpus / "qrels.tsv")
    expected = evaluate(run_from_lists(site.related_all()), qrels, [EXPONENTIAL, LINEAR]).means
    quality = result["figures"]["quality"]
    assert quality["means"] == pytest.approx(expected)
    assert quality["n_queries"] == 12
    low, high = quality["intervals_95"][EXPONENTIAL]
    assert low <= quality["means"][EXPONENTIAL] <= high


def test_lists_of_one_and_two_threads_are_compared(build_result):
    _, _, result = build_result
    digests = result["figures"]["lists_sha256"]
    assert sorted(digests) == ["1", "2"]
    assert digests["1"] == digests["2"]


def test_the_report_is_a_function_of_the_folder(build_result, capsys):
    _, out, result = build_result
    assert main(["report", str(out)]) == 0
    first = capsys.readouterr().out
    assert main(["report", str(out)]) == 0
    assert capsys.readouterr().out == first
    assert f"| town | 12 | 2 | {result['figures']['build']['wall_s']['median']:.1f} (" in first
    assert "| yes |" in first
    assert result["machine"]["cpu"] in first


def test_the_report_shows_lists_that_differ(build_result, tmp_path, capsys):
    _, _, result = build_result
    changed = json.loads(json.dumps(result))
    changed["figures"]["lists_sha256"]["2"] = "0"
    (tmp_path / "build.json").write_text(json.dumps(changed))
    assert main(["report", str(tmp_path)]) == 0
    assert "| NO |" in capsys.readouterr().out


@pytest.fixture
def no_torch(monkeypatch):
    monkeypatch.setattr(minilm, "missing", lambda: "torch not installed; run: pip install it")


@pytest.fixture(scope="module")
def quality_result(tmp_path_factory):
    """A run without MiniLM over a judged corpus and one without judgements, and what it printed."""
    folder = tmp_path_factory.mktemp("quality")
    write_site(folder / "corpora" / "a-town")
    write_site(folder / "corpora" / "unjudged", judged=False)
    out = folder / "results"
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(StringIO()) as printed:
        patch.setattr(minilm, "missing", lambda: "torch not installed; run: pip install it")
        assert main(["run", "quality", "--corpora", str(folder / "corpora"), "--out", str(out)]) == 0
    (result,) = read_results(out)
    return folder / "corpora" / "a-town", result, printed.getvalue()


def test_quality_judges_every_judged_corpus_in_both_variants_and_names_the_others(quality_result):
    _, result, _ = quality_result
    assert result["without_judgements"] == ["unjudged"]
    assert list(result["figures"]) == ["a-town"]
    assert list(result["figures"]["a-town"]) == ["whole", "headline-and-lede"]
    for figures in result["figures"]["a-town"].values():
        assert (figures["n_articles"], figures["n_queries"]) == (12, 12)
        assert set(figures["means"]) == {"ours", *LEXICAL}
        assert all({EXPONENTIAL, LINEAR} <= means.keys() for means in figures["means"].values())


def test_each_scorer_is_judged_on_its_own_lists(quality_result):
    corpus, result, _ = quality_result
    articles, qrels = list(read_articles(corpus / "articles.jsonl")), read_qrels(corpus / "qrels.tsv")
    means = result["figures"]["a-town"]["whole"]["means"]
    ours = run_from_lists(Recommender.from_articles(articles).related_all())
    assert means["ours"][EXPONENTIAL] == pytest.approx(evaluate(ours, qrels, EXPONENTIAL).mean(EXPONENTIAL))
    for name in LEXICAL:
        lists = baselines(0, corpus)[name].lists(articles, qrels, 10)
        assert means[name][EXPONENTIAL] == pytest.approx(
            evaluate(lists, qrels, EXPONENTIAL).mean(EXPONENTIAL)
        )


def test_ours_is_compared_with_the_best_baseline(quality_result):
    _, result, _ = quality_result
    for figures in result["figures"]["a-town"].values():
        means = {name: found[EXPONENTIAL] for name, found in figures["means"].items()}
        against = figures["against"]["ours"]["best lexical"]
        assert means[against["name"]] == max(means[name] for name in LEXICAL)
        assert against["difference"] == pytest.approx(means["ours"] - means[against["name"]])
        assert against["relative"] == pytest.approx(means["ours"] / means[against["name"]] - 1)
        low, high = against["difference_interval_95"]
        assert low <= against["difference"] <= high
        assert against["wins"] + against["losses"] + against["ties"] == 12
        assert figures["against"]["ours"]["best of all"]["name"] == against["name"]


def test_on_a_site_smaller_than_the_candidates_nothing_is_lost_to_all_pairs(quality_result):
    _, result, _ = quality_result
    for figures in result["figures"]["a-town"].values():
        found = figures["two_stage"]["ours"]
        assert (found["loss"], found["recall"], found["n_compared"]) == (0, 1, 12)


def test_the_tables_of_quality_are_made_of_the_result_alone(quality_result):
    _, result, printed = quality_result
    means = result["figures"]["a-town"]["whole"]["means"]
    cells = " | ".join(f"{means[name][EXPONENTIAL]:.4f}" for name in ("ours", *LEXICAL))
    assert f"| a-town | whole | 12 | 12 | {cells} |" in printed
    assert "headline-and-lede: ours: at least 3 % above the best lexical baseline on" in printed
    assert printed in report([json.loads(json.dumps(result))])


def test_a_baseline_that_is_not_installed_is_left_out_and_named(no_torch, tmp_path, capsys):
    corpus, out = write_site(tmp_path / "town"), tmp_path / "results"
    arguments = ["run", "quality", "--corpus", str(corpus), "--variant", "whole", "--two-stage", "0"]
    assert main([*arguments, "--out", str(out)]) == 0
    assert "MiniLM is left out: torch not installed" in capsys.readouterr().err
    (result,) = read_results(out)
    assert result["left_out"] == {"MiniLM": "torch not installed; run: pip install it"}
    assert list(result["figures"]["town"]) == ["whole"]
    assert result["figures"]["town"]["whole"]["two_stage"] == {}


def test_our_lists_with_minilm_are_an_error_where_it_is_not_installed(no_torch, tmp_path, capsys):
    arguments = ["run", "quality", "--corpus", str(write_site(tmp_path / "town")), "--with-neural"]
    assert main([*arguments, "--out", str(tmp_path / "results")]) == 1
    assert "ours + MiniLM: torch not installed" in capsys.readouterr().err
    assert not (tmp_path / "results").exists()


def test_our_lists_with_minilm_stand_beside_those_without(tmp_path, monkeypatch, capsys):
    """The engine is asked for MiniLM; here it answers as without, so that nothing is encoded."""
    asked, build = [], judging.build_site

    def build_site(articles, n_jobs, vectors=None, *_):
        asked.append(vectors is not None)
        return build(articles, n_jobs)

    one = {"BM25": baselines(0, tmp_path)["BM25"]}
    monkeypatch.setattr(judging, "build_site", build_site)
    monkeypatch.setattr(quality, "baselines", lambda seed, vectors: one)
    corpus = write_site(tmp_path / "town")
    arguments = ["run", "quality", "--corpus", str(corpus), "--variant", "whole", "--with-neural"]
    assert main([*arguments, "--out", str(tmp_path / "results")]) == 0
    assert asked == [False, True]
    printed = capsys.readouterr().out
    assert re.search(
        r"\| town \| whole \| ours \+ MiniLM \| BM25 \|.* 1\.000 \| 0\.00 % \| 1\.0000 \|", printed
    )
    assert "ours + MiniLM: more than 0.5 % below ours on 0 of 1" in printed


def test_candidates_are_compared_with_all_pairs_on_any_corpus(tmp_path, capsys):
    write_site(tmp_path / "corpora" / "judged")
    write_site(tmp_path / "corpora" / "unjudged", judged=False)
    out = tmp_path / "results"
    arguments = ["run", "candidates", "--corpora", str(tmp_path / "corpora"), "--articles", "5"]
    assert main([*arguments, "--out", str(out)]) == 0
    (result,) = read_results(out)
    assert list(result["figures"]) == ["judged", "unjudged"]
    for figures in result["figures"].values():
        assert (figures["n_articles"], figures["n_compared"], figures["recall"]) == (12, 5, 1)
    printed = capsys.readouterr().out
    assert "| unjudged | 12 | 5 | 1.0000 [1.0000, 1.0000] | 100.0 % |" in printed
    assert main(["report", str(out)]) == 0
    assert printed in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "build", "--corpus", "{}/gone"], "{}/gone: wanted a corpus"),
        (["run", "build", "--corpus", "{}/empty"], "articles.jsonl"),
        (["run", "quality", "--corpora", "{}/gone"], "wanted a folder of corpora"),
        (["run", "quality", "--corpora", "{}/empty"], "wanted a folder of corpora"),
        (["run", "quality", "--corpus", "{}/unjudged"], "no qrels.tsv"),
        (["run", "quality", "--corpus", "{}/town", "--corpus", "{}/again/town"], "two corpora of one name"),
        (
            ["run", "candidates", "--corpus", "{}/town", "--corpus", "{}/again/town"],
            "two corpora of one name",
        ),
        (["report", "{}/gone"], "wanted a folder of results"),
    ],
)
def test_what_cannot_be_measured_is_said_with_exit_1(arguments, said, tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    write_site(tmp_path / "town")
    write_site(tmp_path / "again" / "town")
    write_site(tmp_path / "unjudged", judged=False)
    out = ["--out", str(tmp_path / "results")] if arguments[0] == "run" else []
    assert main([each.format(tmp_path) for each in arguments] + out) == 1
    assert said.format(tmp_path) in capsys.readouterr().err
    assert not (tmp_path / "results").exists()


def test_a_build_that_fails_in_its_process_ends_with_exit_1_and_no_result(tmp_path, capfd):
    (tmp_path / "bad.jsonl").write_text('{"id": "a", "title": "Rain"}\nnot JSON\n')
    out = tmp_path / "results"
    assert main(["run", "build", "--corpus", str(tmp_path / "bad.jsonl"), "--out", str(out)]) == 1
    said = capfd.readouterr().err
    assert "bad.jsonl:2" in said
    assert "wanted exit 0" in said
    assert not out.exists()


def test_bad_usage_ends_with_exit_2(capsys):
    for name in ("quality", "candidates"):
        assert main(["run", name]) == 2
        assert "--corpus" in capsys.readouterr().err
    assert main(["run", "nothing"]) == 2


def test_every_file_that_is_no_result_is_named(tmp_path, capsys):
    (tmp_path / "a.json").write_text("{")
    (tmp_path / "b.json").write_text("{}")
    assert main(["report", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert "a.json" in said
    assert "b.json" in said


def test_a_report_of_nothing_says_so(tmp_path, capsys):
    assert main(["report", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "No results yet.\n"


def test_a_corpus_is_a_folder_or_a_file(tmp_path):
    folder = write_site(tmp_path / "corpora" / "town", zipped=True)
    as_folder, as_file = open_corpus(folder), open_corpus(folder / "articles.jsonl.gz")
    assert (as_folder.name, as_folder.qrels) == ("town", folder / "qrels.tsv")
    assert (as_file.name, as_file.qrels) == ("articles", None)
    assert as_folder.articles == as_file.articles
    assert corpora_in(tmp_path / "corpora") == [as_folder]


def test_the_measuring_process_stays_small():
    """The peak of a child counts from before its exec, so what measures must hold none of the heavy packages."""
    code = "import sys, benchmarks.build; print(sorted({'sklearn', 'numba', 'torch', 'pandas', 'scipy'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=os.environ, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_tables_in_the_docs_are_those_of_the_results():
    reported = set(report(read_results(ROOT / "benchmarks" / "results")).splitlines())
    written = (ROOT / "docs" / "measured.md").read_text().splitlines()
    rows = [line for line in written if re.fullmatch(r"\| .* \d{4}-\d\d-\d\d \d\d:\d\d \|", line)]
    assert len(rows) >= 3
    assert [row for row in rows if row not in reported] == []
