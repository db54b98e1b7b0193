"""Unwrap rows of APIs that put the fields of a post inside an envelope object."""

from __future__ import annotations

import re
from typing import Any

from recommender.readers.records.rows import first_given
from recommender.readers.records.standard_names import NAMES

__all__ = ["ENVELOPES", "unwrapped"]

ENVELOPES = ("_source", "attributes", "fields", "node")
"""Envelope fields of Elasticsearch, of JSON:API and Strapi, of Contentful and Airtable, and of GraphQL."""

_KNOWN = frozenset({*NAMES["title"], *NAMES["text"]})
_LOCALE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{2,4})?")


def unwrapped(row: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a row as a new dict. An envelope is removed; its id and date are kept.

    Examples
    --------
    >>> unwrapped({"sys": {"id": "a"}, "fields": {"title": {"en-GB": "Rain"}}})
    {'id': 'a', 'title': 'Rain', 'language': 'en-GB'}
    """
    if _KNOWN.isdisjoint(row):
        for name in ENVELOPES:
            inner = row.get(name)
            if isinstance(inner, dict):
                return _with_outer(_in_one_language(inner), row)
    return _single_values(row)


def _with_outer(inner: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    about = row["sys"] if isinstance(row.get("sys"), dict) else {}
    article_id = first_given([row.get("id"), row.get("_id"), about.get("id")])
    created = first_given([about.get("firstPublishedAt"), about.get("createdAt"), row.get("createdTime")])
    outer = {"id": article_id, "created": created}
    fields = {**{name: value for name, value in outer.items() if value is not None}, **inner}
    if "version" in about and "publishedAt" not in about:  # Contentful shows versions only to editors
        fields["status"] = "draft"
    if "publishedAt" in inner and inner["publishedAt"] is None:  # of Strapi
        fields["status"] = "draft"
    return fields


def _in_one_language(fields: dict[str, Any]) -> dict[str, Any]:
    """Return Contentful fields, which are stored by language, in the first language."""
    locales = [_locales(value) for value in fields.values()]
    if not locales or not all(locales):
        return fields
    first = locales[0][0]
    texts = {name: value[first] for name, value in fields.items() if first in value}
    return {**texts, "language": texts.get("language", first)}


def _locales(value: Any) -> list[str]:
    keys = list(value) if isinstance(value, dict) else []
    return keys if all(_LOCALE.fullmatch(key) for key in keys) else []


def _single_values(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of Drupal's REST API with plain values instead of one-object lists."""
    title = row.get("title")
    if not (isinstance(title, list) and title and isinstance(title[0], dict) and "value" in title[0]):
        return dict(row)
    return {
        name: value[0].get("processed", value[0]["value"])
        if isinstance(value, list) and value and isinstance(value[0], dict) and "value" in value[0]
        else value
        for name, value in row.items()
    }
