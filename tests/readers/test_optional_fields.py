"""Unreadable optional fields are dropped with a counted warning. The article is kept."""

from __future__ import annotations

import json
from pathlib import Path

import orjson
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from recommender.readers import read_articles
from recommender.readers.records.optional_fields import optional_fields

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


def _read(tmp_path: Path, *rows: dict):
    path = tmp_path / "a.jsonl"
    path.write_text(
        "\n".join(json.dumps({"id": n, "title": f"T{n}", "text": "x", **row}) for n, row in enumerate(rows))
    )
    reader = read_articles(path)
    return list(reader), reader


UNREADABLE = {
    "published": ("soon", "a date that cannot be read"),
    "language": ("the language of the angels", "a language that cannot be read"),
    "url": ("javascript:alert(1)", "a url that cannot be read"),
    "section": ({"colour": "red"}, "a section that cannot be read"),
    "description": ([1], "a description that cannot be read"),
    "image": ("javascript:alert(1)", "a image that cannot be read"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_an_unreadable_field_is_left_out_with_a_located_warning(name: str, tmp_path: Path) -> None:
    value, what = UNREADABLE[name]
    articles, reader = _read(tmp_path, {}, {name: value})
    assert len(articles) == 2
    assert getattr(articles[1], name) is None
    (warning,) = reader.warnings
    assert (warning.what, warning.line) == (what, 2)
    assert "it is left out" in str(warning)


def test_warnings_are_counted_and_issued_once_per_kind(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(json.dumps({"id": n, "text": "x", "published": "soon"}) for n in range(1_500)))
    reader = read_articles(path)
    with pytest.warns(
        UserWarning, match="1,500 times a date that cannot be read; the first is .*a.jsonl:1: "
    ) as messages:
        assert len(list(reader)) == 1_500
    assert len([each for each in messages if "date" in str(each.message)]) == 1
    assert (reader.n_warnings, len(reader.warnings)) == (1_500, 1_000)


@pytest.mark.parametrize("empty", [None, "", " ", "nan", "NaN", "NaT", "null", "None", "N/A", [], {}])
@pytest.mark.parametrize("name", [*UNREADABLE, "tags"])
def test_empty_values_are_absent_without_a_warning(name: str, empty, tmp_path: Path) -> None:
    (article,), reader = _read(tmp_path, {name: empty, "text": "Rain."})
    assert getattr(article, name, None) is None
    assert "tags" not in article.metadata
    assert reader.n_warnings == 0


def test_a_title_or_author_named_none_is_kept(tmp_path: Path) -> None:
    (article,), _ = _read(tmp_path, {"id": "null", "title": "None", "author": "N/A"})
    assert (article.article_id, article.title, article.metadata["author"]) == ("null", "None", "N/A")


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("language", "en_US", "en-US"),
        ("language", "de_DE.UTF-8", "de-DE"),
        ("language", ["fr", "de"], "fr"),
        ("section", ["Sea", "Land"], "Sea"),
        ("section", {"name": "Sea", "slug": "sea"}, "Sea"),
        ("section", 7, "7"),
        ("url", " /rain?a=1 ", "/rain?a=1"),
        ("url", "https://例え.jp/雨", "https://例え.jp/雨"),
        ("image", {"url": "/a.jpg"}, "/a.jpg"),
        ("image", [{"src": "/a.jpg"}, "/b.jpg"], "/a.jpg"),
        ("image", "data:image/png;base64,AAAA", None),
        ("description", {"rendered": "<p>Rain.</p>"}, "<p>Rain.</p>"),
    ],
)
def test_forms_of_optional_fields(name: str, value, expected, tmp_path: Path) -> None:
    (article,), reader = _read(tmp_path, {name: value, "text": "Rain."})
    assert getattr(article, name) == expected
    assert reader.n_warnings == 0


@pytest.mark.parametrize(
    ("given_tags", "expected"),
    [
        ("harbour, ice plant", ["harbour", "ice plant"]),
        (["Fish", {"name": "Ice"}, "", None, 2021], ["Fish", "Ice", "2021"]),
        ("machine learning", ["machine learning"]),
    ],
)
def test_tags_as_text_and_as_a_list(given_tags, expected, tmp_path: Path) -> None:
    (article,), _ = _read(tmp_path, {"tags": given_tags, "series": "Rings, and other things"})
    assert article.metadata == {"tags": expected, "series": ["Rings, and other things"]}


def test_published_true_is_not_a_date(tmp_path: Path) -> None:
    (article,), reader = _read(
        tmp_path, {"published": True, "text": "x"}, {"published": "false", "text": "x"}
    )
    assert article.published is None
    assert (reader.left_out, reader.n_warnings) == ({"draft": 1}, 0)


def test_metadata_becomes_plain(tmp_path: Path) -> None:
    deep: list = []
    for _ in range(500):
        deep = [deep]
    path = tmp_path / "a.jsonl"
    row = f'{{"id": "a", "title": "T", "big": {2**70}, "half": "\\ud83d", "deep": {json.dumps(deep)}, "n": NaN}}'
    path.write_text(row)
    reader = read_articles(path, on_error="skip")
    (article,) = reader
    assert article.metadata["big"] == str(2**70)
    assert article.metadata["n"] is None
    orjson.dumps(article.metadata)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=5), children, max_size=3)
    ),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from([*UNREADABLE, "tags", "keywords", "series"]), VALUES))
@example({"published": [-1, -1]})
def test_any_value_is_read_or_dropped_with_the_right_type(fields: dict) -> None:
    cautions: list = []
    read = optional_fields(dict(fields), cautions)
    assert all(value is None or isinstance(value, str) for name, value in read.items() if name != "published")
    assert len(cautions) <= len(fields)
