"""Two policies compared by clicks: counts from logs that grow, and an interval that holds at every look."""

from __future__ import annotations

import gzip
import json
from itertools import pairwise
from math import inf

import numpy as np
import pytest

from recommender.evaluation import arm_counts, compare_arms
from recommender.evaluation.arm_counts import ArmTally


def showing(query, view, arm, n=3, clicked=()):
    return "".join(
        json.dumps({"query": query, "shown": f"s{at}", "position": at, "clicked": int(at in clicked), "view": view,
                    "arm": arm}) + "\n"
        for at in range(1, n + 1)
    )  # fmt: skip


def test_a_list_counts_once_however_many_entries_and_clicks_it_has(tmp_path):
    log = tmp_path / "log.jsonl"
    log.write_text(
        showing("q", "1", "00000001.a", clicked=(1, 3))
        + showing("q", "2", "00000001.b", n=5)
        + showing("q", "3", "00000001.b", clicked=(2,))
        + showing("r", "4", "00000002.a")
        + json.dumps({"query": "q", "shown": "s", "position": 1, "clicked": 1}) + "\n"
        + showing("q", "5", "no arm") + "[]\nnot JSON\n" + showing("q", "6", "00000001.c")
    )  # fmt: skip
    assert arm_counts(log) == {"00000001": {"q": [1, 1, 2, 1]}, "00000002": {"r": [1, 0, 0, 0]}}
    tally = ArmTally(log)
    tally.read()
    assert tally.lists == {"log.jsonl": (6, 2)}, "also without an arm, if they have a view"


def test_a_log_that_grows_anywhere_gives_the_counts_of_the_whole(tmp_path):
    whole = "".join(
        showing("qr"[i % 2], str(i), f"0000000{i % 3}.{'ab'[i % 4 // 2]}", clicked=(i % 5,))
        for i in range(40)
    ).encode()
    folder, other = tmp_path / "grows", tmp_path / "whole.jsonl"
    folder.mkdir()
    other.write_bytes(whole)
    tally = ArmTally(folder)
    tally.read()
    cuts = [0, *sorted(np.random.default_rng(0).integers(0, len(whole), 25).tolist()), len(whole)]
    for start, stop in pairwise(cuts):
        with (folder / "clicks-2026-05-01.jsonl").open("ab") as file:
            file.write(whole[start:stop])
        tally.read()
    assert {name: tally.counts(name) for name in tally.comparisons} == arm_counts(other)
    (folder / "clicks-2026-04-30.jsonl.gz").write_bytes(
        gzip.compress(showing("z", "1", "00000000.a").encode())
    )
    tally.read()
    tally.read()
    assert tally.counts("00000000")["z"] == [1, 0, 0, 0]
    (folder / "clicks-2026-05-01.jsonl").unlink()
    tally.read()
    assert tally.counts("00000000") == {"z": [1, 0, 0, 0]}


def looks(rng, lift, n_articles=150, n_looks=20, views=2_000):
    """Yield the counts of a comparison as it grows: heavy-tailed traffic, click rates that differ by article."""
    traffic = rng.pareto(1.2, n_articles) + 0.1
    rates = np.clip(0.06 * np.exp(rng.normal(0, 0.7, n_articles)), 0, 0.4)
    total = np.zeros((n_articles, 4), dtype=np.int64)
    for _ in range(n_looks):
        shown = rng.multinomial(views, traffic / traffic.sum())
        b = rng.binomial(shown, 0.5)
        for at, (lists, rate) in enumerate(((shown - b, rates), (b, rates * (1 + lift)))):
            total[:, 2 * at] += lists
            total[:, 2 * at + 1] += rng.binomial(lists, rate)
        yield {str(at): row for at, row in enumerate(total.tolist())}


def test_looking_again_and_again_finds_no_difference_where_none_is():
    """At 95 %, a fixed interval that is looked at twenty times is wrong in a fifth of all comparisons."""
    rng = np.random.default_rng(0)
    wrong = sum(any(compare_arms(each).better for each in looks(rng, 0.0)) for _ in range(60))
    assert wrong <= 0.05 * 60


def test_a_difference_of_the_least_size_shows_when_no_clicks_are_missing():
    rng = np.random.default_rng(1)
    found = []
    for _ in range(40):
        enough = next(
            each
            for each in map(compare_arms_by_a_third, looks(rng, 1 / 3, n_looks=60))
            if each.clicks_needed == 0
        )
        assert enough.interval.low < enough.relative < enough.interval.high
        found.append(enough.better)
    assert found.count("b") >= 0.7 * len(found)
    assert "a" not in found


def compare_arms_by_a_third(counts):
    return compare_arms(counts, least=1 / 3)


def test_the_order_of_the_arms_turns_the_comparison_round():
    counts = {str(i): [50 + i, i % 7, 60, i % 5] for i in range(30)}
    turned = {query: [*each[2:], *each[:2]] for query, each in counts.items()}
    one, other = compare_arms(counts), compare_arms(turned)
    assert one.difference == -other.difference
    assert 1 + one.relative == pytest.approx(1 / (1 + other.relative))
    assert 1 + one.interval.low == pytest.approx(1 / (1 + other.interval.high))
    assert one.clicks_needed == other.clicks_needed


@pytest.mark.parametrize("counts", [{}, {"q": [0, 0, 0, 0]}, {"q": [5, 1, 0, 0]}, {"q": [0, 0, 9, 9]}])
def test_nothing_is_known_before_both_were_shown(counts):
    found = compare_arms(counts)
    assert (found.interval, found.better, found.clicks_needed) == ((-1, inf), None, None)
    assert json.loads(json.dumps(found.to_dict()))["high"] is None


def test_a_few_lists_without_a_click_prove_nothing():
    found = compare_arms({"q": [40, 0, 40, 0], "r": [40, 0, 40, 0]})
    assert found.interval.low < -0.9
    assert found.interval.high > 9
    assert found.clicks_needed > 1_000


@pytest.mark.parametrize("wrong", [{"least": 0}, {"least": inf}, {"level": 1}, {"level": 0}])
def test_arguments_out_of_range_are_refused(wrong):
    with pytest.raises(ValueError, match="least must be above 0"):
        compare_arms({}, **wrong)
