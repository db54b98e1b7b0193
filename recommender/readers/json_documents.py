"""JSON documents: an array of objects, objects one after another, or an object that holds a list of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import orjson

from recommender.errors import InputError, Problem
from recommender.readers.fields import NAMES
from recommender.readers.json_posts import post_fields
from recommender.readers.rows import Row
from recommender.readers.sources import Source, read_whole

__all__ = ["parsed", "read_json"]

_DEEPEST = 4  # levels of objects around the list of articles
_KNOWN = frozenset((*NAMES["title"], *NAMES["text"]))


def read_json(source: Source) -> Iterator[Row]:
    """Yield a row for each article, with its number from 1 as the line.

    In an object the articles are the longest list of objects that have a title or a text, at most four levels deep.

    Raises
    ------
    InputError
        If it is no JSON, or holds no such list.
    """
    content = read_whole(source)
    try:
        values = parsed(content)
    except orjson.JSONDecodeError as error:
        move = "check the file and --format"
        said = f"{error.msg} at column {error.colno}"
        raise InputError(Problem("not JSON", said, move, source.name, error.lineno)) from error
    for number, value in enumerate(_articles(values, source.name), 1):
        if isinstance(value, dict):
            yield Row(source.name, number, value)
        else:
            problem = Problem("not a JSON object", type(value).__name__, "give objects")
            yield Row(source.name, number, problem, value)


def parsed(content: bytes) -> list[Any]:
    """Return the values in a document, of which there may be several one after another.

    Raises
    ------
    orjson.JSONDecodeError
        If it is not JSON, nor JSON with the NaN that Python writes, which is read as null.
    """
    try:
        return [orjson.loads(content)]
    except orjson.JSONDecodeError as error:
        values = _one_after_another(content)
        if values is None:
            raise error
        return values


def _one_after_another(content: bytes) -> list[Any] | None:
    decoder = json.JSONDecoder(parse_constant=lambda name: None, strict=False)
    try:
        text = content.decode("utf-8").strip()
        values, at = [], 0
        while at < len(text):
            value, at = decoder.raw_decode(text, at)
            values.append(value)
            while at < len(text) and text[at] in " \t\r\n,":
                at += 1
    except (ValueError, RecursionError):
        return None
    return values


def _articles(values: list[Any], name: str) -> list[Any]:
    if len(values) != 1:
        return values
    (document,) = values
    if isinstance(document, list):
        return document
    if not isinstance(document, dict):
        raise InputError(
            Problem("no list of objects", type(document).__name__, "give an array of objects", name)
        )
    if _is_article(document) and not any(map(_is_list, document.values())):
        return [document]
    lists = sorted(_lists_in(document, _DEEPEST), key=len, reverse=True)
    if lists:
        return lists[0]
    if _is_article(document):
        return [document]
    keys = ", ".join(map(repr, list(document)[:20]))
    move = "give an array of objects with 'id', 'title' and 'text'"
    raise InputError(Problem("no list of articles in this object", f"the keys {keys}", move, name))


def _lists_in(value: dict[str, Any], depth: int) -> Iterator[list[Any]]:
    for inner in value.values():
        if _is_list(inner):
            yield inner
        elif isinstance(inner, dict) and depth > 1:
            yield from _lists_in(inner, depth - 1)


def _is_list(value: object) -> bool:
    """Say whether a value is a list of articles, by its first ten."""
    return isinstance(value, list) and any(
        isinstance(each, dict) and _is_article(each) for each in value[:10]
    )


def _is_article(value: dict[str, Any]) -> bool:
    return not _KNOWN.isdisjoint(name.lower() for name in post_fields(value))
