"""Posts from the APIs of content management systems."""

from __future__ import annotations

import io
import json
from typing import Any

from recommender.articles import Article
from recommender.readers import read_articles


def _read(document: Any) -> list[Article]:
    return list(read_articles(io.BytesIO(json.dumps(document).encode()), format="json"))


def test_posts_of_the_rest_api_of_wordpress() -> None:
    terms = [[{"taxonomy": "category", "name": "News"}], [{"taxonomy": "post_tag", "name": "Wet"}]]
    post = {
        "id": 5,
        "date": "2026-05-01T12:00:00",
        "date_gmt": "2026-05-01T10:00:00",
        "status": "publish",
        "link": "https://site.example/5/",
        "title": {"rendered": "Rain"},
        "content": {"rendered": "<p>It rained.</p>", "protected": False},
        "excerpt": {"rendered": "<p>Short.</p>", "protected": False},
        "categories": [3],
        "tags": [4],
        "_embedded": {
            "wp:term": terms,
            "wp:featuredmedia": [{"source_url": "https://site.example/quay.jpg"}],
        },
    }
    without_names = {name: value for name, value in post.items() if name != "_embedded"} | {"id": 6}
    locked = post | {"id": 7, "content": {"rendered": "", "protected": True}}
    draft = post | {"id": 8, "status": "draft"}
    first, second = _read([post, without_names, locked, draft])
    assert (first.article_id, first.title, first.body) == ("5", "Rain", "<p>It rained.</p>")
    assert (first.section, first.metadata["tags"]) == ("News", ["Wet"])
    assert (first.image, first.url) == ("https://site.example/quay.jpg", "https://site.example/5/")
    assert first.published is not None
    assert first.published.isoformat() == "2026-05-01T10:00:00+00:00"
    assert (second.article_id, second.section, "tags" in second.metadata) == (
        "6",
        None,
        False,
    )  # numbers are not names


def test_posts_of_the_content_api_of_ghost() -> None:
    post = {
        "id": "g1",
        "uuid": "u",
        "title": "Rain",
        "slug": "rain",
        "html": "<p>It rained.</p>",
        "url": "https://site.example/rain/",
        "published_at": "2026-05-01T10:00:00.000+00:00",
        "tags": [{"id": "t1", "name": "News"}, {"id": "t2", "name": "Wet"}],
        "primary_tag": {"id": "t1", "name": "News"},
    }
    (article,) = _read({"posts": [post], "meta": {"pagination": {"page": 1}}})
    assert (article.article_id, article.section, article.body) == ("g1", "News", "<p>It rained.</p>")
    assert "Wet" in article.metadata["tags"]


def test_nodes_of_drupal() -> None:
    texts = {"value": "<p>It rained.</p>", "processed": "<p>It rained.</p>", "summary": ""}
    attributes = {
        "title": "Rain",
        "status": True,
        "langcode": "en",
        "path": {"alias": "/rain"},
        "body": texts,
    }
    nodes = [
        {"type": "node--article", "id": "n1", "attributes": attributes},
        {"type": "node--article", "id": "n2", "attributes": attributes | {"status": False}},
    ]
    (article,) = _read({"jsonapi": {"version": "1.0"}, "data": nodes})
    assert (article.article_id, article.title, article.body) == ("n1", "Rain", "<p>It rained.</p>")
    assert (article.url, article.language) == ("/rain", "en")


def test_entries_of_strapi_contentful_and_elasticsearch() -> None:
    fields = {"title": "Rain", "body": "It rained."}
    documents = [
        {"data": [{"id": 1, "attributes": fields}], "meta": {}},
        {"sys": {"type": "Array"}, "items": [{"sys": {"id": "1", "type": "Entry"}, "fields": fields}]},
        {"hits": {"hits": [{"_id": "1", "_index": "posts", "_score": 1.0, "_source": fields}]}},
    ]
    for document in documents:
        (article,) = _read(document)
        assert (article.article_id, article.title, article.body) == ("1", "Rain", "It rained.")


def test_posts_of_dev_to() -> None:
    post = {
        "type_of": "article",
        "id": 9,
        "title": "Rain",
        "body_html": "<p>It rained.</p>",
        "tag_list": ["weather", "go"],
        "tags": "weather, go",
        "cover_image": "https://site.example/quay.jpg",
        "url": "https://site.example/rain",
    }
    (article,) = _read([post])
    assert (article.article_id, article.body, article.image) == (
        "9",
        "<p>It rained.</p>",
        "https://site.example/quay.jpg",
    )
    assert article.metadata["tags"] == ["weather", "go"]


def test_other_rows_are_unchanged() -> None:
    (article,) = _read(
        [{"id": "a", "title": "Rain", "text": "It rained.", "fields": [1], "attributes": {"colour": "blue"}}]
    )
    assert (article.title, article.body) == ("Rain", "It rained.")
    assert article.metadata == {"fields": [1], "attributes": {"colour": "blue"}}
