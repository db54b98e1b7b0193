"""JSON Feed 1.1."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from recommender.errors import InputError, Problem
from recommender.metadata import tags_of
from recommender.readers.rows import Row, first_given, is_given, take
from recommender.readers.sources import Source, read_whole

__all__ = ["read_jsonfeed"]


def read_jsonfeed(source: Source) -> Iterator[Row]:
    """Yield a row for each item of a JSON Feed, with its number from 1 as the line.

    The id is the item's id, else its URL; HTML content goes before plain, and that before the summary; the section is
    the first tag. Other fields become metadata, the authors as ``author`` by name.
    """
    try:
        feed = orjson.loads(read_whole(source))
    except orjson.JSONDecodeError as error:
        move = "check the file and --format"
        raise InputError(Problem("not JSON", f"{error.msg}", move, source.name, error.lineno)) from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise InputError(Problem("no list of 'items'", "", "check the file and --format", source.name))
    for number, item in enumerate(items, 1):
        if isinstance(item, dict):
            yield Row(source.name, number, _item_fields(dict(item), feed))
        else:
            problem = Problem("item is not an object", type(item).__name__, "remove it")
            yield Row(source.name, number, problem, item)


def _item_fields(item: dict[str, Any], feed: dict[str, Any]) -> dict[str, Any]:
    tags = tags_of(item.pop("tags", None))
    summary = item.get("summary")
    fields = {
        "id": first_given([item.pop("id", None), item.get("url")]),
        "title": item.pop("title", None),
        "text": take(item, "content_html", "content_text", "summary"),
        "published": take(item, "date_published", "date_modified"),
        "section": tags[0] if tags else None,
        "language": first_given([item.pop("language", None), feed.get("language")]),
        "url": take(item, "url", "external_url"),
        "description": summary,
        "image": take(item, "image", "banner_image"),
        "author": _authors(item, feed),
        "tags": tags[1:],
    }
    item.pop("summary", None)
    return {**item, **{name: value for name, value in fields.items() if is_given(value)}}


def _authors(item: dict[str, Any], feed: dict[str, Any]) -> str:
    single, several = item.pop("author", None), item.pop("authors", None)
    return ", ".join(tags_of(first_given([several, [single] if single else None, feed.get("authors")])))
