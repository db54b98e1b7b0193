"""`recommender evaluate`: run files, comparison, clicks and --fail conditions."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import ir_measures
import numpy as np
import pytest

from recommender import Recommender
from recommender.evaluation import (
    compare,
    evaluate,
    exposure,
    fit_clicks,
    read_clicks,
    read_qrels,
    read_run,
    run_from_lists,
    write_run,
)

NAMES = ["nDCG@10", "nDCG", "AP", "AP@5", "RR", "P@5", "P(rel=2)@5", "R@10", "Success@1"]
MEASURES = [word for name in NAMES for word in ("-m", name)]


@pytest.fixture(scope="module")
def lists(site_rec: Path) -> dict[str, list[tuple[str, float]]]:
    return run_from_lists(Recommender.load(site_rec).related_all())


@pytest.fixture(scope="module")
def qrels(sample: Path) -> Path:
    return sample / "qrels.tsv"


@pytest.fixture(scope="module")
def worse_run(lists, qrels: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lists of the site, reversed on every fourth page and missing on some."""
    path = tmp_path_factory.mktemp("runs") / "worse.run"
    turned = {q: found[::-1] if i % 4 == 0 else found for i, (q, found) in enumerate(lists.items()) if i % 17}
    write_run(
        path,
        {q: [(d, -float(rank)) for rank, (d, _) in enumerate(found)] for q, found in turned.items() if found},
    )
    return path


def document(invoke, *words: object, code: int = 0) -> dict:
    return json.loads(invoke("evaluate", *words, "--json", code=code).stdout)


def test_a_run_file_has_the_values_of_ir_measures(worse_run: Path, qrels: Path, invoke) -> None:
    found = document(invoke, worse_run, qrels, *MEASURES)
    theirs = ir_measures.calc_aggregate(
        [ir_measures.parse_measure(name) for name in NAMES],
        list(ir_measures.read_trec_qrels(str(qrels))),
        list(ir_measures.read_trec_run(str(worse_run))),
    )
    means = {name: each["mean"] for name, each in found["measures"].items()}
    assert means == pytest.approx({str(measure): value for measure, value in theirs.items()}, abs=1e-9, rel=0)
    assert found["queries_without_list"] == len(read_qrels(qrels).keys() - read_run(worse_run).keys()) > 0
    assert found["exposure"] is found["against"] is found["comparison"] is found["clicks"] is None


def test_the_run_of_a_site_has_the_values_of_the_site(
    site_rec: Path, qrels: Path, tmp_path: Path, invoke
) -> None:
    of_site = document(invoke, site_rec, qrels, *MEASURES, "--run-out", tmp_path / "site.run.gz")
    of_run = document(invoke, tmp_path / "site.run.gz", qrels, *MEASURES)
    assert of_run["measures"] == of_site["measures"]


def test_the_comparison_equals_that_of_the_library(
    site_rec: Path, worse_run: Path, lists, qrels: Path, invoke
) -> None:
    found = document(invoke, worse_run, qrels, *MEASURES, "--against", site_rec)
    judged = read_qrels(qrels)
    expected = compare(evaluate(lists, judged, NAMES), evaluate(read_run(worse_run), judged, NAMES))
    assert found["comparison"].keys() == set(NAMES)
    for name, each in expected.items():
        compared = found["comparison"][name]
        assert compared == pytest.approx(
            {
                "difference": each.difference,
                "relative": each.relative,
                "low": each.interval.low,
                "high": each.interval.high,
                "p_value": each.p_value,
                "wins": each.wins,
                "losses": each.losses,
                "ties": each.ties,
            }
        )
        assert found["measures"][name]["mean"] - found["against"]["measures"][name]["mean"] == pytest.approx(
            compared["difference"]
        )
        assert compared["wins"] + compared["losses"] + compared["ties"] == found["queries"]
    assert found["against"]["lists"] == str(site_rec)
    assert found["comparison"]["nDCG@10"]["high"] < 0


