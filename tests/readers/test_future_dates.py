"""Rows of tables and JSON that are to be published later."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from recommender.readers import read_articles
from recommender.readers.change_lines import read_change
from recommender.readers.records.future_dates import is_future

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "name", ["published", "published_at", "publishDate", "Publish Date", "pubDate", "datePublished"]
)
@pytest.mark.parametrize(
    "value", ["2026-07-01", "2031-01-01T10:00:00Z", "Wed, 01 Jul 2026 10:00:00 GMT", 1_900_000_000]
)
def test_a_row_of_later_is_left_out_and_may_be_kept(tmp_path: Path, name: str, value: object) -> None:
    file = tmp_path / "articles.jsonl"
    rows = (
        {"id": "a", "title": "Rain", "text": "It rained."},
        {"id": "b", "title": "Fair", "text": "Sun.", name: value},
    )
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    reader = read_articles(file, now=NOW)
    assert [each.article_id for each in reader] == ["a"]
    assert reader.left_out == {"future": 1}
    assert reader.unpublished == {"b": "future"}
    assert len(list(read_articles(file, now=NOW, keep="future"))) == 2
    assert len(list(read_articles(file, now="2032-01-01"))) == 2


@pytest.mark.parametrize(
    "row",
    [
        {"date": "2026-07-01"},
        {"created_at": "2026-07-01"},
        {"published": "2026-06-01T11:59:59Z"},
        {"published": "2026-06-01T14:00:00+02:00"},
        {"published": "2026-06-02T01:00:00"},
        {"published": "2026-06-02"},
        {"published": "soon"},
        {"published": None},
        {"published": True},
        {"published": 1_700_000_000},
    ],
)
def test_events_and_what_may_be_now_somewhere_are_not_later(row: dict[str, object]) -> None:
    assert not is_future(row, next(iter(row.values())), NOW)


@pytest.mark.parametrize(
    "value",
    [
        "2026-06-01T12:00:01Z",
        "2026-06-01T14:00:01+02:00",
        "2026-06-02T02:00:01",
        "2026-06-03",
        NOW + timedelta(1),
    ],
)
def test_what_is_later_in_each_zone_is(value: object) -> None:
    assert is_future({"published": value}, value, NOW)


def test_a_table_is_read_so_too(tmp_path: Path) -> None:
    file = tmp_path / "articles.csv"
    file.write_text(
        "id,title,text,published_at\na,Rain,It rained.,2026-05-01\nb,Fair,Sun.,2026-07-01T08:00:00Z\n"
    )
    assert [each.article_id for each in read_articles(file, now=NOW)] == ["a"]


def test_a_line_of_a_stream_and_a_request_are_too() -> None:
    later = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    row = {"id": "a", "title": "Rain", "text": "It rained.", "published_at": later}
    assert read_change(json.dumps(row).encode(), 1).unpublished == "future"
    assert read_change(json.dumps(row).encode(), 1, keep=["future"]).article is not None
