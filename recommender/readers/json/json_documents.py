"""JSON documents: an array of objects, objects one after another, or objects that hold a list of others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from recommender.errors import InputError, Problem
from recommender.readers.inputs.sources import Source
from recommender.readers.json.json_posts import post_fields
from recommender.readers.json.json_values import json_values
from recommender.readers.records.field_names import ID_NAMES, NAMES
from recommender.readers.records.rows import Caution, Row

__all__ = ["read_json"]

_DEEPEST = 8  # levels around a list of articles
_LOOKED_AT = 20  # objects of a list
_TITLES = frozenset(NAMES["title"]) - {"name"}  # categories and authors have a name, too
_TEXTS = frozenset(NAMES["text"])
_NAMED, _TITLED, _TOLD, _WHOLE = 1, 2, 3, 4  # what an object has: a name, a title, a text, a title and a text

_Lists = dict[str, list[Any]]


def read_json(source: Source) -> Iterator[Row]:
    """Yield a row for each article, with its number from 1 as the line.

    Where objects hold lists, the articles are the list whose objects have a title and a text, and the longest of these. An
    object that holds articles by their ids counts as a list. A warning names the other lists.

    Raises
    ------
    InputError
        If it is no JSON, or holds no such list.
    """
    values = json_values(source)
    lists = _lists_of(values)
    ranked = sorted(lists, key=lambda path: (_rank_of(lists[path]), len(lists[path])), reverse=True)
    articles = lists[ranked[0]] if ranked else []
    if not _rank_of(articles):
        if any(value != [] for value in values):
            raise InputError(_nothing_known(values).at(source.name))
        return
    others = [f"{path} ({len(lists[path]):,})" for path in ranked[1:] if _rank_of(lists[path]) > _NAMED]
    if others:
        caution = Caution(
            "other lists in the document",
            ", ".join(others)[:200],
            f"only {ranked[0] or 'the outermost'} is read",
        )
        yield Row(source.name, None, caution)
    for number, value in enumerate(articles, 1):
        if isinstance(value, dict):
            yield Row(source.name, number, value)
        else:
            problem = Problem("not a JSON object", type(value).__name__, "give objects")
            yield Row(source.name, number, problem, value)


def _lists_of(values: list[Any]) -> _Lists:
    """Return the lists of articles in a document, by their paths; the path of its own values is empty."""
    lists: _Lists = defaultdict(list)
    for value in values:
        inner: _Lists = defaultdict(list)
        _collect(value, "", inner, _DEEPEST)
        own = _rank(value) if isinstance(value, dict) else 0
        best = max(map(_rank_of, inner.values()), default=0)
        if (
            own > best
            or (own >= _TOLD and not value.keys().isdisjoint(ID_NAMES))
            or not isinstance(value, dict | list)
        ):
            inner = {"": [value]}
        for path, found in inner.items():
            lists[path] += found
    return lists


def _collect(value: Any, path: str, lists: _Lists, levels: int) -> None:
    """Add the lists of articles in a value to `lists`; lists of one path are one."""
    if isinstance(value, list):
        rank = _rank_of(value)
        lists[path] += value if rank else []
        if rank > _NAMED:
            return
        parts: Iterable[tuple[str, Any]] = ((path, each) for each in value)
    elif isinstance(value, dict):
        if value and all(
            isinstance(each, dict) and _rank(each) >= _TITLED for each in islice(value.values(), _LOOKED_AT)
        ):
            lists[path] += [
                {"id": key, **each} if isinstance(each, dict) else each for key, each in value.items()
            ]
            return
        parts = ((f"{path}.{name}".lstrip("."), each) for name, each in value.items())
    else:
        return
    if levels:
        for place, each in parts:
            _collect(each, place, lists, levels - 1)


def _rank_of(values: list[Any]) -> int:
    """Say what the best of the first objects of a list has."""
    objects = (each for each in values if isinstance(each, dict))
    return max(map(_rank, islice(objects, _LOOKED_AT)), default=0)


def _rank(value: dict[str, Any]) -> int:
    names = {name.strip().lower() for name in post_fields(value)}
    has_title, has_text = not _TITLES.isdisjoint(names), not _TEXTS.isdisjoint(names)
    return _TITLED * has_title + _TOLD * has_text - (has_title and has_text) or _NAMED * ("name" in names)


def _nothing_known(values: list[Any]) -> Problem:
    first: Any = values[0]
    while isinstance(first, list) and first:
        first = first[0]
    seen = (
        f"the keys {', '.join(map(repr, list(first)[:20]))}"
        if isinstance(first, dict) and first
        else type(first).__name__
    )
    move = "give an array of objects with 'id', 'title' and 'text'"
    return Problem("no list of articles in this document", seen[:300], move)
