"""Posts wrapped by exports and APIs are found and unwrapped, and drafts are left out."""

from __future__ import annotations

import io
import json
import warnings
from typing import Any

import pytest

from recommender.articles import Article
from recommender.readers import read_articles

_RAIN = {"id": "a", "title": "Rain", "text": "It rained."}
_SUN = {"id": "b", "title": "Sun", "text": "It shone."}


def _read(*documents: Any) -> tuple[list[Article], list[str]]:
    content = "\n".join(map(json.dumps, documents)).encode()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        articles = list(read_articles(io.BytesIO(content), format="json"))
    return articles, [str(each.message) for each in caught]


@pytest.mark.parametrize(
    "documents",
    [
        ({"posts": [_RAIN]}, {"posts": [_SUN]}),
        ([_RAIN], [_SUN]),
        ([{"posts": [_RAIN]}, {"posts": [_SUN]}],),
        (
            {
                "posts": {
                    "a": {"title": "Rain", "text": "It rained."},
                    "b": {"title": "Sun", "text": "It shone."},
                }
            },
        ),
        ([{"type": "header"}, {"type": "table", "name": "posts", "data": [_RAIN, _SUN]}],),
        ({"data": {"posts": {"edges": [{"node": _RAIN}, {"node": _SUN}]}}},),
    ],
    ids=["pages of an API", "arrays", "pages in an array", "by their ids", "phpMyAdmin", "GraphQL"],
)
def test_lists_at_the_same_path_are_merged(documents: tuple[Any, ...]) -> None:
    articles, messages = _read(*documents)
    assert [(each.article_id, each.body) for each in articles] == [("a", "It rained."), ("b", "It shone.")]
    assert messages == []


def test_comments_are_not_articles_even_if_they_are_more_numerous() -> None:
    comments = [{"id": number, "body": "Nice"} for number in range(30)]
    articles, messages = _read({"comments": comments, "posts": [_RAIN, _SUN]})
    assert [each.article_id for each in articles] == ["a", "b"]
    assert "comments (30)" in messages[0]
    assert "only posts is read" in messages[0]


@pytest.mark.parametrize(
    "rows",
    [
        [{"id": 1, "attributes": {"title": "Draft", "body": "x", "publishedAt": None}}],
        [{"id": 1, "documentId": "d", "title": "Draft", "content": "x", "publishedAt": None}],
        [{"sys": {"id": "1", "version": 3}, "fields": {"title": {"en": "Draft"}, "body": {"en": "x"}}}],
        [{"_id": "drafts.1", "title": "Draft", "body": [{"_type": "block", "children": []}]}],
        [{"id": 1, "langcode": "en", "title": "Draft", "status": False, "body": {"value": "x"}}],
        [{"id": 1, "title": {"rendered": "Locked"}, "content": {"rendered": "", "protected": True}}],
    ],
    ids=["Strapi 4", "Strapi 5", "Contentful", "Sanity", "Drupal", "WordPress"],
)
def test_unpublished_rows_of_each_system_are_left_out(rows: list[dict[str, Any]]) -> None:
    articles, _ = _read({"data": [_RAIN, *rows]})
    assert [each.article_id for each in articles] == ["a"]


_TERMS = {
    "WPGraphQL": {
        "categories": {"nodes": [{"name": "News"}]},
        "tags": {"nodes": [{"name": "Rain"}, {"name": "Sun"}]},
        "featuredImage": {"node": {"sourceUrl": "https://a.example/1.jpg"}},
    },
    "WordPress.com": {
        "categories": {"News": {"ID": 1, "name": "News"}},
        "tags": {"Rain": {"ID": 2, "name": "Rain"}, "Sun": {"ID": 3, "name": "Sun"}},
        "featured_image": "https://a.example/1.jpg",
    },
}


@pytest.mark.parametrize("terms", _TERMS.values(), ids=_TERMS)
def test_terms_and_images_are_unwrapped(terms: dict[str, Any]) -> None:
    ((article,), _) = _read([{"id": 1, "title": "Rain", "content": "<p>It rained.</p>", **terms}])
    assert (article.section, article.image) == ("News", "https://a.example/1.jpg")
    assert article.metadata["tags"] == ["Rain", "Sun"]


def test_terms_that_are_not_embedded_come_from_style_classes() -> None:
    post = {
        "id": 1,
        "title": {"rendered": "Rain"},
        "content": {"rendered": "<p>It rained.</p>"},
        "categories": [3],
        "tags": [7, 8],
        "class_list": ["post-1", "category-harbour-news", "tag-rain"],
        "yoast_head_json": {"og_image": [{"url": "https://a.example/1.jpg"}]},
    }
    ((article,), _) = _read([post])
    assert (article.section, article.metadata["tags"]) == ("harbour-news", ["rain"])
    assert article.image == "https://a.example/1.jpg"
    assert "yoast_head_json" not in article.metadata


def test_drupal_rest_values_are_unwrapped() -> None:
    node = {
        "nid": [{"value": 1}],
        "uuid": [{"value": "u"}],
        "langcode": [{"value": "de"}],
        "title": [{"value": "Rain"}],
        "body": [{"value": "It rained.", "processed": "<p>It rained.</p>"}],
        "created": [{"value": "2026-05-01T10:00:00+00:00"}],
        "path": [{"alias": "/rain"}],
    }
    ((article,), _) = _read([node])
    assert (article.article_id, article.title, article.body) == ("u", "Rain", "<p>It rained.</p>")
    assert (article.url, article.language) == ("/rain", "de")
    assert article.published is not None


def test_texts_as_paragraphs_and_editor_documents() -> None:
    document = {
        "type": "doc",
        "content": [{"type": "paragraph", "content": [{"type": "text", "text": "It rained."}]}],
    }
    rows = [
        {"id": 1, "title": "Rain", "text": ["It rained.", "Much."]},
        {"id": 2, "title": "Rain", "content": document},
    ]
    (first, second), _ = _read(rows)
    assert (first.body, second.body) == ("It rained.\n\nMuch.", "<p>It rained.</p>")
