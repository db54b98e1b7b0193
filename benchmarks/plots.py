"""Plots of comparisons: recall against time, and growth of time and memory with the number of vectors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.compare.drawing import (
    draw_line,
    figure,
    recall_axis,
    recall_place,
    save,
    size_axis,
    time_axis,
)
from benchmarks.compare.levels import family, growth, latest, measured
from benchmarks.compare.points import TIME_OF, Figures, front
from benchmarks.results import Result

__all__ = ["plot"]

_LEVEL = 0.95  # recall at which sizes are compared
_LOWEST = 0.8  # smallest recall shown


class _Measure(NamedTuple):
    field: str
    label: str
    scale: float = 1.0


_SECONDS = _Measure("total_s", "seconds, set-up included")
_RECALL_AGAINST = {
    "selfjoin": [_SECONDS],
    "query": [_Measure("p50_us", "p50, microseconds"), _Measure("p99_us", "p99, microseconds")],
}
_BY_SIZE = {
    "selfjoin": [_SECONDS, _Measure("memory_bytes", "memory besides the vectors, MB", 1e-6)],
    "query": [
        _Measure("p50_us", "p50, microseconds"),
        _Measure("p95_us", "p95, microseconds"),
        _Measure("p99_us", "p99, microseconds"),
        _Measure("index_bytes", "index, MB", 1e-6),
    ],
}


def plot(results: Iterable[Result], folder: Path) -> list[Path]:
    """Write the plots of all comparisons among the results as SVG and PNG into a folder; return the files.

    The same results give the same bytes with the same version of matplotlib.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    """
    shown = sorted(latest([each for each in results if each["measurement"] in TIME_OF]), key=family)
    files = [file for result in shown for file in _recall_against_time(result, folder)]
    for _, runs in groupby(shown, key=family):
        files += _by_size(list(runs), folder)
    return files


def _recall_against_time(result: Result, folder: Path) -> list[Path]:
    """Draw a panel for each time: the front of every contender above the smallest recall shown."""
    measures = _RECALL_AGAINST[result["measurement"]]
    drawn, panels = figure(len(measures), f"{_title(result)}, {result['figures']['n']:,} vectors")
    for axes, measure in zip(panels, measures, strict=True):
        for name, points in _by_contender(measured(result)).items():
            useful = [p for p in front(points, measure.field) if p["recall"]["median"] >= _LOWEST]
            if useful:
                recalls = [recall_place(p["recall"]["median"]) for p in useful]
                draw_line(axes, name, recalls, [p[measure.field]["median"] * measure.scale for p in useful])
        time_axis(axes, measure.label)
        recall_axis(axes, f"recall@{result['settings']['k']}")
    return save(drawn, folder, f"{_file_name(result)}-{result['figures']['n']}")


def _by_size(results: Sequence[Result], folder: Path) -> list[Path]:
    """Draw a panel for each figure: the fastest point of each contender at the recall, by number of vectors."""
    if len(results) < 2:
        return []
    mode = results[0]["measurement"]
    found = growth(results, _LEVEL, TIME_OF[mode])
    measures = _BY_SIZE[mode]
    drawn, panels = figure(len(measures), f"{_title(results[0])}, fastest at recall of at least {_LEVEL:.2f}")
    for axes, measure in zip(panels, measures, strict=True):
        for name, steps in found.items():
            values = [point[measure.field]["median"] * measure.scale for _, point in steps]
            draw_line(axes, name, [n for n, _ in steps], values)
        size_axis(axes, sorted({result["figures"]["n"] for result in results}))
        time_axis(axes, measure.label)
    return save(drawn, folder, f"{_file_name(results[0])}-growth")


def _by_contender(points: Iterable[Figures]) -> dict[str, list[Figures]]:
    found: dict[str, list[Figures]] = {}
    for point in points:
        found.setdefault(point["contender"], []).append(point)
    return found


def _title(result: Result) -> str:
    settings: dict[str, Any] = result["settings"]
    vectors = f"{result['vectors']['name']}, {result['figures']['n_dimensions']} dimensions"
    return f"{result['measurement']}: {vectors}, {settings['threads']} threads"


def _file_name(result: Result) -> str:
    settings: dict[str, Any] = result["settings"]
    return f"{result['measurement']}-{result['vectors']['name']}-k{settings['k']}-t{settings['threads']}"
