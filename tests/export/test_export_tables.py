"""Parquet and SQLite: types, query plans and article fields."""

from __future__ import annotations

import builtins
import csv
import sqlite3
import warnings
from contextlib import closing
from dataclasses import replace
from importlib import import_module

import pytest

from recommender.errors import MissingExtraError
from recommender.export import export
from recommender.lists.related import TranslatedArticle


def test_parquet_has_the_documented_types(site, tmp_path):
    pyarrow = import_module("pyarrow")
    parquet = import_module("pyarrow.parquet")
    export(site, tmp_path / "lists.parquet", "parquet")
    schema = parquet.read_schema(tmp_path / "lists.parquet")
    assert schema.names == ["article_id", "related", "translations"]
    assert schema.field("article_id").type == pyarrow.string()
    struct = schema.field("related").type.value_type
    assert {field.name: str(field.type) for field in struct} == {
        "article_id": "string",
        "rank": "int32",
        "score": "double",
        "source": "string",
        "title": "string",
        "url": "string",
        "description": "string",
        "image": "string",
    }
    assert [field.name for field in struct if field.nullable] == ["url", "description", "image"]


def test_translations_are_in_every_table(site_of, tmp_path):
    site = site_of(["rain", "regen", "sole"])
    german = TranslatedArticle("regen", "de", "Regen im Mai", "/de/regen")
    italian = TranslatedArticle("sole", "it", "=Sole")
    site.lists[0] = replace(site.lists[0], translations=(german, italian))
    site.lists[2] = replace(site.lists[2], translations=(german,))  # its list is empty
    for format in ("csv", "parquet", "sqlite"):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            export(site, tmp_path / format, format, why=format == "csv")
        assert len(caught) == (format == "csv")  # of a title that begins like a formula
    with (tmp_path / "csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, strict=True) if row["source"] == "translation"]
    shown = ("article_id", "related_id", "language", "title", "url", "rank", "score", "parts")
    assert [tuple(row[name] for name in shown) for row in rows] == [
        ("rain", "regen", "de", "Regen im Mai", "/de/regen", "", "", ""),
        ("rain", "sole", "it", "=Sole", "", "", "", ""),
        ("sole", "regen", "de", "Regen im Mai", "/de/regen", "", "", ""),
    ]
    table = import_module("pyarrow.parquet").read_table(tmp_path / "parquet")
    assert table.column("translations").to_pylist() == [
        [german.to_dict(), italian.to_dict()],
        [],
        [german.to_dict()],
    ]
    with closing(sqlite3.connect(tmp_path / "sqlite")) as database:
        found = database.execute("SELECT * FROM translations").fetchall()
    assert found == [("rain", "de", "regen"), ("rain", "it", "sole"), ("sole", "de", "regen")]


def test_parquet_row_groups_contain_all_lists(site, tmp_path, monkeypatch):
    parquet = import_module("pyarrow.parquet")
    monkeypatch.setattr("recommender.export.parquet_table.GROUP", 5)
    export(site, tmp_path / "lists.parquet", "parquet")
    table = parquet.ParquetFile(tmp_path / "lists.parquet")
    assert table.num_row_groups == -(-len(site) // 5)
    ids = table.read().column("article_id").to_pylist()
    assert ids == [summary.article_id for summary in site.summaries]


def test_the_error_of_a_missing_pyarrow_names_the_extra(site, tmp_path, monkeypatch):
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtraError, match=r"pip install 'recommender\[parquet\]'"):
        export(site, tmp_path / "lists.parquet", "parquet")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def database(site, tmp_path):
    export(site, tmp_path / "lists.sqlite", "sqlite")
    with closing(sqlite3.connect(tmp_path / "lists.sqlite")) as connection:
        yield connection


def test_sqlite_has_the_fields_of_the_articles(site, database):
    rows = database.execute("SELECT * FROM articles ORDER BY rowid").fetchall()
    assert rows == [
        (a.article_id, a.title, a.published and a.published.isoformat(), a.section, a.language, *card)
        for a in site.summaries
        for card in [(a.url, a.description, a.image)]
    ]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT related_id, score FROM related WHERE article_id = ? ORDER BY rank",
        "SELECT article_id FROM related WHERE related_id = ?",
    ],
)
def test_sqlite_answers_both_directions_from_an_index(database, query):
    plan = " ".join(row[-1] for row in database.execute("EXPLAIN QUERY PLAN " + query, ("a",)))
    assert "SEARCH related USING" in plan
    assert "SCAN" not in plan
    assert "TEMP B-TREE" not in plan


def test_sqlite_passes_its_integrity_checks(database):
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
