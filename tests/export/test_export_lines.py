"""The exact bytes of JSON Lines and CSV."""

from __future__ import annotations

import warnings
from dataclasses import replace

import pytest

from recommender.export import export
from recommender.lists.related import RelatedList


def test_jsonl_is_exactly_the_documented_line(site_of, tmp_path):
    out = tmp_path / "lists.jsonl"
    export(site_of(["a", "b"]), out, "jsonl")
    first, second = out.read_bytes().splitlines()
    shown = (
        b'"title":"Title of b","url":"https://example.org/1","description":"The road is open.","image":null'
    )
    entry = b'{"article_id":"b","rank":1,"score":0.3333333333333333,"source":"related",' + shown + b"}"
    assert first == b'{"article_id":"a","related":[' + entry + b"]}"
    assert second == b'{"article_id":"b","related":[]}'


def test_csv_is_rfc_4180(site_of, tmp_path):
    out = tmp_path / "lists.csv"
    export(site_of(['say "a", b', "two"]), out, "csv")
    header = b"article_id,rank,related_id,score,source,title,url,description,image,language\r\n"
    shown = b"Title of two,https://example.org/1,The road is open.,,\r\n"
    assert out.read_bytes() == header + b'"say ""a"", b",1,two,0.3333333333333333,related,' + shown


@pytest.mark.parametrize("article_id", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "＝1"])
def test_ids_that_look_like_formulas_are_kept_with_a_warning(site_of, tmp_path, article_id):
    out = tmp_path / "lists.csv"
    with pytest.warns(UserWarning, match="1 article ids and .* begin like a formula"):
        export(site_of([article_id, "b"]), out, "csv")
    assert out.read_text(encoding="utf-8").splitlines()[1].startswith(article_id)


@pytest.mark.parametrize("text", ["=1+1", "+++ Live +++", "@reader asks"])
@pytest.mark.parametrize("name", ["title", "description"])
def test_texts_that_look_like_formulas_are_kept_with_a_warning(site_of, tmp_path, name, text):
    site, out = site_of(["a", "b"]), tmp_path / "lists.csv"
    site.lists[0] = RelatedList("a", (replace(site.lists[0][0], **{name: text}),))
    with pytest.warns(UserWarning, match="0 article ids and the texts of 1 entries begin like a formula"):
        export(site, out, "csv")
    assert f",{text}," in out.read_text(encoding="utf-8")


@pytest.mark.parametrize("article_id", ["-1", "+15.5", "a=1", "a-b"])
def test_numbers_and_slugs_are_not_formulas(site_of, tmp_path, article_id):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        export(site_of([article_id, "b"]), tmp_path / "lists.csv", "csv")
