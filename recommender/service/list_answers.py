"""Lists as JSON, made in one place for all requests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from recommender.lists.related import RelatedList
from recommender.service.answers import Answer
from recommender.service.cache_headers import CacheHeaders
from recommender.service.list_models import ENTRY_FIELDS

__all__ = ["list_answer", "list_body"]

_REASONS = ("parts", "terms")


def list_body(
    related: RelatedList, fields: Sequence[str] = (), *, why: bool = False, arm: str | None = None
) -> bytes:
    """Return a list as JSON. `fields` are those of its entries; none means all."""
    names = fields or ((*ENTRY_FIELDS, *_REASONS) if why else ENTRY_FIELDS)
    entries = [{name: _plain(name, getattr(entry, name)) for name in names} for entry in related]
    content: dict[str, Any] = {"article_id": related.article_id, "related": entries}
    if related.translations:
        content["translations"] = [each.to_dict() for each in related.translations]
    if arm is not None:
        content["arm"] = arm
    return orjson.dumps(content)


def list_answer(related: RelatedList, headers: CacheHeaders) -> Answer:
    """Return the list of an article as an answer."""
    return Answer(list_body(related), headers.of_list(str(related.article_id)))


def _plain(name: str, value: Any) -> Any:
    if name == "parts":
        return dict(value)
    return [each.to_dict() for each in value] if name == "terms" else value
