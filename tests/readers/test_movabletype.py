"""Exports of Movable Type and Hatena Blog: entries, sections, ids, dates, and faults."""

from __future__ import annotations

import contextlib
import io
import time
from datetime import UTC, datetime

import pytest

from recommender.errors import InputError
from recommender.readers import read_articles

ENTRY = """AUTHOR: ann
TITLE: {title}
BASENAME: {name}
STATUS: {status}
ALLOW COMMENTS: 1
CONVERT BREAKS: 0
DATE: {date}
CATEGORY: Weather
CATEGORY: May: wet
TAGS: rain,"two words"
IMAGE: https://site.example/rain.png
-----
BODY:
<p>It rained: all day.</p>
-----
<p>A line of dashes is text.</p>

-----
EXTENDED BODY:
<p>And all night.</p>

-----
EXCERPT:
Wet.
-----
COMMENT:
AUTHOR: bob
DATE: 05/02/2026 10:00:00
No comment is text.
-----
--------
"""


def _entry(name: str = "rain", date: str = "05/01/2026 22:15:00", **values: str) -> str:
    return ENTRY.format(**{"title": "Rain", "status": "Publish"} | values, name=name, date=date)


def _read(text: str, format: str | None = None):
    reader = read_articles(io.BytesIO(text.encode()), format=format)
    return list(reader), dict(reader.left_out)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_entry_with_all_fields(end: str) -> None:
    (article,), _ = _read(_entry().replace("\n", end))
    assert (article.article_id, article.title, article.section) == ("rain", "Rain", "Weather")
    assert article.published == datetime(2026, 5, 1, 22, 15, tzinfo=UTC)
    assert (article.description, article.image) == ("Wet.", "https://site.example/rain.png")
    assert article.body.startswith("<p>It rained")
    assert article.body.endswith("all night.</p>")
    assert "dashes is text" in article.body
    assert "comment" not in article.body
    assert article.metadata == {"author": "ann", "tags": ["May: wet", "rain", "two words"]}


def test_drafts_and_scheduled_entries_are_left_out() -> None:
    names = ("Publish", "Draft", "Future", "Review")
    articles, left_out = _read("".join(_entry(name.lower(), status=name) for name in names))
    assert [article.article_id for article in articles] == ["publish"]
    assert left_out == {"draft": 2, "future": 1}


def test_names_that_repeat_and_entries_without_a_name() -> None:
    articles, _ = _read(
        _entry() + _entry(date="06/02/2026 01:00:00 PM") + _entry("", date="07/03/2026 12:05:06 AM")
    )
    assert [article.article_id for article in articles] == [
        "2026/05/rain",
        "2026/06/rain",
        "2026-07-03T00:05:06",
    ]
    assert [article.published.hour for article in articles if article.published] == [22, 13, 0]


def test_bad_entries_are_located() -> None:
    with pytest.raises(InputError, match=r"<stream>:32: id seen twice, first at <stream>:1"):
        _read(_entry() + _entry())
    with pytest.raises(InputError, match=r"not UTF-8.*; save the export as UTF-8"):
        list(read_articles(io.BytesIO(_entry(title="雨").encode("cp932"))))
    with pytest.raises(InputError, match="no entries in this export"):
        _read("Rain", "movabletype")


@pytest.mark.parametrize("piece", ["--------\n", "-----\n", "TITLE: a\n", "--------\n\n", "-----\nBODY:\n"])
def test_malformed_exports_take_linear_time(piece: str) -> None:
    spent = []
    for times in (5_000, 20_000):
        before = time.process_time()
        with contextlib.suppress(InputError):
            _read(_entry() + piece * times)
        spent.append(time.process_time() - before)
    assert spent[1] < 10 * spent[0] + 0.5
