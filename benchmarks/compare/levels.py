"""Who is fastest at a recall, by how much, and how that grows."""

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
    """Return the points of a result that have figures."""
    return [point for point in result["figures"]["points"] if point["status"] == "measured"]


def fastest_at(points: Iterable[Figures], level: float, time: str) -> list[Figures]:
    """Return of each contender the fastest point of at least this recall, the fastest contender first.

    `EXACT` are those that promise every true neighbour, whatever a sample of others shows.
    """
    best: dict[str, Figures] = {}
    for point in points:
        enough = point["exact"] if level == EXACT else point["recall"]["median"] >= level
        known = best.get(point["contender"])
        if enough and (known is None or point[time]["median"] < known[time]["median"]):
            best[point["contender"]] = point
    return sorted(best.values(), key=lambda point: float(point[time]["median"]))


def our_fastest(points: Sequence[Figures]) -> Figures | None:
    """Return the first of ours in points that are in order."""
    return next((point for point in points if point["ours"]), None)


def ratio(theirs: dict[str, Any], ours: dict[str, Any]) -> dict[str, float]:
    """Return how many times ours a figure is: of the medians, and the least and most that the rounds allow.

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
    """Return of runs on the same vectors, with one k and number of threads, the one that started last."""
    found: dict[tuple[Any, ...], Result] = {}
    for result in sorted(results, key=lambda result: result["started"]):
        found[(*family(result), result["figures"]["n"])] = result
    return list(found.values())


def family(result: Result) -> tuple[Any, ...]:
    """Return what runs have in common that differ in the number of vectors only."""
    settings = result["settings"]
    return (
        result["measurement"], result["vectors"]["name"], result["figures"]["n_dimensions"],
        settings["k"], settings["threads"],
    )  # fmt: skip


def growth(results: Sequence[Result], level: float, time: str) -> dict[str, list[tuple[int, Figures]]]:
    """Return of each contender its fastest points of at least this recall by the number of vectors.

    Parameters
    ----------
    results : sequence of dict
        Of one family, see `family`.
    level : float
    time : str
        Name of the figure that is compared.
    """
    found: dict[str, list[tuple[int, Figures]]] = {}
    for result in sorted(results, key=lambda result: int(result["figures"]["n"])):
        for point in fastest_at(measured(result), level, time):
            found.setdefault(point["contender"], []).append((result["figures"]["n"], point))
    return found


def exponent(steps: Sequence[tuple[int, Figures]], time: str) -> float | None:
    """Return the power of n that a figure grows by from the fewest vectors to the most; None for one size.

    Examples
    --------
    >>> exponent([(100, {"total_s": {"median": 1}}), (400, {"total_s": {"median": 8}})], "total_s")
    1.5
    """
    (fewest, first), (most, last) = steps[0], steps[-1]
    if fewest == most:
        return None
    return math.log(last[time]["median"] / first[time]["median"]) / math.log(most / fewest)
