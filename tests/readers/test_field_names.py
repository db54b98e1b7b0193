"""Field names of sources."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recommender.readers import read_articles

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")
TEXT = "The ferry to the islands sails twice a day until the autumn storms begin."


def _one(tmp_path: Path, row: dict):
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(row))
    reader = read_articles(path)
    (article,) = reader
    return article, reader


def test_common_names_are_read_and_noted_once(tmp_path: Path) -> None:
    row = {
        "id": 1,
        "headline": "Ferry",
        "html": f"<p>{TEXT}</p>",
        "date": "2021-03-04",
        "lang": "en",
        "link": "/ferry",
    }
    article, reader = _one(tmp_path, row)
    assert (article.title, article.body, article.language, article.url) == (
        "Ferry",
        f"<p>{TEXT}</p>",
        "en",
        "/ferry",
    )
    assert article.published is not None
    assert article.published.date().isoformat() == "2021-03-04"
    (note,) = reader.notes
    assert all(repr(name) in note for name in ("html", "date", "lang", "link"))


def test_standard_names_are_not_noted(tmp_path: Path) -> None:
    _, reader = _one(
        tmp_path, {"id": 1, "title": "Ferry", "body": TEXT, "published": "2021-03-04", "url": "/ferry"}
    )
    assert reader.notes == []


def test_an_empty_field_does_not_hide_the_next(tmp_path: Path) -> None:
    row = {"id": 1, "title": "Ferry", "text": "", "body": TEXT, "published": None, "date": "2021-03-04"}
    article, _ = _one(tmp_path, row)
    assert article.body == TEXT
    assert article.published is not None
    assert article.metadata == {}


def test_the_first_name_counts_and_the_other_is_metadata(tmp_path: Path) -> None:
    article, _ = _one(
        tmp_path,
        {"id": 1, "title": "Ferry", "text": TEXT, "content": "other", "summary": "S", "excerpt": "E"},
    )
    assert (article.body, article.description) == (TEXT, "S")
    assert article.metadata == {"content": "other", "excerpt": "E"}


def test_the_description_is_the_fallback_for_the_text(tmp_path: Path) -> None:
    article, _ = _one(tmp_path, {"id": 1, "title": "Ferry", "excerpt": TEXT})
    assert (article.body, article.description) == (TEXT, TEXT)


def test_a_source_without_texts_is_reported_with_its_field_names(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(json.dumps({"id": n, "title": f"T {n}", "wording": TEXT}) for n in range(27)))
    reader = read_articles(path)
    with pytest.warns(UserWarning, match="no article has a text or a date.*'id', 'title', 'wording'"):
        list(reader)


def test_table_headers_are_case_insensitive(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        f"ID,Title,Content,Date,Status\n1,Ferry,{TEXT},2021-03-04,publish\n2,Boat,{TEXT},2021-03-05,Draft\n"
    )
    reader = read_articles(path)
    assert [(article.article_id, article.body) for article in reader] == [("1", TEXT)]
    assert reader.left_out == {"draft": 1}


@pytest.mark.parametrize(
    "table",
    [
        "sep=;\r\nid;title;text\r\n1;Ferry;It sails\r\n",
        'id;title;text;"a, b"\r\n1;Ferry;It sails;x\r\n',
        "id|title|text\n1|Ferry|It sails\n",
        "id,title,text,\n1,Ferry,It sails,\n",
        "id\ttitle\ttext\n1\tFerry\tIt sails\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_tables_written_by_spreadsheets(table: str, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(table.encode(encoding))
    (article,) = read_articles(path)
    assert (article.article_id, article.title, article.body) == ("1", "Ferry", "It sails")


def test_lines_with_nan_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": 4.0, "title": "Ferry", "published": NaN, "views": Infinity}')
    (article,) = read_articles(path)
    assert (article.article_id, article.published, article.metadata) == ("4", None, {"views": None})
