"""Ghost exports: published posts, ordered tags, and editor documents."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from recommender.articles import Article
from recommender.errors import InputError
from recommender.readers import read_articles


def _post(key: str, **values: Any) -> dict[str, Any]:
    given = {"title": f"Title {key}", "slug": f"slug-{key}", "status": "published", "html": "<p>Text.</p>"}
    return {"id": key, "published_at": "2026-05-01T10:00:00.000Z"} | given | values


def _export(*posts: object, **tables: Any) -> str:
    return json.dumps({"db": [{"meta": {"version": "5.70.0"}, "data": {"posts": posts, **tables}}]})


def _read(content: str, format: str | None = None) -> list[Article]:
    return list(read_articles(io.BytesIO(content.encode()), format=format))


def test_drafts_scheduled_posts_and_mails_are_left_out() -> None:
    articles = _read(
        _export(
            _post("a"),
            _post("b", status="draft"),
            _post("c", status="scheduled"),
            _post("d", status="sent"),
            _post("e", visibility="members"),
            _post("f", type="page"),
            _post("g", type="page", slug="imprint"),
        )
    )
    assert [article.article_id for article in articles] == ["a", "e", "f"]


def test_the_first_public_tag_is_the_section() -> None:
    tags = [{"id": f"t{name}", "name": name} for name in ("News", "Harbour", "#internal", "Ships")]
    links = [
        {"post_id": "a", "tag_id": f"t{name}", "sort_order": order}
        for order, name in [(3, "Ships"), (2, "News"), (1, "Harbour"), (0, "#internal")]
    ]
    (article, other) = _read(_export(_post("a"), _post("b"), tags=tags, posts_tags=links))
    assert (article.section, article.metadata["tags"]) == ("Harbour", ["News", "Ships"])
    assert (other.section, "tags" in other.metadata) == (None, False)


def test_addresses_within_the_site_are_paths() -> None:
    (article,) = _read(
        _export(
            _post(
                "a", html="<a href='__GHOST_URL__/b/'>b</a>", feature_image="__GHOST_URL__/content/quay.jpg"
            )
        )
    )
    assert (article.image, article.body, article.url) == (
        "/content/quay.jpg",
        "<a href='/b/'>b</a>",
        "/slug-a/",
    )


_LEXICAL = {
    "root": {
        "type": "root",
        "children": [
            {
                "type": "paragraph",
                "children": [{"type": "extended-text", "text": "Rain & "}, {"type": "text", "text": "sun"}],
            },
            {"type": "image", "src": "__GHOST_URL__/quay.jpg"},
            {"type": "paragraph", "children": [{"type": "extended-text", "text": "Second"}]},
        ],
    }
}
_MOBILEDOC = {
    "version": "0.3.1",
    "cards": [],
    "sections": [[1, "p", [[0, [], 0, "Rain & "], [0, [], 0, "sun"]]], [3, "ul", [[[0, [], 0, "Second"]]]]],
}


@pytest.mark.parametrize(("name", "document"), [("lexical", _LEXICAL), ("mobiledoc", _MOBILEDOC)])
def test_a_post_without_html_uses_its_editor_document(name: str, document: object) -> None:
    (article,) = _read(_export(_post("a", html=None, **{name: json.dumps(document)})))
    assert article.body == "<p>Rain &amp; sun</p><p>Second</p>"


@pytest.mark.parametrize(
    "document", ["{", "5", "[[[[", '{"root":' * 3_000 + "1" + "}" * 3_000, "[" * 200_000]
)
def test_a_post_with_an_unreadable_editor_document_keeps_its_title(document: str) -> None:
    (article,) = _read(_export(_post("a", html=None, lexical=document, mobiledoc=document)))
    assert (article.title, article.body) == ("Title a", "")


@pytest.mark.parametrize(
    "content", ["{}", "[1]", "{}{}", '{"db": [{"data": {}}]}', '{"db": [{"data": {"posts": 5}}]}']
)
def test_an_export_without_posts_is_an_error(content: str) -> None:
    with pytest.raises(InputError) as caught:
        _read(content, "ghost")
    assert caught.value.problems[0].source == "<stream>"


def test_a_post_that_is_not_an_object_is_a_bad_row() -> None:
    with pytest.raises(InputError) as caught:
        _read(_export(_post("a"), None, 5))
    assert [problem.line for problem in caught.value.problems] == [2, 3]
