"""Labels of links in a paragraph whose brackets nest so deeply that it is no text."""

from __future__ import annotations

import itertools
from types import SimpleNamespace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline

__all__ = ["bound_link_labels"]

_DEEPEST = 200  # open brackets; each open one costs the parser a look at twenty more
_DEPTH = -1  # key in the cache of a paragraph, which has places from 0 on


def bound_link_labels(markdown: MarkdownIt) -> None:
    """Have a parser find no links in paragraphs with more than 200 brackets open at once. They stay as they are written.

    Without it, a hundred kilobytes of ``![`` take seconds.
    """
    from markdown_it import helpers

    def label_end(state: StateInline, start: int, disableNested: bool = False) -> int:
        depth = state.cache.get(_DEPTH)
        if depth is None:
            depth = state.cache[_DEPTH] = _deepest(state.src)
        return -1 if depth > _DEEPEST else helpers.parseLinkLabel(state, start, disableNested)

    names = {name: getattr(helpers, name) for name in helpers.__all__}
    markdown.helpers = SimpleNamespace(**names | {"parseLinkLabel": label_end})  # type: ignore[assignment]  # for a module


def _deepest(text: str) -> int:
    """Return how many brackets are open at once, whatever they are part of."""
    if text.count("[") <= _DEEPEST:
        return 0
    steps = (1 if mark == "[" else -1 for mark in text if mark in "[]")
    return max(itertools.accumulate(steps, lambda open_, step: max(0, open_ + step), initial=0))
