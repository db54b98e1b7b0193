"""Paragraphs of rich text documents of each editor."""

from __future__ import annotations

from typing import Any

import pytest

from recommender.readers.json.rich_text import rich_text


def _lexical(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"root": {"type": "root", "children": list(blocks)}}


_DOCUMENTS: dict[str, Any] = {
    "lexical": _lexical(
        {"type": "heading", "children": [{"type": "text", "text": "Rain & sun"}]},
        {
            "type": "paragraph",
            "children": [
                {"type": "text", "text": "It "},
                {"type": "link", "children": [{"type": "text", "text": "rained"}]},
            ],
        },
    ),
    "prosemirror": {
        "type": "doc",
        "content": [
            {"type": "heading", "content": [{"type": "text", "text": "Rain & sun"}]},
            {"type": "paragraph", "content": [{"type": "text", "text": "It rained"}]},
        ],
    },
    "contentful": {
        "nodeType": "document",
        "data": {},
        "content": [
            {
                "nodeType": "heading-1",
                "data": {},
                "content": [{"nodeType": "text", "value": "Rain & sun", "marks": []}],
            },
            {
                "nodeType": "paragraph",
                "data": {},
                "content": [
                    {"nodeType": "text", "value": "It ", "marks": []},
                    {
                        "nodeType": "hyperlink",
                        "data": {"uri": "/x"},
                        "content": [{"nodeType": "text", "value": "rained"}],
                    },
                ],
            },
        ],
    },
    "strapi": [
        {"type": "heading", "children": [{"type": "text", "text": "Rain & sun"}]},
        {"type": "paragraph", "children": [{"type": "text", "text": "It rained"}]},
    ],
    "sanity": [
        {"_type": "block", "children": [{"_type": "span", "text": "Rain & sun"}]},
        {"_type": "block", "children": [{"_type": "span", "text": "It rained"}]},
    ],
    "mobiledoc": {
        "cards": [],
        "sections": [[1, "h1", [[0, [], 0, "Rain & sun"]]], [3, "ul", [[[0, [], 0, "It rained"]]]]],
    },
}


@pytest.mark.parametrize("document", _DOCUMENTS.values(), ids=_DOCUMENTS)
def test_paragraphs_of_each_editor(document: Any) -> None:
    assert rich_text(document) == "<p>Rain &amp; sun</p><p>It rained</p>"


def test_editor_js_blocks_contain_html() -> None:
    nested = {"content": "two", "items": [{"content": "three", "items": []}]}
    blocks = [
        {"type": "paragraph", "data": {"text": "It <b>rained</b> &amp; shone"}},
        {"type": "list", "data": {"items": ["one", nested]}},
    ]
    text = rich_text({"time": 1, "blocks": blocks}) or ""
    assert "<p>It <b>rained</b> &amp; shone</p>" in text
    for item in ("one", "two", "three"):
        assert f"<p>{item}" in text


@pytest.mark.parametrize("value", [None, 5, "", "words", "5", {"a": 1}, ["words"]])
def test_other_values_are_not_documents(value: Any) -> None:
    assert rich_text(value) is None


def test_a_document_of_images_has_no_text() -> None:
    assert rich_text(_lexical({"type": "image", "src": "quay.jpg"})) == ""


def test_deep_documents_are_cut() -> None:
    document: Any = {"type": "text", "text": "deep"}
    for _ in range(5_000):
        document = {"type": "paragraph", "children": [document]}
    assert rich_text({"type": "doc", "content": [document]}) == ""


@pytest.mark.parametrize(
    "document",
    [
        {"sections": [[1], [10, 5], [10, "x"], [3, "ul", 5], [1, "p", [5, [0], None]], 7, None], "cards": 3},
        {"root": {"children": {"children": [None, 5, [], {"text": 7}]}}},
        {"blocks": [{"data": {"items": [None, 5, {}]}}]},
    ],
)
def test_parts_with_wrong_types_are_skipped(document: Any) -> None:
    assert "None" not in (rich_text(document) or "")
