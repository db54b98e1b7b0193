"""The explanation of an absence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from recommender.frozen_dict import FrozenDict

__all__ = ["STAGES", "Absence", "Reason", "shown_similarity"]

STAGES = {
    "listed": "list", "itself": "eligibility", "hidden": "editors", "unlisted": "listing", "blocked": "editors",
    "copy": "near copies", "where": "filters", "window": "filters", "language": "language", "tree": "parallel trees",
    "translation": "translations", "linked": "links",
    "same": "filters", "newer": "recency", "nothing in common": "ranking", "floor": "floor", "opening": "floor",
    "outscored": "ranking", "pins": "editors", "series": "series", "diversity": "diversity", "rotation": "rotation",
    "cap": "caps", "exposure": "exposure", "candidates": "candidates",
}  # fmt: skip
"""The stage of each rule that an absence can name."""


class Reason(NamedTuple):
    """A rule, an explanation in words, and the numbers that were compared."""

    rule: str
    explanation: str
    numbers: dict[str, Any]


@dataclass(frozen=True)
class Absence:
    """Why one article is not in another's list.

    Parameters
    ----------
    article_id, other_id : str
    rule : str
        One of `STAGES`; "listed" if the article is in the list.
    explanation : str
        The reason in words, with the numbers.
    numbers : mapping of str to value
        What was compared, as JSON can hold it.
    """

    article_id: str
    other_id: str
    rule: str
    explanation: str
    numbers: Mapping[str, Any] = field(default_factory=FrozenDict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "numbers", FrozenDict(self.numbers))

    @property
    def stage(self) -> str:
        """The stage that the rule belongs to."""
        return STAGES[self.rule]

    def to_dict(self) -> dict[str, Any]:
        """Return the explanation as JSON can hold it."""
        return {
            "article_id": self.article_id, "other_id": self.other_id, "stage": self.stage, "rule": self.rule,
            "explanation": self.explanation, "numbers": dict(self.numbers),
        }  # fmt: skip

    def __hash__(self) -> int:
        return hash((self.article_id, self.other_id, self.rule, self.explanation))

    def __str__(self) -> str:
        return f"{self.stage}: {self.explanation}"


def shown_similarity(jaccard: float | None) -> str:
    """Return the similarity of two near copies as a remark; nothing where a third article makes them a group."""
    return "" if jaccard is None else f" (Jaccard {jaccard:.2f})"
