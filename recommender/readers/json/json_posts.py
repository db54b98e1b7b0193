"""Posts in the shapes that the APIs of content management systems give them, as the fields of a row."""

from __future__ import annotations

from typing import Any

from recommender.metadata import TAG_FIELDS
from recommender.readers.json.json_envelopes import ENVELOPES, opened
from recommender.readers.json.json_shapes import TELLING, complete
from recommender.readers.json.rich_text import rich_text
from recommender.readers.records.field_names import NAMES

__all__ = ["post_fields"]

_TEXTS = ("title", "content", "excerpt", "body", "text", "description", "summary")
_TELLING = frozenset({*ENVELOPES, *TELLING})
_FORMS = ("rendered", "processed", "html", "value", "markdown", "text", "raw")  # of a text, the best first
_RELATED = frozenset({*TAG_FIELDS, *NAMES["section"], *NAMES["image"], "author", "authors"})
_WRAPPERS = ("data", "attributes", "nodes", "edges", "node")
_OBJECTS = frozenset((dict, list))
_DEEPEST = 8  # wrappers around a value


def post_fields(row: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a post: what an API wraps comes out of its wrapping.

    Known are the APIs of WordPress (REST and GraphQL), Ghost, Strapi, Elasticsearch, Contentful, Drupal, Airtable and
    Forem (dev.to), and the rich text of many editors. Every other row is returned as it is.

    Examples
    --------
    >>> post_fields({"id": 1, "title": {"rendered": "Rain"}, "content": {"rendered": "<p>It rained.</p>"}})
    {'id': 1, 'title': 'Rain', 'content': '<p>It rained.</p>'}
    >>> post_fields({"_id": "a", "_source": {"title": "Rain"}})
    {'id': 'a', 'title': 'Rain'}
    """
    if _TELLING.isdisjoint(row) and not _holds_objects(row):
        return row
    post = complete(opened(row))
    for name, value in post.items():
        if isinstance(value, dict | list):
            if name in _TEXTS:
                post[name] = _written(value)
            elif name.lower() in _RELATED:
                post[name] = _peeled(value, _DEEPEST)
    return post


def _holds_objects(row: dict[str, Any]) -> bool:
    """Say whether a text is an object or a list, or tags or categories are an object."""
    if _OBJECTS.isdisjoint(map(type, row.values())):
        return False  # most rows end here, at a tenth of the cost
    for name in _TEXTS:
        if isinstance(row.get(name), dict | list):
            return True
    return isinstance(row.get("tags"), dict) or isinstance(row.get("categories"), dict)


def _written(value: Any) -> Any:
    """Return the text in a value: in the best of its forms, of a rich text document, or of a list of paragraphs."""
    if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        return "\n\n".join(value)
    if isinstance(value, dict):
        for name in _FORMS:
            if isinstance(value.get(name), str):
                return value[name]
    text = rich_text(value)
    return value if text is None else text


def _peeled(value: Any, levels: int) -> Any:
    """Return what is related to a post, a picture or its terms, without the wrappers of GraphQL and Strapi."""
    if isinstance(value, list) and levels:
        return [_peeled(each, levels - 1) for each in value]
    if not isinstance(value, dict) or not levels:
        return value
    for name in _WRAPPERS:
        if isinstance(value.get(name), dict | list):
            return _peeled(value[name], levels - 1)
    if value and all(isinstance(each, dict) and "name" in each for each in value.values()):
        return list(value.values())  # WordPress.com has its terms by their names
    return value["sourceUrl"] if isinstance(value.get("sourceUrl"), str) else value
