"""The log of clicks: whole rows whatever happens, bounds, and what a report must be."""

from __future__ import annotations

import json
import os
from datetime import date, timedelta
from multiprocessing import get_context

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from recommender.evaluation import read_clicks
from recommender.evaluation.arm_counts import arm_counts
from recommender.service.click_folder import ClickFolder
from recommender.service.shown_list import ShownList

DAY = date(2026, 5, 1)
ROWS = b'{"query": "q", "shown": "s", "position": 1, "clicked": 0}\n' * 3


def log_of(folder, day=DAY):
    return folder / f"clicks-{day}.jsonl"


def test_several_processes_append_whole_lists(tmp_path):
    ids = [f"{'s' * 300}{n}" for n in range(40)]
    report = ShownList(query="q", shown=ids, positions=list(range(1, 41)), arm="00000000.a")
    folder, rows = ClickFolder(tmp_path / "log"), report.rows()

    def append(name):
        for n in range(60):
            assert folder.append(rows.replace(b'"q"', f'"{name}{n}"'.encode()))

    fork = get_context("fork")
    workers = [fork.Process(target=append, args=(name,)) for name in "xyz"]
    for each in workers:
        each.start()
    for each in workers:
        each.join(60)
        assert each.exitcode == 0
    assert arm_counts(tmp_path / "log")["00000000"] == {
        f"{name}{n}": [1, 0, 0, 0] for name in "xyz" for n in range(60)
    }
    assert read_clicks(tmp_path / "log").impressions.sum() == 3 * 60 * 40


@pytest.mark.parametrize("torn", [b"{", b'{"query": "q"' * 20_000])
def test_what_a_crash_left_of_a_line_is_cut_off_before_the_next_is_written(tmp_path, torn):
    for before in (b"", ROWS):
        log_of(tmp_path).write_bytes(before + torn)
        assert ClickFolder(tmp_path).append(ROWS, DAY)
        assert log_of(tmp_path).read_bytes() == before + ROWS


def test_nothing_of_a_list_remains_when_the_disk_is_full(tmp_path, monkeypatch):
    folder = ClickFolder(tmp_path)
    folder.append(ROWS, DAY)
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, rows: write(file, rows[:10]))
    with pytest.raises(OSError, match="No space left"):
        folder.append(ROWS, DAY)
    monkeypatch.undo()
    folder.append(ROWS, DAY)
    assert log_of(tmp_path).read_bytes() == ROWS * 2


def test_a_day_has_a_most_of_bytes_that_all_processes_share(tmp_path):
    one, other = (ClickFolder(tmp_path, most_bytes=3 * len(ROWS)) for _ in range(2))
    assert [each.append(ROWS, DAY) for each in (one, other, one, other)] == [True, True, True, False]
    assert one.append(ROWS, DAY + timedelta(days=1))


def test_days_are_kept_as_long_as_was_set_and_other_files_for_ever(tmp_path):
    folder = ClickFolder(tmp_path, days=2)
    (tmp_path / "notes.txt").write_text("mine")
    for step in range(4):
        folder.append(ROWS, DAY + timedelta(days=step))
    names = {each.name for each in tmp_path.iterdir()}
    assert names == {"notes.txt", "clicks-2026-05-03.jsonl", "clicks-2026-05-04.jsonl"}


GOOD = {"query": "q", "shown": ["a", "b"], "positions": [1, 2], "clicked": ["b"], "arm": "0123abcd.a"}
BAD = [
    {"query": ""}, {"query": 7}, {"query": None}, {"query": " "}, {"query": "a"}, {"query": "x" * 1_001},
    {"shown": []}, {"shown": ["a", "a"]}, {"shown": "ab"}, {"shown": ["a"]}, {"shown": ["a", 1]},
    {"positions": [1]}, {"positions": [2, 1]}, {"positions": [1, 1]}, {"positions": [0, 1]}, {"positions": [1, 1_001]},
    {"positions": ["1", "2"]}, {"positions": [1.0, 2.5]}, {"positions": [True, 2]}, {"clicked": ["c"]},
    {"clicked": ["a", "a"]}, {"clicked": [True, False]}, {"clicked": None}, {"arm": "a"}, {"arm": "0123abcd.c"},
    {"arm": "0123abcd.a\n"}, {"reader": "me"},
]  # fmt: skip


def faults(report):
    try:
        return list(ShownList.model_validate_json(json.dumps(report)).faults())
    except ValidationError as error:
        return error.errors()


@pytest.mark.parametrize("wrong", BAD, ids=str)
def test_a_report_that_is_not_exactly_one_is_refused(wrong):
    assert not faults(GOOD)
    assert faults(GOOD | wrong)


IDS = st.text(min_size=1, max_size=20).filter(lambda text: text.strip() and text.isprintable())


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(IDS, min_size=2, max_size=8, unique=True), st.data())
def test_the_log_says_what_the_report_said(tmp_path, ids, data):
    query, *shown = ids
    clicked = data.draw(st.lists(st.sampled_from(shown), unique=True))
    report = ShownList(query=query, shown=shown, positions=list(range(1, len(shown) + 1)), clicked=clicked)
    path = tmp_path / "log.jsonl"
    path.write_bytes(report.rows())
    log = read_clicks(path)
    found = {
        (log.article_ids[q], log.article_ids[s], int(p), int(c))
        for q, s, p, c in zip(log.query, log.shown, log.position, log.clicks, strict=True)
    }
    assert found == {(query, each, at, int(each in clicked)) for at, each in enumerate(shown, 1)}
