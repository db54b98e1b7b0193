"""Numeric dates, whose order of day and month other dates of the file settle."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recommender.readers import read_articles
from recommender.readers.records.date_order import day_comes_first


def days(file: Path, **options) -> list[str]:
    return [str(each.published)[:10] for each in read_articles(file, **options)]


def write(folder: Path, suffix: str, dates: list[str], name: str = "date") -> Path:
    file = folder / f"articles.{suffix}"
    if suffix == "jsonl":
        rows = (
            {"id": str(n), "title": f"Rain {n}", "text": "It rained.", name: date}
            for n, date in enumerate(dates)
        )
        file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    else:
        mark = "," if suffix == "csv" else "\t"
        lines = [
            ["id", "title", "text", name],
            *([str(n), f"Rain {n}", "It rained.", date] for n, date in enumerate(dates)),
        ]
        file.write_text("".join(mark.join(line) + "\n" for line in lines))
    return file


@pytest.mark.parametrize("suffix", ["csv", "tsv", "jsonl"])
@pytest.mark.parametrize("name", ["date", "published_at", "Publish Date"])
def test_the_day_or_the_month_comes_first_as_in_other_dates(tmp_path: Path, suffix: str, name: str) -> None:
    assert days(write(tmp_path, suffix, ["05/01/2024", "24/01/2024"], name)) == ["2024-01-05", "2024-01-24"]
    assert days(write(tmp_path, suffix, ["05/01/2024 10:30", "01/24/2024"], name)) == [
        "2024-05-01",
        "2024-01-24",
    ]


@pytest.mark.filterwarnings("ignore:.*cannot be read")
@pytest.mark.parametrize("others", [[], ["24/01/2024", "01/24/2024"], ["2024-01-24"], ["24.01.2024"]])
def test_an_order_that_nothing_settles_is_not_guessed(tmp_path: Path, others: list[str]) -> None:
    assert days(write(tmp_path, "csv", ["05/01/2024", *others]))[0] == "None"


def test_dates_of_later_rows_settle_it_too(tmp_path: Path) -> None:
    assert days(write(tmp_path, "csv", ["05/01/2024"] * 50 + ["24/01/2024"]))[0] == "2024-01-05"
    assert days(write(tmp_path, "csv", ["", "2024-05-01", "05/01/2024", "24-01-2024"]))[2] == "2024-01-05"


def test_what_is_to_be_published_later_is_told_by_that_order(tmp_path: Path) -> None:
    file = write(tmp_path, "csv", ["05/06/2024", "24/01/2024"], "published_at")
    assert days(file, now="2024-05-20") == ["2024-01-24"]


def test_a_source_without_numeric_dates_is_not_read_to_its_end() -> None:
    read = []
    dates = (read.append(n) or f"2024-01-{1 + n % 28:02}" for n in range(1_000))
    assert day_comes_first(dates) is None
    assert len(read) == 20