def test_swapping_the_sides_reverses_the_comparison(
    site_rec: Path, worse_run: Path, qrels: Path, invoke
) -> None:
    there = document(invoke, worse_run, qrels, "--against", site_rec)["comparison"]["nDCG@10"]
    back = document(invoke, site_rec, qrels, "--against", worse_run)["comparison"]["nDCG@10"]
    assert there["difference"] == -back["difference"]
    assert (there["wins"], there["losses"]) == (back["losses"], back["wins"])


def test_an_artifact_against_itself_ties_everywhere(site_rec: Path, qrels: Path, invoke) -> None:
    words = [site_rec, qrels, "--against", site_rec, "--fail-drop", 0, "--fail-worse"]
    for each in document(invoke, *words)["comparison"].values():
        assert (each["difference"], each["p_value"], each["wins"], each["losses"]) == (0, 1, 0, 0)


def test_the_comparison_is_printed(site_rec: Path, worse_run: Path, qrels: Path, invoke) -> None:
    result = invoke("evaluate", worse_run, qrels, "--against", site_rec)
    for word in (f"against {site_rec}", "difference", "relative", "wins", "losses", "ties", "coverage"):
        assert word in result.stdout
    assert result.stderr == ""


GATES = [
    (["--fail-drop", 0.5], 0),
    (["--fail-drop", 0], 1),
    (["--fail-worse"], 1),
    (["--fail-worse", "-m", "Success(rel=2)@10"], 0),  # the same entries, in another order
    (["--fail-under", 0.1, "--fail-drop", 0.9], 0),
    (["--fail-under", 0.99, "--fail-drop", 0, "--fail-worse"], 3),
]


