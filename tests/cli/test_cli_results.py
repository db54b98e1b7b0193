"""Output and errors of `recommender export`, `evaluate` and `inspect`."""

from __future__ import annotations

import csv
import json
import math
import shutil
from importlib import import_module
from pathlib import Path

import pytest

from recommender import Recommender
from recommender.evaluation import evaluate, read_qrels, read_run, run_from_lists
from recommender.export import FORMATS

QRELS = "qrels.tsv"
ENTRY = ("article_id", "rank", "score", "source", "title", "url", "description", "image")


@pytest.mark.parametrize("where", ["file", "stdout"])
def test_export_writes_every_list(where: str, site_rec: Path, tmp_path: Path, invoke) -> None:
    out = tmp_path / "lists.jsonl"
    result = invoke("export", site_rec, "--format", "jsonl", "-k", "2", "-o", out if where == "file" else "-")
    written = out.read_text() if where == "file" else result.stdout
    site = Recommender.load(site_rec)
    assert [json.loads(line) for line in written.splitlines()] == [
        {
            "article_id": found.article_id,
            "related": [{name: getattr(e, name) for name in ENTRY} for e in found],
        }
        for found in site.related_all(2)
    ]
    assert "208 lists" in result.stderr
    if where == "file":
        assert result.stdout == ""


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_can_be_written_twice(format: str, site_rec: Path, tmp_path: Path, invoke) -> None:
    if format == "parquet":
        import_module("pyarrow")
    for _ in range(2):
        invoke("export", site_rec, "--format", format, "-o", tmp_path / "out", "--why")
    assert (tmp_path / "out").exists()


def test_export_leaves_other_files_alone(site_rec: Path, tmp_path: Path, invoke) -> None:
    (tmp_path / "articles.jsonl").write_text('{"id": "a"}\n')
    result = invoke("export", site_rec, "--format", "jsonl", "-o", tmp_path / "articles.jsonl", code=1)
    assert "not an export" in result.stderr
    assert (tmp_path / "articles.jsonl").read_text() == '{"id": "a"}\n'


def test_export_warns_if_lists_are_shorter_than_requested(site_rec: Path, tmp_path: Path, invoke) -> None:
    result = invoke("export", site_rec, "--format", "csv", "-o", tmp_path / "l.csv", "-k", "50")
    assert "up to 10" in result.stderr


def test_a_database_cannot_be_written_to_standard_output(site_rec: Path, invoke) -> None:
    assert "stream" in invoke("export", site_rec, "--format", "sqlite", "-o", "-", code=1).stderr


def test_evaluate_equals_the_library(site_rec: Path, sample: Path, invoke) -> None:
    measures = ["nDCG(dcg='exp-log2')@10", "P(rel=2)@5"]
    words = [word for name in measures for word in ("-m", name)]
    document = json.loads(invoke("evaluate", site_rec, sample / QRELS, *words, "--json").stdout)
    lists = run_from_lists(Recommender.load(site_rec).related_all())
    expected = evaluate(lists, read_qrels(sample / QRELS), measures)
    assert {name: each["mean"] for name, each in document["measures"].items()} == expected.means
    assert all(each["low"] < each["mean"] < each["high"] for each in document["measures"].values())
    assert document["queries"] == len(expected.query_ids)
    assert document["queries_not_on_site"] == []
    assert 0 < document["exposure"]["coverage"] <= 1


def test_evaluate_prints_a_table(site_rec: Path, sample: Path, invoke) -> None:
    result = invoke("evaluate", site_rec, sample / QRELS)
    for word in ("nDCG@10", "R@10", "P@5", "RR", "Success@5", "95 % interval", "coverage", "orphans", "Gini"):
        assert word in result.stdout
    assert result.stderr == ""


def test_queries_that_are_not_on_the_site_score_0_and_are_named(
    site_rec: Path, tmp_path: Path, invoke
) -> None:
    site = Recommender.load(site_rec)
    found = site.related("avian-flu-cats", 1)[0].article_id
    (tmp_path / "q.tsv").write_text(f"avian-flu-cats\t0\t{found}\t1\nmissing\t0\t{found}\t1\n")
    result = invoke("evaluate", site_rec, tmp_path / "q.tsv", "-m", "RR", "--json")
    document = json.loads(result.stdout)
    assert document["measures"]["RR"]["mean"] == 0.5
    assert document["queries_not_on_site"] == ["missing"]
    assert "1 of 2 judged articles are not on this site and score 0: missing" in result.stderr


