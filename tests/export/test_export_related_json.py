"""The data file of site generators: its exact form, its keys, and what hostile articles cannot do with it."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recommender.errors import InputError
from recommender.export import FORMATS, KeyedLists, export
from recommender.lists.related import RelatedList

texts = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=40) | st.sampled_from(
    ["</script><script>alert(1)</script>", "<!--", "]]>", "\u2028", '"', "\\", "{{ x }}", "&lt;", "__proto__"]
)


def written(site, tmp_path, keys=("id",), **options):
    out = tmp_path / "related.json"
    export(KeyedLists(site, keys), out, "json", **options)
    return out.read_text(encoding="utf-8")


def test_json_is_exactly_the_documented_form(site_of, tmp_path):
    assert written(site_of(["a", "b"]), tmp_path) == (
        '{\n"a":[{"id":"b","title":"Title of b","url":"https://example.org/1","description":"The road is open.",'
        '"image":null,"source":"related"}],\n"b":[]\n}\n'
    )
    (tmp_path / "related.json").unlink()
    assert written(site_of([]), tmp_path) == "{\n}\n"


def test_entries_have_no_scores_unless_reasons_are_asked_for(site, tmp_path):
    entries = [e for related in json.loads(written(site, tmp_path)).values() for e in related]
    assert all(set(entry) == {"id", "title", "url", "description", "image", "source"} for entry in entries)
    entry = json.loads(written(site, tmp_path, why=True))["plain-slug"][0]
    assert entry["score"] == 1 / 3
    assert entry["terms"][0]["term"] == '海峽 "quoted"'


def test_a_list_stands_under_the_value_of_each_key(site_of, tmp_path):
    site = site_of(["a", "b", "c"])
    numbers = {"a": 12, "b": "7", "c": [1]}
    site.summaries = [
        replace(each, metadata={"post_id": numbers[each.article_id]}) for each in site.summaries
    ]
    lists = json.loads(written(site, tmp_path, keys=("post_id", "url")))  # no warning: url finds all
    assert list(lists) == [
        "12",
        "https://example.org/0",
        "7",
        "https://example.org/1",
        "https://example.org/2",
    ]
    assert lists["12"] == lists["https://example.org/0"]
    assert [(entry["id"], entry["post_id"]) for entry in lists["12"]] == [("b", "7"), ("c", None)]


def test_the_first_of_articles_with_one_key_has_it_with_a_warning(site_of, tmp_path):
    site = site_of(["a", "b", "c"])
    site.summaries = [replace(each, url="/same") for each in site.summaries]
    with pytest.warns(UserWarning, match="2 values of 'url' belong to several articles"):
        lists = json.loads(written(site, tmp_path, keys=("url",)))
    assert [entry["id"] for entry in lists["/same"]] == ["b", "c"]


def test_articles_without_the_key_are_not_in_the_file(site_of, tmp_path):
    site = site_of(["a", "b"])
    with pytest.warns(UserWarning, match="2 articles have no 'slug'"):
        assert written(site, tmp_path, keys=("slug",)) == "{\n}\n"


def test_a_key_that_no_article_has_is_named_where_another_finds_all(site_of, tmp_path):
    site = site_of(["a", "b"])
    with pytest.warns(UserWarning, match="no article has 'slug', so no list stands under it") as caught:
        lists = json.loads(written(site, tmp_path, keys=("slug", "id")))
    assert list(lists) == ["a", "b"]
    assert len(caught) == 1


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", " data:text/html,x", "java\nscript:x", "vbscript:x"]
)
def test_addresses_that_run_something_are_null(site_of, tmp_path, address):
    site = site_of(["a", "b"])
    site.lists[0] = RelatedList("a", (replace(site.lists[0][0], url=address, image=address),))
    (entry,) = json.loads(written(site, tmp_path))["a"]
    assert (entry["url"], entry["image"]) == (None, None)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(texts, min_size=2, max_size=4, unique=True))
def test_hostile_texts_stay_data_in_a_script_element(site_of, tmp_path_factory, ids):
    site = site_of(ids)
    text = written(site, tmp_path_factory.mktemp("hostile"))
    assert not re.search("[<>&\u2028\u2029]", text)
    assert list(json.loads(text)) == ids
    assert json.loads(text)[ids[0]][0]["title"] == f"Title of {ids[1]}"[:80]


@pytest.mark.parametrize(
    "foreign",
    [
        '{"a": []}',
        '{\n  "a": []\n}',
        '{\n"a":[1]}',
        '{\n"a":{"id":"b"}}',
        "[]",
        '{\n"a":[{"title":"b"}]}',
        "{}\n",
    ],
)
def test_json_of_others_is_never_replaced(site, tmp_path, foreign):
    (tmp_path / "related.json").write_text(foreign)
    with pytest.raises(InputError, match="not an export of this format"):
        written(site, tmp_path)
    assert (tmp_path / "related.json").read_text() == foreign


@pytest.mark.parametrize("ids", [[], ["only"], ["x" * 1_000, "b"], ['"\\', "b"], ["\U0001f600" * 1_000, "b"]])
def test_every_export_is_recognised_as_one(site_of, tmp_path, ids):
    written(site_of(ids), tmp_path)
    assert written(site_of(["a"]), tmp_path) == '{\n"a":[]\n}\n'


@pytest.mark.parametrize("format", sorted(set(FORMATS) - {"json"}))
def test_other_formats_have_no_keys(site, tmp_path, format):
    with pytest.raises(InputError, match="has no keys; choose json, or name no key"):
        export(KeyedLists(site, ["url"]), tmp_path / "out", format)


@pytest.mark.parametrize("keys", ["url", [], ["id", "id"]])
def test_wrong_keys_are_refused(site, keys):
    with pytest.raises(ValueError, match="keys must be a sequence of different fields"):
        KeyedLists(site, keys)
