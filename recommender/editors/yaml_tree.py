"""YAML as a tree of text nodes with line numbers, built from parser events. Tags are never constructed."""

from __future__ import annotations

from typing import Any, NamedTuple

from recommender.errors import InputError, Problem

__all__ = ["Node", "tree_of"]

_MAX_DEPTH = 20
_PLAIN_TAGS = {None, "!", *(f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map"))}


class Node(NamedTuple):
    """A value in the file.

    Parameters
    ----------
    line : int
        First line of the value, from 1.
    kind : {"text", "list", "mapping"}
    text : str
        Content of a text.
    parts : list of Node
        Items of a list, or alternating keys and values of a mapping.
    """

    line: int
    kind: str
    text: str
    parts: list[Node]

    @property
    def pairs(self) -> list[tuple[str, Node]]:
        """Keys of a mapping as text, and their values."""
        return [(key.shown(), value) for key, value in zip(self.parts[::2], self.parts[1::2], strict=True)]

    def plain(self) -> Any:
        """Return the value as str, list or dict."""
        if self.kind == "list":
            return [part.plain() for part in self.parts]
        return self.text if self.kind == "text" else {key: value.plain() for key, value in self.pairs}

    def shown(self) -> str:
        """Return the text, or the kind of another value: ``"a list"``."""
        return self.text if self.kind == "text" else f"a {self.kind}"


def tree_of(text: str) -> Node | None:
    """Return the only document of a text, or None if it is empty.

    Raises
    ------
    InputError
        If the text is not YAML, or contains aliases, tags or nesting deeper than 20, which can exhaust memory
        or name code. Names the line.
    """
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # some builds lack the C parser
    top = Node(1, "list", "", [])
    opened = [top]
    try:
        for event in yaml.parse(text, loader):
            if isinstance(event, yaml.CollectionEndEvent):
                opened.pop()
            elif isinstance(event, yaml.NodeEvent):
                node = _node(event)
                opened[-1].parts.append(node)
                if node.kind != "text":
                    opened.append(node)
                    if len(opened) > _MAX_DEPTH:
                        raise InputError(Problem(f"nested deeper than {_MAX_DEPTH}", line=node.line))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        got = " ".join(str(getattr(error, "problem", None) or error).split())[:200]
        move = "quote ids that contain ': ' or ' #' or start with punctuation"
        raise InputError(Problem("not YAML", got, move, line=1 if mark is None else mark.line + 1)) from error
    if len(top.parts) > 1:
        raise InputError(
            Problem("more than one document", "'---'", "remove that line", line=top.parts[1].line)
        )
    root = top.parts[0] if top.parts else None
    return None if root is None or (root.kind == "text" and not root.text) else root


def _node(event: Any) -> Node:
    line = event.start_mark.line + 1
    tag = getattr(event, "tag", None)
    if tag not in _PLAIN_TAGS:
        raise InputError(
            Problem(f"the tag {str(tag)[:60]} is not allowed", "", "write the value itself", line=line)
        )
    name = type(event).__name__
    if name == "AliasEvent":
        raise InputError(
            Problem(f"the alias *{event.anchor} is not allowed", "", "write the value itself", line=line)
        )
    if name == "ScalarEvent":
        return Node(line, "text", event.value, [])
    return Node(line, "list" if name == "SequenceStartEvent" else "mapping", "", [])