def test_values_per_query_and_the_run_are_written(site_rec: Path, sample: Path, tmp_path: Path, invoke):
    values, run = tmp_path / "values.tsv", tmp_path / "run.txt"
    words = ["-m", "nDCG@10", "-m", "RR", "--per-query", values, "--run-out", run, "--json"]
    document = json.loads(invoke("evaluate", site_rec, sample / QRELS, *words).stdout)
    with values.open() as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert len(rows) == document["queries"]
    for name in ("nDCG@10", "RR"):
        mean = sum(float(row[name]) for row in rows) / len(rows)
        assert mean == pytest.approx(document["measures"][name]["mean"])
    means = evaluate(read_run(run), read_qrels(sample / QRELS), ["nDCG@10"]).means
    assert means["nDCG@10"] == pytest.approx(document["measures"]["nDCG@10"]["mean"])


@pytest.mark.parametrize(("threshold", "code"), [("0", 0), ("1", 1)])
def test_fail_under_sets_the_exit_code(threshold: str, code: int, site_rec, sample, invoke) -> None:
    result = invoke("evaluate", site_rec, sample / QRELS, "--fail-under", threshold, "--json", code=code)
    assert json.loads(result.stdout)["measures"]
    assert ("below" in result.stderr) == bool(code)


def test_all_invalid_measures_are_named_at_once(site_rec: Path, sample: Path, invoke) -> None:
    result = invoke("evaluate", site_rec, sample / QRELS, "-m", "Magic@10", "-m", "P", code=2)
    assert "Magic" in result.stderr
    assert "P@10" in result.stderr


def test_all_bad_judgements_are_listed(site_rec: Path, tmp_path: Path, invoke) -> None:
    (tmp_path / "q.tsv").write_text("a 0 b 1\na 0 c many\nshort line\n")
    result = invoke("evaluate", site_rec, tmp_path / "q.tsv", code=1)
    assert "q.tsv:2: " in result.stderr
    assert "q.tsv:3: " in result.stderr
    assert result.stdout == ""


def test_a_cutoff_beyond_the_lists_gives_a_warning(site_rec: Path, sample: Path, invoke) -> None:
    assert "P@50" in invoke("evaluate", site_rec, sample / QRELS, "-m", "P@50").stderr


def test_an_unwritable_file_is_a_one_line_error(site_rec: Path, sample: Path, tmp_path: Path, invoke) -> None:
    for option in ("--per-query", "--run-out"):
        result = invoke("evaluate", site_rec, sample / QRELS, option, tmp_path / "no" / "file", code=1)
        assert len(result.stderr.splitlines()) == 1
        assert str(tmp_path / "no") in result.stderr


def test_inspect_counts_articles_and_lists(site_rec: Path, invoke) -> None:
    facts = json.loads(invoke("inspect", site_rec, "--json").stdout)
    assert facts["articles"] == 208
    assert facts["languages"] == {"en": 160, "de": 40, "zh-Hant": 8}
    assert sum(facts["sections"].values()) == sum(facts["list_lengths"].values()) == 208
    assert (facts["first_date"][:10], facts["last_date"][:10]) == ("2024-10-09", "2026-09-11")
    shown = [entry.article_id for found in Recommender.load(site_rec).related_all() for entry in found]
    top = facts["most_shown"][0]
    assert top["lists"] == shown.count(top["article_id"]) == max(map(shown.count, set(shown)))
    assert facts["orphans"] == 208 - len(set(shown))
    on_disk = sum(file.stat().st_size for file in site_rec.rglob("*.npy"))
    assert 0 <= on_disk - sum(facts["bytes"].values()) < 128 * len(list(site_rec.rglob("*.npy"))) + 128
    assert {"text": "The Meridian Courier is funded by its readers.", "articles": 45} in facts["boilerplate"]


def test_inspect_shows_the_rules_and_their_effects(site_rec: Path, tmp_path: Path, invoke) -> None:
    plain = invoke("inspect", site_rec).stdout
    assert "all defaults" in plain
    assert "28 articles in 13 groups of near copies" in plain
    invoke("relist", site_rec, "-o", tmp_path / "x.rec", "--exposure", "3", "--fallback", "section")
    lists = json.loads(invoke("inspect", tmp_path / "x.rec", "--json").stdout)["lists"]
    assert lists["changed"] == {"exposure": 3.0, "fallback": ["section"]}
    assert lists["sources"]["section"] > 0
    assert lists["spread"]["after"]["max_in_degree"] <= 3 * lists["spread"]["before"]["mean_in_degree"]
    assert lists["detected_languages"] == {"de": 40, "en": 160, "zh": 8}
    shown = invoke("inspect", tmp_path / "x.rec").stdout
    assert "exposure: 3.0; fallback: section" in shown
    assert "Gini" in shown