@pytest.fixture(scope="module")
def reversed_run(lists, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("runs") / "reversed.run"
    turned = {
        q: [(d, -float(rank)) for rank, (d, _) in enumerate(found[::-1])]
        for q, found in lists.items()
        if found
    }
    write_run(path, turned)
    return path


@pytest.mark.parametrize(("words", "failures"), GATES, ids=lambda value: str(value))
def test_fail_conditions_set_the_exit_code_and_are_all_reported(
    words: list, failures: int, site_rec: Path, reversed_run: Path, qrels: Path, invoke
) -> None:
    words = [reversed_run, qrels, "--against", site_rec, *words]
    result = invoke("evaluate", *words, "--json", code=1 if failures else 0)
    assert json.loads(result.stdout)["comparison"]
    assert result.stderr.count("Error: ") == failures


def test_a_mean_equal_to_the_threshold_passes(tmp_path: Path, invoke) -> None:
    """The computed mean of six values of 1/5 is below 1/5 by a rounding error."""
    pages = [f"p{i}" for i in range(6)]
    (tmp_path / "q.tsv").write_text("".join(f"{page} 0 x 1\n" for page in pages))
    (tmp_path / "x.run").write_text("".join(f"{page} Q0 x 1 1.0 t\n" for page in pages))
    words = ["evaluate", tmp_path / "x.run", tmp_path / "q.tsv", "-m", "P@5", "--fail-under"]
    invoke(*words, 0.2)
    invoke(*words, 0.2001, code=1)


def test_a_better_list_fails_no_condition(site_rec: Path, worse_run: Path, qrels: Path, invoke) -> None:
    invoke("evaluate", site_rec, qrels, "--against", worse_run, "--fail-drop", 0, "--fail-worse")


def test_a_baseline_of_0_cannot_drop(site_rec: Path, tmp_path: Path, invoke) -> None:
    (tmp_path / "q.tsv").write_text("avian-flu-cats 0 not-in-a-list 1\n")
    (tmp_path / "x.run").write_text("avian-flu-cats Q0 avian-flu-fenmoor 1 1.0 x\n")
    words = [site_rec, tmp_path / "q.tsv", "--against", tmp_path / "x.run", "--fail-drop", 0]
    assert document(invoke, *words)["comparison"]["RR"]["relative"] is None
    assert "0.0000" in invoke("evaluate", *words).stdout


def test_per_query_values_contain_both_sides(
    site_rec: Path, worse_run: Path, qrels: Path, tmp_path: Path, invoke
) -> None:
    found = document(
        invoke, worse_run, qrels, "-m", "RR", "--against", site_rec, "--per-query", tmp_path / "v.tsv"
    )
    with (tmp_path / "v.tsv").open() as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    wins = sum(float(row["RR"]) > float(row["RR (against)"]) for row in rows)
    assert wins == found["comparison"]["RR"]["wins"]
    assert np.mean([float(row["RR (against)"]) for row in rows]) == pytest.approx(
        found["against"]["measures"]["RR"]["mean"]
    )


def test_exposure_includes_intra_list_distance_and_novelty(site_rec: Path, qrels: Path, invoke) -> None:
    from scipy.sparse import csr_array

    found = document(invoke, site_rec, qrels)["exposure"]
    site = Recommender.load(site_rec)
    vectors = csr_array(site.collection.sparse.to_csr(site.model.lexical.n_terms))
    expected = exposure(site.lists.rows, vectors, site.summaries.published.view("datetime64[us]"))
    assert found["intra_list_distance"] == expected.intra_list_distance
    assert 0.5 < found["intra_list_distance"] < 1
    assert found["novelty"]["newer"] == expected.novelty.newer
    text = invoke("evaluate", site_rec, qrels).stdout
    assert f"{expected.intra_list_distance:.3f}" in text
    assert "newer entries" in text


# clicks


def test_clicks_replace_qrels(site_rec: Path, sample: Path, tmp_path: Path, invoke) -> None:
    log = sample / "clicks.csv.gz"
    words = [site_rec, "--clicks", log, "-m", "nDCG(dcg='exp-log2')@10", "--qrels-out", tmp_path / "made.tsv"]
    found = document(invoke, *words)
    model = fit_clicks(read_clicks(log))
    assert read_qrels(tmp_path / "made.tsv") == model.qrels()
    assert found["measures"] == document(invoke, site_rec, tmp_path / "made.tsv", *words[3:5])["measures"]
    assert found["queries"] == len(model.qrels())
    assert found["clicks"]["informative_clicks"] == model.informative_clicks
    assert list(found["clicks"]["propensities"].values()) == model.propensities.tolist()
    result = invoke("evaluate", *words)
    assert "propensity by position: 1: 1.00, 2: 0.7" in result.stdout
    assert result.stderr == ""


def test_judged_only_ignores_unjudged_entries(site_rec: Path, sample: Path, invoke) -> None:
    words = [site_rec, "--clicks", sample / "clicks.csv.gz", "-m", "RR"]
    every, judged = document(invoke, *words), document(invoke, *words, "--judged-only")
    assert judged["measures"]["RR"]["mean"] > every["measures"]["RR"]["mean"]
    assert judged["entries_judged"] == every["entries_judged"] < every["entries"]


def test_clicks_on_lists_that_never_changed_give_a_warning(site_rec: Path, tmp_path: Path, invoke) -> None:
    rows = ["query,shown,position,clicked", *["avian-flu-cats,avian-flu-fenmoor,1,1"] * 3]
    (tmp_path / "log.csv").write_text("\n".join(rows))
    result = invoke("evaluate", site_rec, "--clicks", tmp_path / "log.csv")
    assert "only 0 clicks are on pairs that were shown at several positions" in result.stderr


def test_clicks_are_read_from_standard_input(site_rec: Path, invoke) -> None:
    log = '{"query": "avian-flu-cats", "shown": "avian-flu-fenmoor", "position": 1, "clicked": true}\n' * 3
    result = invoke("evaluate", site_rec, "--clicks", "-", "-m", "P@1", "--json", stdin=log)
    assert json.loads(result.stdout)["queries"] == 1


def test_every_bad_row_of_a_log_is_listed(site_rec: Path, tmp_path: Path, invoke) -> None:
    (tmp_path / "log.csv").write_text("query,shown,position,clicked\nq,d,0,1\nq,d,1,1\nq,d,1,maybe\n")
    result = invoke("evaluate", site_rec, "--clicks", tmp_path / "log.csv", code=1)
    assert "log.csv:2: " in result.stderr
    assert "log.csv:4: " in result.stderr
    assert "2 problems" in result.stderr
    assert result.stdout == ""


def test_clicks_on_missing_articles_are_counted(site_rec: Path, tmp_path: Path, invoke) -> None:
    rows = ["query,shown,position,clicked", "avian-flu-cats,avian-flu-fenmoor,1,1", "gone,avian-flu-cats,1,1"]
    rows += ["avian-flu-cats,gone-too,2,1", *["avian-flu-cats,avian-flu-vaccine-trial,3,0"] * 9]
    (tmp_path / "log.csv").write_text("\n".join(rows))
    result = invoke("evaluate", site_rec, "--clicks", tmp_path / "log.csv", "--json")
    assert json.loads(result.stdout)["queries_not_on_site"] == ["gone"]
    assert "1 of 2 judged articles are not on this site and score 0: gone" in result.stderr
    assert "1 related article is not on this site: gone-too" in result.stderr


# usage


def test_judgements_have_exactly_one_source(site_rec: Path, sample: Path, qrels: Path, invoke) -> None:
    for words in ([site_rec], [site_rec, qrels, "--clicks", sample / "clicks.csv.gz"]):
        assert "either QRELS or --clicks" in invoke("evaluate", *words, code=2).stderr


@pytest.mark.parametrize("option", [["--fail-drop", "0.1"], ["--fail-worse"]], ids=lambda words: words[0])
def test_conditions_on_a_difference_require_against(option, site_rec: Path, qrels: Path, invoke) -> None:
    assert "--against" in invoke("evaluate", site_rec, qrels, *option, code=2).stderr


def test_a_file_that_is_not_a_run_is_an_error_on_either_side(qrels: Path, site_rec: Path, invoke) -> None:
    for words in ([qrels, qrels], [site_rec, qrels, "--against", qrels]):
        result = invoke("evaluate", *words, code=1)
        assert f"{qrels}:1: expected 6 fields" in result.stderr
        assert "is a file and not an artifact" in result.stderr
        assert result.stdout == ""


def test_a_missing_artifact_is_an_error_on_either_side(
    site_rec: Path, qrels: Path, tmp_path: Path, invoke
) -> None:
    for words in ([tmp_path / "no.rec", qrels], [site_rec, qrels, "--against", tmp_path / "no.rec"]):
        assert f"{tmp_path / 'no.rec'}: does not exist" in invoke("evaluate", *words, code=1).stderr


def test_the_warning_on_missing_articles_names_the_side(
    site_rec: Path, qrels: Path, tmp_path: Path, invoke
) -> None:
    (tmp_path / "two.jsonl").write_text(
        '{"id": "a", "title": "Rain in May"}\n{"id": "b", "title": "Rain in June"}\n'
    )
    invoke("build", tmp_path / "two.jsonl", "-o", tmp_path / "two.rec")
    result = invoke("evaluate", site_rec, qrels, "--against", tmp_path / "two.rec", "--json")
    assert f"{tmp_path / 'two.rec'}: 196 of 196 judged articles are not on this site" in result.stderr
    assert json.loads(result.stdout)["against"]["measures"]["RR"]["mean"] == 0


def test_entries_of_the_query_article_are_left_out_with_a_warning(
    qrels: Path, tmp_path: Path, invoke
) -> None:
    entries = ["avian-flu-cats", "avian-flu-fenmoor"]
    lines = [f"avian-flu-cats Q0 {entry} {rank} {-rank} x\n" for rank, entry in enumerate(entries, 1)]
    (tmp_path / "own.run").write_text("".join(lines))
    (tmp_path / "q.tsv").write_text("avian-flu-cats 0 avian-flu-fenmoor 1\n")
    result = invoke("evaluate", tmp_path / "own.run", tmp_path / "q.tsv", "-m", "RR", "--json")
    assert json.loads(result.stdout)["measures"]["RR"]["mean"] == 1
    assert "name the query article itself were left out: 1" in result.stderr


def test_a_damaged_artifact_is_an_error_on_the_other_side(
    site_rec: Path, qrels: Path, tmp_path: Path, invoke
) -> None:
    copy = Path(shutil.copytree(site_rec, tmp_path / "copy.rec"))
    next(copy.rglob("lists_rows.npy")).write_bytes(b"")
    result = invoke("evaluate", site_rec, qrels, "--against", copy, code=1)
    assert "lists_rows.npy" in result.stderr
    assert result.stdout == ""
