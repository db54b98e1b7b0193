"""The sample's click log is what its script writes, and gives back what the script planted."""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

import numpy as np
import pytest

from recommender.evaluation import fit_clicks, read_clicks, read_qrels

DATA = Path(__file__).resolve().parents[2] / "data"
sys.path.append(str(DATA))

import simulate_clicks  # noqa: E402


@pytest.fixture(scope="module")
def model():
    return fit_clicks(read_clicks(simulate_clicks.CLICKS))


def test_the_script_writes_the_file_that_is_there() -> None:
    written = gzip.decompress(simulate_clicks.CLICKS.read_bytes()).decode().splitlines()
    assert written == [
        "query,shown,position,clicked",
        *(",".join(map(str, row)) for row in simulate_clicks.rows()),
    ]
    assert simulate_clicks.CLICKS.stat().st_size < 200_000


def test_the_readme_counts_its_rows(model) -> None:
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    log = model.log
    assert f"{log.impressions.sum():,} impressions, {log.clicks.sum():,} of them clicked" in readme


def test_the_planted_propensities_come_back(model) -> None:
    np.testing.assert_allclose(model.propensities, simulate_clicks.EXAMINED, rtol=0.12)


def test_the_better_the_judgement_the_higher_the_relevance(model) -> None:
    judged = read_qrels(DATA / "sample" / "qrels.tsv")
    rates = {0: [], 1: [], 2: []}
    for query, found in model.relevances().items():
        for article, rate in found.items():
            rates[judged[query].get(article, 0)].append(rate)
    means = [float(np.mean(rates[grade])) for grade in (0, 1, 2)]
    assert means[0] * 1.4 < means[1]
    assert means[1] * 1.4 < means[2]