def test_inspect_shows_the_log_ratios_of_dates_sections_and_tags(site_rec: Path, invoke) -> None:
    facts = json.loads(invoke("inspect", site_rec, "--json").stdout)
    assert {name: len(bins) for name, bins in facts["log_ratios"].items()} == {
        "time": 12,
        "section": 7,
        "tags": 7,
    }
    for bins in facts["log_ratios"].values():
        assert bins[0]["from"] == 0
        assert bins[-1]["below"] is None
        assert [each["below"] for each in bins[:-1]] == [each["from"] for each in bins[1:]]
        assert all(-3 <= each["log_ratio"] <= 4 for each in bins)
    same_day, same_section = facts["log_ratios"]["time"][0], facts["log_ratios"]["section"][-1]
    shown = invoke("inspect", site_rec).stdout
    assert f"days apart: 0 to 0.5 ×{math.exp(same_day['log_ratio']):.2g}, 0.5 to 1.5 ×" in shown
    assert f"same ×{math.exp(same_section['log_ratio']):.2g}" in shown
    assert "cosine: none in common ×" in shown


def test_inspect_names_the_weights_and_the_model(site_rec: Path, tmp_path: Path, invoke) -> None:
    site = Recommender.load(site_rec)
    assert (
        json.loads(invoke("inspect", site_rec, "--json").stdout)["settings"]["weights"]
        == site.model.weights.to_dict()
    )
    weights = ", ".join(f"{name} {weight}" for name, weight in site.model.weights.to_dict().items())
    assert f"{weights}; 200 candidates per list" in invoke("inspect", site_rec).stdout
    assert "none, words only" in invoke("inspect", site_rec).stdout
    for neural, name in (
        (
            {"name": "neural", "settings": {"model": "tiny-model"}, "fingerprint": "abc"},
            "tiny-model (neural)",
        ),
        ({"name": "Ours", "settings": {}, "fingerprint": "abc"}, "Ours"),
    ):
        site.replaced(site.site.changed(model=site.model.changed(neural=neural))).save(tmp_path / "model.rec")
        assert f"{name}, fingerprint abc" in invoke("inspect", tmp_path / "model.rec").stdout


def test_inspect_of_a_site_without_dates_or_of_few_articles(tmp_path: Path, invoke) -> None:
    for number, extra in enumerate((b"", b', "section": "s", "published": "2026-05-01"')):
        rows = [b'{"id": "%d", "title": "Rain in May"%s}\n' % (each, extra) for each in range(3)]
        (tmp_path / "few.jsonl").write_bytes(b"".join(rows))
        invoke("build", tmp_path / "few.jsonl", "-o", tmp_path / "few.rec")
        shown = invoke("inspect", tmp_path / "few.rec").stdout
        assert ("attributes of related articles" in shown) == (number == 1)
        assert shown.count("too little data") == 2 * number


def test_inspect_prints_the_site(site_rec: Path, invoke) -> None:
    result = invoke("inspect", site_rec)
    for words in (
        "208",
        "zh-Hant 8",
        "2024-10-09 to 2026-09-11",
        "most shown",
        "Meridian Courier",
        "fingerprint",
    ):
        assert words in result.stdout
    assert result.stderr == ""


def test_inspect_of_an_article_shows_its_data(site_rec: Path, invoke) -> None:
    article = json.loads(invoke("inspect", site_rec, "avian-flu-cats", "--json").stdout)
    assert article["metadata"]["author"] == "Helen Strand"
    site = Recommender.load(site_rec)
    assert [e["article_id"] for e in article["related"]] == list(site.related("avian-flu-cats").article_ids)
    assert article["in_lists"] == sum("avian-flu-cats" in found.article_ids for found in site.related_all())
    assert "bird flu" in [each["term"] for each in article["terms"]]
    assert "Helen Strand" in invoke("inspect", site_rec, "avian-flu-cats").stdout
    assert "closest: avian-flu-cats" in invoke("inspect", site_rec, "avian-flu-cat", code=1).stderr


def test_verify_finds_a_changed_byte(site_rec: Path, tmp_path: Path, invoke) -> None:
    assert "all checksums match" in invoke("inspect", site_rec, "--verify").stdout
    copy = tmp_path / "copy.rec"
    shutil.copytree(site_rec, copy)
    (scores,) = copy.rglob("lists_scores.npy")
    content = bytearray(scores.read_bytes())
    content[-1] ^= 1
    scores.write_bytes(content)
    assert "lists_scores.npy" in invoke("inspect", copy, "--verify", code=1).stderr
