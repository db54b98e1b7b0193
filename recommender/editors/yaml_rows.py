"""Reads rules from YAML: two lists, pins and blocks. Values are kept as the text in the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from recommender.editors.rule import Row
from recommender.editors.yaml_tree import Node, tree_of
from recommender.errors import Problem

__all__ = ["yaml_rows"]

_LISTS = "the lists are 'pins' and 'blocks'"
_EXPECTED = {
    "pins": "{on: page, show: article} and optionally a position",
    "blocks": "{on: page, hide: article}, {pair: [article, article]} or {everywhere: article}",
}
_WHO = ("by", "at")
_NOTES = {"note", *_WHO}
_KEYS = {  # required and optional keys
    "pins": [({"on", "show"}, {"position", *_NOTES})],
    "blocks": [({"on", "hide"}, _NOTES), ({"pair"}, _NOTES), ({"everywhere"}, _NOTES)],
}


def yaml_rows(text: str) -> Iterator[Row]:
    """Yield each rule of a YAML file with its line. ``007``, ``2024-01-01`` and ``no`` are ids, as written.

    Raises
    ------
    InputError
        If the text is not YAML, or contains tags, aliases or deep nesting. Names the line.
    """
    root = tree_of(text)
    if root is None:
        return
    if root.kind != "mapping":
        yield root.line, Problem("expected the lists 'pins' and 'blocks'", root.shown()[:60])
        return
    yield from _duplicates(root)
    for key, node in root.pairs:
        if key in _KEYS:
            yield from _items(key, node)
        else:
            yield node.line, Problem("unknown list", repr(key)[:60], _LISTS)


def _items(section: str, node: Node) -> Iterator[Row]:
    if node.kind == "text" and not node.text:
        return
    if node.kind != "list":
        move = f"give a list of {_EXPECTED[section]}"
        yield node.line, Problem(f"'{section}' is not a list", node.shown()[:60], move)
        return
    for item in node.parts:
        names = {name for name, _ in item.pairs} if item.kind == "mapping" else set()
        if any(required <= names <= required | optional for required, optional in _KEYS[section]):
            yield from _duplicates(item)
            yield item.line, _arguments(item.plain())
        else:
            got = f"the keys {', '.join(name for name, _ in item.pairs)}" if names else item.shown()
            yield item.line, Problem(f"expected {_EXPECTED[section]}", got[:60])


def _arguments(fields: dict[str, Any]) -> dict[str, Any] | Problem:
    fields.pop("note", None)
    who = {name: fields[name] for name in _WHO if name in fields}
    if "everywhere" in fields:
        return {"hide": fields["everywhere"], **who}
    if "pair" in fields:
        pair = fields["pair"]
        if not isinstance(pair, list) or len(pair) != 2:
            move = "give pair: [article, article]"
            return Problem("'pair' must be two article ids", repr(pair)[:60], move)
        return {"on": pair[0], "hide": pair[1], "pair": True, **who}
    return fields


def _duplicates(node: Node) -> Iterator[Row]:
    for name, count in Counter(name for name, _ in node.pairs).items():
        if count > 1:
            yield node.line, Problem("duplicate key", repr(name)[:60], "keep one")
