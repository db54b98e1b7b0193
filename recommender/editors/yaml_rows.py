"""Rules as YAML: two lists, pins and blocks; every value is the text that was written, with its line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from recommender.editors.rule import Given
from recommender.editors.yaml_tree import Node, tree_of
from recommender.errors import Problem

__all__ = ["yaml_rows"]

_LISTS = "the lists are 'pins' and 'blocks'"
_WANTED = {
    "pins": "{on: page, show: article} and perhaps a position",
    "blocks": "{on: page, hide: article}, {pair: [article, article]} or {everywhere: article}",
}
_KEYS = {  # what each must have, and what it may have besides
    "pins": [({"on", "show"}, {"position", "note"})],
    "blocks": [({"on", "hide"}, {"note"}), ({"pair"}, {"note"}), ({"everywhere"}, {"note"})],
}


def yaml_rows(text: str) -> Iterator[Given]:
    """Yield each rule of a YAML file with its line: ``007``, ``2024-01-01`` and ``no`` are ids as they are written.

    Raises
    ------
    InputError
        With the line, if the text is not YAML or has tags, aliases or deep nesting.
    """
    root = tree_of(text)
    if root is None:
        return
    if root.kind != "mapping":
        yield root.line, Problem("wanted the lists 'pins' and 'blocks'", root.shown()[:60])
        return
    yield from _twice(root)
    for key, node in root.pairs:
        if key in _KEYS:
            yield from _items(key, node)
        else:
            yield node.line, Problem("unknown list", repr(key)[:60], _LISTS)


def _items(section: str, node: Node) -> Iterator[Given]:
    if node.kind == "text" and not node.text:
        return
    if node.kind != "list":
        move = f"give a list of {_WANTED[section]}"
        yield node.line, Problem(f"'{section}' is no list", node.shown()[:60], move)
        return
    for item in node.parts:
        names = {name for name, _ in item.pairs} if item.kind == "mapping" else set()
        if any(must <= names <= must | may for must, may in _KEYS[section]):
            yield from _twice(item)
            yield item.line, _arguments(item.plain())
        else:
            got = f"the keys {', '.join(name for name, _ in item.pairs)}" if names else item.shown()
            yield item.line, Problem(f"wanted {_WANTED[section]}", got[:60])


def _arguments(fields: dict[str, Any]) -> dict[str, Any] | Problem:
    fields.pop("note", None)
    if "everywhere" in fields:
        return {"hide": fields["everywhere"]}
    if "pair" in fields:
        pair = fields["pair"]
        if not isinstance(pair, list) or len(pair) != 2:
            move = "give pair: [article, article]"
            return Problem("wanted two article ids as 'pair'", repr(pair)[:60], move)
        return {"on": pair[0], "hide": pair[1], "pair": True}
    return fields


def _twice(node: Node) -> Iterator[Given]:
    for name, times in Counter(name for name, _ in node.pairs).items():
        if times > 1:
            yield node.line, Problem("a key written twice", repr(name)[:60], "keep one")
