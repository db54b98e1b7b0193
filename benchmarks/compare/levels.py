"""Fastest contenders at a recall, ratios of their times, and growth with the number of vectors."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from benchmarks.compare.points import Figures
from benchmarks.results import Result

__all__ = [
    "EXACT",
    "LEVELS",
    "exponent",
    "family",
    "fastest_at",
    "growth",
    "latest",
    "measured",
    "our_fastest",
    "ratio",
]

EXACT = 1.0
LEVELS = (EXACT, 0.98, 0.95, 0.90)


def measured(result: Result) -> list[Figures]:
    """Return the points of a result that were measured."""
    return [point for point in result["figures"]["points"] if point["status"] == "measured"]


def fastest_at(points: Iterable[Figures], level: float, time: str) -> list[Figures]:
    """Return the fastest point of each contender with at least this recall, the fastest first.

    The level `EXACT` takes contenders that promise every true neighbour, whatever recall is measured on a sample.
    """
    best: dict[str, Figures] = {}
    for point in points:
        enough = point["exact"] if level == EXACT else point["recall"]["median"] >= level
        known = best.get(point["contender"])
        if enough and (known is None or point[time]["median"] < known[time]["median"]):
            best[point["contender"]] = point
    return sorted(best.values(), key=lambda point: float(point[time]["median"]))


def our_fastest(points: Sequence[Figures]) -> Figures | None:
    """Return the first of our points, in points sorted by time."""
    return next((point for point in points if point["ours"]), None)


def ratio(theirs: dict[str, Any], ours: dict[str, Any]) -> dict[str, float]:
    """Return the ratio of a figure to ours: that of the medians, and the smallest and largest over rounds.

    Examples
    --------
    >>> ratio({"min": 8, "median": 9, "max": 12}, {"min": 2, "median": 3, "max": 4})
    {'min': 2.0, 'median': 3.0, 'max': 6.0}
    """
    return {
        "min": theirs["min"] / ours["max"],
        "median": theirs["median"] / ours["median"],
        "max": theirs["max"] / ours["min"],
    }


def latest(results: Sequence[Result]) -> list[Result]:
    """Return the latest of the runs with the same vectors, k and number of threads."""
    found: dict[tuple[Any, ...], Result] = {}
    for result in sorted(results, key=lambda result: result["started"]):
        found[(*family(result), result["figures"]["n"])] = result
    return list(found.values())


def family(result: Result) -> tuple[Any, ...]:
    """Return what is equal in runs that differ only in the number of vectors."""
    settings = result["settings"]
    return (
        result["measurement"], result["vectors"]["name"], result["figures"]["n_dimensions"],
        settings["k"], settings["threads"],
    )  # fmt: skip


def growth(results: Sequence[Result], level: float, time: str) -> dict[str, list[tuple[int, Figures]]]:
    """Return the fastest points of each contender with at least this recall, by number of vectors.

    Parameters
    ----------
    results : sequence of dict
        Results of one family, see `family`.
    level : float
    time : str
        Name of the compared figure.
    """
    found: dict[str, list[tuple[int, Figures]]] = {}
    for result in sorted(results, key=lambda result: int(result["figures"]["n"])):
        for point in fastest_at(measured(result), level, time):
            found.setdefault(point["contender"], []).append((result["figures"]["n"], point))
    return found


def exponent(steps: Sequence[tuple[int, Figures]], time: str) -> float | None:
    """Return the power of n by which a figure grows from the smallest to the largest set; None for one size.

    Examples
    --------
    >>> exponent([(100, {"total_s": {"median": 1}}), (400, {"total_s": {"median": 8}})], "total_s")
    1.5
    """
    (fewest, first), (most, last) = steps[0], steps[-1]
    if fewest == most:
        return None
    return math.log(last[time]["median"] / first[time]["median"]) / math.log(most / fewest)
