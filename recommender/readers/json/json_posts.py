"""Convert posts from the APIs of content management systems to the fields of a row."""

from __future__ import annotations

from typing import Any

from recommender.metadata import TAG_FIELDS
from recommender.readers.json.json_envelopes import ENVELOPES, unwrapped
from recommender.readers.json.json_shapes import MARKERS, complete
from recommender.readers.json.rich_text import rich_text
from recommender.readers.records.standard_names import NAMES

__all__ = ["post_fields"]

_TEXTS = ("title", "content", "excerpt", "body", "text", "description", "summary")
_MARKERS = frozenset({*ENVELOPES, *MARKERS})
_FORMS = ("rendered", "processed", "html", "value", "markdown", "text", "raw")  # forms of a text, best first
_RELATED = frozenset({*TAG_FIELDS, *NAMES["section"], *NAMES["image"], "author", "authors"})
_WRAPPERS = ("data", "attributes", "nodes", "edges", "node")
_OBJECTS = frozenset((dict, list))
_DEEPEST = 8  # maximum number of wrappers around a value


def post_fields(row: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a post, unwrapped from the structure of an API.

    Supported are the APIs of WordPress (REST and GraphQL), Ghost, Strapi, Elasticsearch, Contentful, Drupal,
    Airtable and Forem (dev.to), and the rich text of many editors. All other rows are returned unchanged.

    Examples
    --------
    >>> post_fields({"id": 1, "title": {"rendered": "Rain"}, "content": {"rendered": "<p>It rained.</p>"}})
    {'id': 1, 'title': 'Rain', 'content': '<p>It rained.</p>'}
    >>> post_fields({"_id": "a", "_source": {"title": "Rain"}})
    {'id': 'a', 'title': 'Rain'}
    """
    if _MARKERS.isdisjoint(row) and not _holds_objects(row):
        return row
    post = complete(unwrapped(row))
    for name, value in post.items():
        if isinstance(value, dict | list):
            if name in _TEXTS:
                post[name] = _written(value)
            elif name.lower() in _RELATED:
                post[name] = _unwrapped(value, _DEEPEST)
    return post


def _holds_objects(row: dict[str, Any]) -> bool:
    """Return whether a text field is an object or a list, or tags or categories are an object."""
    if _OBJECTS.isdisjoint(map(type, row.values())):
        return False  # fast path for most rows, at a tenth of the cost
    for name in _TEXTS:
        if isinstance(row.get(name), dict | list):
            return True
    return isinstance(row.get("tags"), dict) or isinstance(row.get("categories"), dict)


def _written(value: Any) -> Any:
    """Return the text of a value: its best form, a rich text document, or a list of paragraphs."""
    if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        return "\n\n".join(value)
    if isinstance(value, dict):
        for name in _FORMS:
            if isinstance(value.get(name), str):
                return value[name]
    text = rich_text(value)
    return value if text is None else text


def _unwrapped(value: Any, levels: int) -> Any:
    """Return related data of a post, such as images or terms, without the wrappers of GraphQL and Strapi."""
    if isinstance(value, list) and levels:
        return [_unwrapped(each, levels - 1) for each in value]
    if not isinstance(value, dict) or not levels:
        return value
    for name in _WRAPPERS:
        if isinstance(value.get(name), dict | list):
            return _unwrapped(value[name], levels - 1)
    if value and all(isinstance(each, dict) and "name" in each for each in value.values()):
        return list(value.values())  # WordPress.com maps names to terms
    return value["sourceUrl"] if isinstance(value.get("sourceUrl"), str) else value
