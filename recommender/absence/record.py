"""What is told of an absence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

__all__ = ["STAGES", "Absence", "Found"]

STAGES = {
    "listed": "list", "itself": "eligibility", "hidden": "editors", "blocked": "editors", "copy": "near copies",
    "where": "filters", "window": "filters", "language": "language", "same": "filters", "newer": "recency",
    "nothing in common": "ranking", "floor": "floor", "outscored": "ranking", "pins": "editors",
    "diversity": "diversity", "cap": "caps", "exposure": "exposure", "candidates": "candidates",
}  # fmt: skip
"""The stage of each rule that an absence can name."""

Found: TypeAlias = tuple[str, str, dict[str, Any]]
"""A rule, what is said, and the numbers."""


@dataclass(frozen=True)
class Absence:
    """What kept one article out of another's list.

    Parameters
    ----------
    article_id, other_id : str
    rule : str
        One of `STAGES`; "listed" if it is there.
    said : str
        The same in a sentence, with the numbers.
    numbers : mapping of str to value
        What was compared, as JSON can hold it.
    """

    article_id: str
    other_id: str
    rule: str
    said: str
    numbers: Mapping[str, Any] = field(default_factory=dict)

    @property
    def stage(self) -> str:
        """The stage that the rule belongs to."""
        return STAGES[self.rule]

    def __str__(self) -> str:
        return f"{self.stage}: {self.said}"
