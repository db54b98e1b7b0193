"""Read JSON documents: arrays of objects, concatenated objects, or objects with nested lists of articles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from recommender.errors import InputError, Problem
from recommender.readers.inputs.sources import Source
from recommender.readers.json.json_posts import post_fields
from recommender.readers.json.json_values import json_values
from recommender.readers.records.named_fields import NO_NAMES, NamedFields
from recommender.readers.records.rows import Caution, Row
from recommender.readers.records.standard_names import ID_NAMES, NAMES

__all__ = ["read_json"]

_DEEPEST = 8  # maximum nesting depth of a list of articles
_INSPECTED = 20  # number of objects inspected per list
_TITLES = frozenset(NAMES["title"]) - {"name"}  # categories and authors also have names
_TEXTS = frozenset(NAMES["text"])
_WITH_NAME, _WITH_TITLE, _WITH_TEXT = 1, 2, 3  # ranks of objects; 4 is an object with title and text

_Lists = dict[str, list[Any]]


def read_json(source: Source, named: NamedFields = NO_NAMES) -> Iterator[Row]:
    """Yield a row for each article, with its number from 1 as the line.

    If objects contain lists, the articles are the longest list whose objects have a title and a text. An
    object that maps ids to articles counts as a list. A warning names the other lists. `named` are fields whose names
    the user gave.

    Raises
    ------
    InputError
        If the source is not JSON or has no list of articles.
    """
    values = json_values(source)
    if named.names:
        values = [_with_standard_names(value, named, _DEEPEST) for value in values]
    lists = _lists_of(values)
    ranked = sorted(lists, key=lambda path: (_rank_of(lists[path]), len(lists[path])), reverse=True)
    articles = lists[ranked[0]] if ranked else []
    if not _rank_of(articles):
        if any(value != [] for value in values):
            raise InputError(_no_articles(values).at(source.name))
        return
    others = [f"{path} ({len(lists[path]):,})" for path in ranked[1:] if _rank_of(lists[path]) > _WITH_NAME]
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


def _with_standard_names(value: Any, named: NamedFields, levels: int) -> Any:
    """Return a value in which all objects have standard names for the fields that the user named."""
    if not levels or not isinstance(value, list | dict):
        return value
    if isinstance(value, list):
        return [_with_standard_names(each, named, levels - 1) for each in value]
    return {
        name: _with_standard_names(each, named, levels - 1) for name, each in named.standard(value).items()
    }


def _lists_of(values: list[Any]) -> _Lists:
    """Return the lists of articles in a document by path. The path of top-level values is empty."""
    lists: _Lists = defaultdict(list)
    for value in values:
        inner: _Lists = defaultdict(list)
        _collect(value, "", inner, _DEEPEST)
        own = _rank(value) if isinstance(value, dict) else 0
        best = max(map(_rank_of, inner.values()), default=0)
        if (
            own > best
            or (own >= _WITH_TEXT and not value.keys().isdisjoint(ID_NAMES))
            or not isinstance(value, dict | list)
        ):
            inner = {"": [value]}
        for path, found in inner.items():
            lists[path] += found
    return lists


def _collect(value: Any, path: str, lists: _Lists, levels: int) -> None:
    """Add the lists of articles in a value to `lists`. Lists with the same path are merged."""
    if isinstance(value, list):
        rank = _rank_of(value)
        lists[path] += value if rank else []
        if rank > _WITH_NAME:
            return
        parts: Iterable[tuple[str, Any]] = ((path, each) for each in value)
    elif isinstance(value, dict):
        if value and all(
            isinstance(each, dict) and _rank(each) >= _WITH_TITLE
            for each in islice(value.values(), _INSPECTED)
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
    """Return the highest rank among the first objects of a list."""
    objects = (each for each in values if isinstance(each, dict))
    return max(map(_rank, islice(objects, _INSPECTED)), default=0)


def _rank(value: dict[str, Any]) -> int:
    names = {name.strip().lower() for name in post_fields(value)}
    has_title, has_text = not _TITLES.isdisjoint(names), not _TEXTS.isdisjoint(names)
    return _WITH_TITLE * has_title + _WITH_TEXT * has_text - (has_title and has_text) or _WITH_NAME * (
        "name" in names
    )


def _no_articles(values: list[Any]) -> Problem:
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
