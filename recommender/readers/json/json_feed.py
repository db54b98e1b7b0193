"""Read JSON Feed 1.1."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from recommender.errors import InputError, Problem
from recommender.metadata import tags_of
from recommender.readers.inputs.sources import Source
from recommender.readers.json.json_values import json_values
from recommender.readers.records.rows import Row, first_given, is_given, take

__all__ = ["read_jsonfeed"]


def read_jsonfeed(source: Source) -> Iterator[Row]:
    """Yield a row for each item of a JSON Feed, with its number from 1 as the line.

    The id is the item's id, or else its URL. HTML content takes precedence over plain text, and plain text
    over the summary. The section is the first tag. Other fields become metadata, with the names of the
    authors as ``author``.

    Raises
    ------
    InputError
        If the source is not JSON or has no list of items.
    """
    values = json_values(source)
    feed = values[0] if len(values) == 1 else None
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(feed, dict) or not isinstance(items, list):
        raise InputError(Problem("no list of 'items'", "", "check the file and --format", source.name))
    for number, item in enumerate(items, 1):
        if isinstance(item, dict):
            yield Row(source.name, number, _item_fields(dict(item), feed))
        else:
            problem = Problem("item is not an object", type(item).__name__, "remove it")
            yield Row(source.name, number, problem, item)


def _item_fields(item: dict[str, Any], feed: dict[str, Any]) -> dict[str, Any]:
    tags = tags_of(item.pop("tags", None))
    text = take(item, "content_html", "content_text")
    summary = item.pop("summary", None)
    fields = {
        "id": first_given([item.pop("id", None), item.get("url")]),
        "title": item.pop("title", None),
        "text": summary if text is None else text,
        "published": take(item, "date_published", "date_modified"),
        "section": tags[0] if tags else None,
        "language": first_given([item.pop("language", None), feed.get("language")]),
        "url": take(item, "url", "external_url"),
        "description": None if text is None else summary,
        "image": take(item, "image", "banner_image"),
        "author": _authors(item, feed),
        "tags": tags[1:],
    }
    return {**item, **{name: value for name, value in fields.items() if is_given(value)}}


def _authors(item: dict[str, Any], feed: dict[str, Any]) -> str:
    single = item.pop("author", None)  # version 1.0
    given = [item.pop("authors", None), single and [single], feed.get("authors"), feed.get("author")]
    return ", ".join(tags_of(first_given(given)))
