"""The values of front matter, whichever language they are written in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import Any

from recommender.errors import Problem

__all__ = ["MOVE", "read_matter", "titled"]

MOVE = "correct the front matter"


def read_matter(parse: Callable[[str], object], block: str) -> dict[str, Any] | Problem:
    """Return front matter by its parser, which raises ValueError where it is not valid."""
    try:
        matter = parse(block)
    except (ValueError, RecursionError) as error:
        got = " ".join(str(error).split())[:200]
        return Problem("front matter that cannot be read", got, MOVE)
    if matter in (None, ""):
        return {}
    if not isinstance(matter, dict):
        return Problem("front matter is not a mapping", type(matter).__name__, MOVE)
    return titled(matter)


def titled(matter: dict[str, Any]) -> dict[str, Any]:
    """Return front matter with a title that is text, also where it is 1984, or a date of TOML."""
    title = matter.get("title")
    return {**matter, "title": str(title)} if isinstance(title, (int, float, date, time)) else matter
