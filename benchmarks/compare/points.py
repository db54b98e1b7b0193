"""Points: one contender with one setting of its index and its search, and the figures of all rounds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from benchmarks.contenders.contract import Settings
from benchmarks.results import spread

__all__ = ["TIME_OF", "Figures", "Point", "beaten", "front", "settings_text"]

Figures: TypeAlias = dict[str, Any]
"""A point as stored in a result, from `Point.figures`."""

TIME_OF = {"selfjoin": "total_s", "query": "p50_us"}
"""The time by which points of each mode are compared."""

_WORSE = 0.002  # differences of recall that may be noise


@dataclass
class Point:
    """One setting of one contender.

    Parameters
    ----------
    contender : str
    sweep, search : int
        Place in the grid of the contender.
    build, settings : dict
        Settings of building and of searching.
    exact : bool
        Whether the contender promises every true neighbour.
    ours : bool
    status : {"measured", "failed", "over time"}
    error : str or None
        Error message of the library if it failed.
    raw : dict
        Name of a figure -> its values, one per round.
    """

    contender: str
    sweep: int
    search: int
    build: Settings
    settings: Settings
    exact: bool
    ours: bool
    status: str = "measured"
    error: str | None = None
    raw: dict[str, list[float]] = field(default_factory=dict)

    def add(self, **figures: float) -> None:
        """Add the figures of a round."""
        for name, value in figures.items():
            self.raw.setdefault(name, []).append(float(value))

    def figures(self) -> Figures:
        """Return the point as JSON, each figure with minimum, median and maximum."""
        about = {"contender": self.contender, "build": self.build, "search": self.settings}
        kind = {"exact": self.exact, "ours": self.ours, "status": self.status, "error": self.error}
        return about | kind | {name: spread(values) for name, values in self.raw.items()}


def front(points: Iterable[Figures], time: str) -> list[Figures]:
    """Return the points that no other beats in both time and recall, sorted by recall, without duplicates.

    Examples
    --------
    >>> def point(recall, seconds):
    ...     return {"recall": {"median": recall}, "total_s": {"median": seconds}}
    >>> [p["recall"]["median"] for p in front([point(0.9, 1), point(0.8, 2), point(1, 3)], "total_s")]
    [0.9, 1]
    """
    best: list[Figures] = []
    for point in sorted(points, key=lambda p: (p[time]["median"], -p["recall"]["median"])):
        if not best or point["recall"]["median"] > best[-1]["recall"]["median"]:
            best.append(point)
    return best


def beaten(point: Figures, others: Iterable[Figures], time: str, by: float) -> bool:
    """Return whether another point is more than `by` times as fast at the same recall or more."""
    return any(
        other[time]["median"] * by < point[time]["median"]
        and other["recall"]["median"] >= point["recall"]["median"] - _WORSE
        for other in others
    )


def settings_text(point: Figures) -> str:
    """Return the settings of a point as text.

    Examples
    --------
    >>> settings_text({"build": {"M": 16}, "search": {"ef": 32, "quick": None}})
    'M=16 ef=32'
    """
    settings = point["build"] | point["search"]
    return " ".join(f"{name}={value}" for name, value in settings.items() if value is not None) or "-"
