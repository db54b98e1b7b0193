"""Front matter in YAML that is not valid as a whole, read entry by entry."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from recommender.errors import Problem
from recommender.readers.markdown.front_matter_reasons import decides_publication
from recommender.readers.markdown.front_matter_values import MOVE
from recommender.readers.markdown.yaml_front_matter import read_yaml
from recommender.readers.markdown.yaml_values import MAX_DEPTH

__all__ = ["read_entries"]

_ENTRY = re.compile(
    r"""(["']?)([\w.@$-][\w.@$ -]{0,60})\1:(?:[ \t]+([^\n]*)|(?<=[a-z]:)(?!//)([^\s:][^\n]*))?\n"""
    r"((?:(?:[ \t][^\n]*|-[ \t][^\n]*|-)?\n)*)"
)
_COMMENT = re.compile(r"^[ \t]*#[^\n]*\n", re.MULTILINE)
_ITEM = re.compile(r"[ \t]*-(?:[ \t]+([^\n]*))?")
_BRACKETS = {"[": "]", "{": "}"}


def read_entries(block: str, fault: Problem) -> tuple[dict[str, Any], Problem] | None:
    """Return the entries of a block, and its fault with the names of those that are left out.

    A line that is not valid alone is text, and so is an item of a list. Any other entry that is not valid is left out,
    unless it decides whether the page is published, or is its title.

    Returns
    -------
    tuple or None
        None where a line belongs to no entry, or where an entry is needed and cannot be read.
    """
    block = _COMMENT.sub("", block if block.endswith("\n") else f"{block}\n")
    entries: dict[str, Any] = {}
    left_out: list[str] = []
    at = len(block) - len(block.lstrip("\n"))
    while at < len(block):
        entry = _ENTRY.match(block, at)
        if entry is None:
            return None
        at = entry.end()
        read = _entry(entry)
        if read is None and decides_publication(entry[2]):
            return None
        if read is None:
            left_out.append(repr(entry[2]))
        else:
            entries |= read
    if not entries:
        return None
    move = f"{MOVE}; {' and '.join(left_out)} {'are' if len(left_out) > 1 else 'is'} left out"
    return entries, replace(fault, next_move=move) if left_out else fault


def _entry(entry: re.Match[str]) -> dict[str, Any] | None:
    """Return an entry as YAML, or else with its value or the items of its list as text. None where it is neither."""
    read = read_yaml(entry[0])
    if isinstance(read, dict):
        return read
    name, value, lines = entry[2], (entry[3] or entry[4] or "").strip(), entry[5].strip("\n")
    if value and not _is_closed(value):
        return None
    if not lines.strip():
        return {name: value} if value else None
    items = [_ITEM.fullmatch(line) for line in lines.split("\n") if line.strip()]
    texts = [(item[1] or "").strip() for item in items if item is not None]
    if len(texts) < len(items) or not all(map(_is_closed, texts)):
        return None
    return {name: [text for text in (value, *map(_plain, texts)) if text]}


def _plain(item: str) -> Any:
    """Return an item of a list by YAML, or else as it is written."""
    read = read_yaml(f"item: {item}\n")
    return read["item"] if isinstance(read, dict) else item


def _is_closed(value: str) -> bool:
    """Return whether brackets and quotes of a value end in its line. What YAML would expand is not a value."""
    if value.startswith(("*", "&", "|", ">")) or sum(map(value.count, _BRACKETS)) > MAX_DEPTH:
        return False
    closing = _BRACKETS.get(value[:1], "")
    is_balanced = not closing or value.count(value[0]) == value.count(closing)
    return is_balanced and value.count('"') % 2 == 0
