"""Values of YAML as text, lists and mappings, from the events of a parser."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

__all__ = ["MAX_DEPTH", "values_of"]

MAX_DEPTH = 50
_MOST_EXPANDED = 10_000  # characters that aliases stand for


def values_of(events: Iterable[Any]) -> Any:
    """Return the value of the first document, None if there is none.

    An alias stands for what its anchor named last, so a name may be given twice, as other parsers allow. A key that
    occurs twice has its last value.

    Raises
    ------
    ValueError
        If collections are nested deeper than 50, an alias names nothing before it, or all aliases stand for more than
        10,000 characters.
    yaml.YAMLError
        If the text is not valid.
    """
    import yaml

    builder = _Builder()
    for event in events:
        if isinstance(event, yaml.AliasEvent):
            builder.alias(event.anchor or "")
        elif isinstance(event, yaml.ScalarEvent):
            builder.put(event.value, event.anchor, len(event.value) + 1)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            builder.open({} if isinstance(event, yaml.MappingStartEvent) else [], event.anchor)
        elif isinstance(event, yaml.CollectionEndEvent):
            builder.close()
    return builder.root


class _Builder:
    """Puts values into the collections that are open."""

    def __init__(self) -> None:
        self.root: Any = None
        self._named: dict[str, tuple[Any, int]] = {}  # by anchor, with its size
        self._open: list[tuple[dict[str, Any] | list[Any], str | None, int]] = []
        self._keys: list[str | None] = []
        self._size = self._expanded = 0

    def open(self, value: dict[str, Any] | list[Any], anchor: str | None) -> None:
        self._open.append((value, anchor, self._size))
        self._keys.append(None)
        if len(self._open) > MAX_DEPTH:
            raise ValueError(f"nested deeper than {MAX_DEPTH}")

    def close(self) -> None:
        value, anchor, before = self._open.pop()
        self._keys.pop()
        self.put(value, anchor, self._size - before + 1, is_counted=True)

    def alias(self, anchor: str) -> None:
        value, size = self._named.get(anchor, (None, 0))
        self._expanded += size
        if not size or self._expanded > _MOST_EXPANDED:
            raise ValueError(f"the alias *{anchor} is not allowed")
        self.put(value, None, size)

    def put(self, value: Any, anchor: str | None, size: int, is_counted: bool = False) -> None:
        self._size += 1 if is_counted else size
        if anchor:
            self._named[anchor] = value, size
        if not self._open:
            self.root = value if self.root is None else self.root
            return
        inside = self._open[-1][0]
        if isinstance(inside, list):
            inside.append(value)
        elif self._keys[-1] is None:
            self._keys[-1] = value if isinstance(value, str) else str(value)
        else:
            inside[self._keys[-1]] = value
            self._keys[-1] = None
