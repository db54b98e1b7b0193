"""Figures as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

__all__ = ["markdown_table", "megabytes", "spread_seconds"]


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table, the first column aligned left, the others right.

    Examples
    --------
    >>> print(markdown_table(["corpus", "s"], [["a", "1.5"]]), end="")
    | corpus | s |
    |---|--:|
    | a | 1.5 |
    """
    rule = ["---", *["--:"] * (len(header) - 1)]
    body = ("| " + " | ".join(row) + " |" for row in rows)
    return "\n".join(["| " + " | ".join(header) + " |", "|" + "|".join(rule) + "|", *body]) + "\n"


def spread_seconds(values: dict[str, Any], digits: int = 2) -> str:
    """Return a median in seconds, with minimum and maximum if there are several values.

    Examples
    --------
    >>> spread_seconds({"min": 1.0, "median": 2.0, "max": 4.0, "raw": [1.0, 2.0, 4.0]})
    '2.00 (1.00-4.00)'
    """
    median = f"{values['median']:.{digits}f}"
    ends = f" ({values['min']:.{digits}f}-{values['max']:.{digits}f})"
    return median + (ends if len(values["raw"]) > 1 else "")


def megabytes(n_bytes: float) -> str:
    """Return bytes as decimal megabytes.

    Examples
    --------
    >>> megabytes(1_234_567_890)
    '1,235'
    """
    return f"{n_bytes / 1e6:,.0f}"
