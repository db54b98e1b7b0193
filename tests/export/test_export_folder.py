"""File names of articles: valid on every file system, and reversible."""

from __future__ import annotations

import json
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.errors import InputError
from recommender.export import export
from recommender.export.json_folder import FLAT, article_id_of, file_name

ids = st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=300)


@given(ids)
def test_a_name_is_valid_and_reversible(article_id):
    name = file_name(article_id)
    assert re.fullmatch(r"[a-z0-9_-]+\.json", name)
    assert len(name) <= 255
    back = article_id_of(name)
    assert back == article_id or (back is None and len(article_id.encode()) > 66)


@given(ids, ids)
def test_ids_have_distinct_names_even_if_case_and_accents_are_ignored(one, other):
    names = [unicodedata.normalize("NFKD", file_name(each)).casefold() for each in (one, other)]
    assert (names[0] == names[1]) == (one == other)


def test_names_that_windows_reserves_are_escaped():
    for device in ("con", "nul", "com1", "lpt9"):
        assert file_name(device) != f"{device}.json"
        assert article_id_of(file_name(device)) == device
    assert file_name("constitution") == "constitution.json"


def test_long_ids_that_differ_at_the_end_do_not_collide():
    assert file_name("x" * 999 + "y") != file_name("x" * 1_000)
    assert article_id_of(file_name("x" * 1_000)) is None


def test_many_articles_are_spread_over_folders(site_of, tmp_path):
    site = site_of([f"article-{row}" for row in range(FLAT + 1)])
    export(site, tmp_path / "lists", "json-dir")
    index = json.loads((tmp_path / "lists" / "index.json").read_text())
    assert index["format"] == "recommender json-dir"
    assert len(index["files"]) == FLAT + 1
    folders = {place.rsplit("/", 1)[0] for place in index["files"].values()}
    assert 200 < len(folders) <= 256
    assert max(len(list((tmp_path / "lists" / folder).iterdir())) for folder in folders) < 30


def test_an_export_with_an_additional_file_is_not_replaced(site_of, tmp_path):
    out = tmp_path / "lists"
    export(site_of(["a"]), out, "json-dir")
    (out / "notes.txt").write_text("kept")
    with pytest.raises(InputError, match="not an export"):
        export(site_of(["b"]), out, "json-dir")
    assert (out / "notes.txt").read_text() == "kept"
