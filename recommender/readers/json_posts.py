"""Posts in the shapes that the APIs of content management systems give them, as the fields of a row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

__all__ = ["post_fields"]

_TELLING = frozenset(
    ("_source", "attributes", "fields", "sys", "excerpt", "content", "title", "primary_tag", "tag_list")
)
_RENDERED = ("title", "content", "excerpt", "body", "description")
_IDS = frozenset(("id", "_id", "uuid", "documentId"))


def post_fields(row: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a post: what an API wraps comes out of its wrapping.

    The REST API of WordPress, the Content API of Ghost, Strapi, Elasticsearch, Contentful, Drupal's JSON:API and Dev.to are
    known. Every other row is returned as it is.

    Examples
    --------
    >>> post_fields({"id": 1, "title": {"rendered": "Rain"}, "content": {"rendered": "<p>It rained.</p>"}})
    {'id': 1, 'title': 'Rain', 'content': '<p>It rained.</p>'}
    >>> post_fields({"_id": "a", "_source": {"title": "Rain"}})
    {'id': 'a', 'title': 'Rain'}
    """
    if _TELLING.isdisjoint(row):
        return row
    for name in ("_source", "attributes", "fields"):
        inner = row.get(name)
        if isinstance(inner, dict) and "title" not in row:
            row = {**_ids(row), **inner}
            break
    if not any(isinstance(row.get(name), dict) for name in _RENDERED) and "primary_tag" not in row:
        return row
    return _wordpress(row) if isinstance(row.get("title"), dict) else _others(row)


def _ids(row: dict[str, Any]) -> dict[str, Any]:
    sys = row.get("sys")
    found = next((row[name] for name in ("id", "_id") if row.get(name) not in (None, "")), None)
    if found is None and isinstance(sys, dict):
        found = sys.get("id")
    return {} if found is None else {"id": found}


def _wordpress(row: dict[str, Any]) -> dict[str, Any]:
    post = {name: _text(value) if name in _RENDERED else value for name, value in row.items()}
    content = row.get("content")
    if isinstance(content, dict) and content.get("protected") is True and not post.get("content"):
        post["post_password"] = "protected"  # noqa: S105 (what the API says instead of the text)
    for name in ("categories", "tags"):
        if isinstance(post.get(name), list) and all(isinstance(each, int) for each in post[name]):
            del post[name]  # numbers of terms, which are no names
    if isinstance(post.get("date_gmt"), str) and post["date_gmt"][:4] != "0000":
        post["date"] = post.pop("date_gmt")
    embedded = post.pop("_embedded", None)
    if isinstance(embedded, dict):
        post |= _embedded(embedded)
    post.pop("_links", None)
    return post


def _embedded(embedded: dict[str, Any]) -> dict[str, Any]:
    terms = list(_terms(embedded.get("wp:term")))
    media = embedded.get("wp:featuredmedia")
    image = (
        media[0].get("source_url")
        if isinstance(media, list) and media and isinstance(media[0], dict)
        else None
    )
    found = {
        "section": next((name for taxonomy, name in terms if taxonomy == "category"), None),
        "tags": [name for taxonomy, name in terms if taxonomy == "post_tag"],
        "image": image,
    }
    return {name: value for name, value in found.items() if value}


def _terms(groups: Any) -> Iterator[tuple[Any, str]]:
    for group in groups if isinstance(groups, list) else ():
        for term in group if isinstance(group, list) else ():
            if isinstance(term, dict) and isinstance(term.get("name"), str):
                yield term.get("taxonomy"), term["name"]


def _others(row: dict[str, Any]) -> dict[str, Any]:
    """Return a post of Ghost, whose first tag is its section, or of Drupal, whose texts are objects."""
    post = {name: _text(value) if name in _RENDERED else value for name, value in row.items()}
    primary = post.pop("primary_tag", None)
    if isinstance(primary, dict) and isinstance(primary.get("name"), str):
        post.setdefault("section", primary["name"])
    path = post.get("path")
    if isinstance(path, dict):
        post["url"] = post.get("url") or path.get("alias")
        del post["path"]
    if post.get("status") is False:
        post["status"] = "draft"
    return post


def _text(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return next(
        (
            value[name]
            for name in ("rendered", "processed", "value", "raw")
            if isinstance(value.get(name), str)
        ),
        value,
    )
