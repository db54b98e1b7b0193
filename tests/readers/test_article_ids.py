"""Article ids: the own ids, and the rule that replaces repeated ones."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from recommender.errors import InputError
from recommender.readers import read_articles

TEXT = "The ferry to the islands sails twice a day until the autumn storms begin."


def _page(folder: Path, name: str, front: str = "", text: str = TEXT) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\n{front}\n---\n{text}" if front else text, encoding="utf-8")


def _ids(*args, **options) -> list[str]:
    return sorted(article.article_id for article in read_articles(*args, **options))


def test_repeated_page_ids_are_replaced_by_paths(tmp_path: Path) -> None:
    for name in ("v1/intro.md", "v2/intro.md", "v2/more.md"):
        _page(tmp_path, name, f"id: {Path(name).stem}\ntitle: T")
    with pytest.warns(UserWarning, match="repeated ids, got 'intro'.*path.*--id"):
        assert _ids(tmp_path) == ["v1/intro", "v2/intro", "v2/more"]


def test_files_with_the_same_stem_are_distinguished_by_suffix(tmp_path: Path) -> None:
    for name in ("a.md", "a.markdown", "b.md"):
        _page(tmp_path, name, f"title: {name}")
    with pytest.warns(UserWarning, match="repeated ids"):
        assert _ids(tmp_path) == ["a.markdown", "a.md", "b.md"]


def test_a_page_left_out_does_not_reserve_its_id(tmp_path: Path) -> None:
    _page(tmp_path, "a.md", "id: same\ntitle: A")
    _page(tmp_path, "b.md", "id: same\ntitle: B\ndraft: true")
    assert _ids(tmp_path) == ["same"]


def test_the_id_option_accepts_path_or_field(tmp_path: Path) -> None:
    _page(tmp_path, "x/a.md", "id: one\ntitle: A\nslug: rain")
    assert _ids(tmp_path) == ["one"]
    assert _ids(tmp_path, id="path") == ["x/a"]
    assert _ids(tmp_path, id="slug") == ["rain"]
    with pytest.raises(InputError, match="no id"):
        _ids(tmp_path, id="nowhere")


ROWS = [
    {"id": 1, "title": "A", "text": TEXT, "url": "/a"},
    {"id": 1, "title": "B", "text": TEXT, "url": "/b"},
]


def _json_lines(tmp_path: Path) -> Path:
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(map(json.dumps, ROWS)))
    return path


def _json_array(tmp_path: Path) -> Path:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(ROWS))
    return path


def _table(tmp_path: Path) -> Path:
    path = tmp_path / "a.csv"
    path.write_text(
        "id,title,text,url\n" + "".join(f"1,{row['title']},{TEXT},{row['url']}\n" for row in ROWS)
    )
    return path


def _feed(tmp_path: Path) -> Path:
    path = tmp_path / "feed.xml"
    items = "".join(
        f"<item><guid>1</guid><title>{row['title']}</title><link>{row['url']}</link><description>{TEXT}</description></item>"
        for row in ROWS
    )
    path.write_text(f'<rss version="2.0"><channel><title>S</title>{items}</channel></rss>')
    return path


@pytest.mark.parametrize("written", [_json_lines, _json_array, _table, _feed])
def test_repeated_ids_are_replaced_by_urls(written, tmp_path: Path) -> None:
    with pytest.warns(
        UserWarning, match="ids are taken from another field, got 'url' because '1' occurs twice"
    ):
        assert _ids(written(tmp_path)) == ["/a", "/b"]


def test_repeated_ids_in_a_stream_suggest_the_id_option(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"id seen twice.*--id"):
        _ids(io.BytesIO(_json_lines(tmp_path).read_bytes()))
    assert _ids(io.BytesIO(_json_lines(tmp_path).read_bytes()), id="url") == ["/a", "/b"]


@pytest.mark.parametrize("name", ["slug", "Slug", "guid", "url", "permalink"])
def test_a_table_without_an_id_uses_a_substitute_column(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{name},title,text\nferry,Ferry,{TEXT}\n")
    with pytest.warns(UserWarning, match="no field 'id'"):
        assert _ids(path) == ["ferry"]


def test_a_duplicate_row_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join([json.dumps(ROWS[0])] * 2))
    with pytest.raises(InputError, match="id seen twice"):
        _ids(path)
