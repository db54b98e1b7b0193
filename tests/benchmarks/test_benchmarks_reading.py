"""run encode and run load: every way reads the same texts, and drafts are articles that the site has not."""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from benchmarks import encode, load
from benchmarks.corpora import Corpus
from benchmarks.encoding_ways import OURS, WAYS
from benchmarks.reading import build_without_drafts
from recommender import Recommender

SAMPLE = Path("data/sample/articles.jsonl")
LOOSE = 0.05  # of the terms: words are cut alike but for marks and folding


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """60 articles of the sample, in a folder as corpora are."""
    path = tmp_path_factory.mktemp("corpora") / "short"
    path.mkdir()
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()[:60]
    (path / "articles.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return Corpus("short", path / "articles.jsonl")


@pytest.fixture(scope="module")
def encoded(corpus):
    return encode.measure(corpus, n_jobs=1, repeats=1)


def test_every_way_encodes_all_texts_and_ours_is_the_measure(encoded):
    figures = encoded["figures"]
    assert set(figures["ways"]) == set(WAYS)
    for way in figures["ways"].values():
        assert way["shape"][0] == figures["texts"]["n_articles"] == 60
        assert len(way["seconds"]["raw"]) == 1
        assert way["peak_rss_bytes"]["min"] >= way["rss_with_texts_bytes"]["min"] > 0
    assert figures["ways"][OURS]["ratio"]["raw"] == [1.0]


def test_words_and_pairs_are_the_same_features_in_both(encoded):
    ways = encoded["figures"]["ways"]
    ours, theirs = (ways[way]["shape"][1] for way in (OURS, "TfidfVectorizer: words and pairs"))
    assert ours == pytest.approx(theirs, rel=LOOSE)
    assert ways["ours: words"]["shape"][1] < ours


def test_drafts_are_articles_that_the_site_has_not(corpus, tmp_path):
    artifact, drafts = tmp_path / "x.rec", tmp_path / "drafts.jsonl"
    told = build_without_drafts(str(corpus.articles), str(artifact), str(drafts), 100, 1)
    assert told == {"n_articles": 54, "n_drafts": 6}  # a tenth at most
    titles = {json.loads(line)["title"] for line in drafts.read_text(encoding="utf-8").splitlines()}
    assert len(titles) == 6
    assert not titles & set(Recommender.load(artifact).summaries.column("title"))


def test_readers_are_measured_and_shown(corpus, tmp_path):
    words = [
        "--corpus",
        str(corpus.articles.parent),
        "--asked",
        "5",
        "--repeats",
        "1",
        "--out",
        str(tmp_path),
    ]
    done = CliRunner().invoke(load.command, words, catch_exceptions=False)
    assert done.exit_code == 0
    (path,) = tmp_path.glob("load-short-*.json")
    result = json.loads(path.read_text(encoding="utf-8"))
    readers = result["figures"]["readers"]
    for name, reader in readers.items():
        percentiles = [reader["ms"][each]["median"] for each in ("p50", "p95", "p99", "p100")]
        assert percentiles == sorted(percentiles)
        assert ("open_s" in reader) == name.startswith("lists")
        assert f"short, {name}" in done.stdout
    # compiled code is what a first draft waits for, and lists do without
    assert readers["lists"]["rss_bytes"]["max"] < readers["drafts"]["rss_bytes"]["min"]
    assert load.table([result]) == done.stdout
    assert np.isfinite(result["figures"]["artifact_bytes"])
