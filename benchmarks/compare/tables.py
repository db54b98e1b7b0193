"""Results of comparisons as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import NamedTuple

from benchmarks.compare.levels import (
    EXACT,
    LEVELS,
    exponent,
    family,
    fastest_at,
    growth,
    latest,
    measured,
    our_fastest,
    ratio,
)
from benchmarks.compare.points import TIME_OF, Figures, front, settings_text
from benchmarks.results import Result, origin
from benchmarks.tables import markdown_table, megabytes, spread_seconds

__all__ = ["table"]


_LOWEST = 0.8  # smallest recall shown


class _Column(NamedTuple):
    header: str
    cell: Callable[[Figures, Figures | None], str]  # takes a point, and ours at the same recall


def table(results: Sequence[Result]) -> str:
    """Return the fastest at each recall, all fronts and failures of each run, then tables of growth."""
    shown = latest(results)
    parts = [part for result in shown for part in _run(result)]
    for _, runs in groupby(sorted(shown, key=family), key=family):
        parts += _growth(list(runs))
    return "\n".join(parts)


def _run(result: Result) -> list[str]:
    figures, settings, mode = result["figures"], result["settings"], result["measurement"]
    points, columns, time = measured(result), _COLUMNS[mode], TIME_OF[mode]
    name = f"{result['vectors']['name']}, {figures['n']:,} x {figures['n_dimensions']}"
    about = f"k={settings['k']}, {settings['threads']} threads, rounds: {settings['repeats']}"
    about += f", recall of {figures['n_asked']:,}, load {result['load_average_before'][0]:.1f}"
    parts = [f"### {name}\n\n{about}, commit {', '.join(origin(result))}.\n"]
    for level in LEVELS:
        if best := fastest_at(points, level, time):
            title = "Exact" if level == EXACT else f"Fastest at recall of at least {level:.2f}"
            parts.append(f"{title}:\n\n{_table(columns, best, our_fastest(best))}")
    contenders = dict.fromkeys(point["contender"] for point in points)
    useful = [point for point in points if point["recall"]["median"] >= _LOWEST]
    fronts = [
        point for name in contenders for point in front([p for p in useful if p["contender"] == name], time)
    ]
    if fronts:
        plain = [column for column in columns if column.header != _TIMES]
        parts.append(
            f"Front of each contender from a recall of {_LOWEST} on:\n\n{_table(plain, fronts, None)}"
        )
    if lost := _not_measured(result):
        parts.append("Not measured:\n\n" + "".join(f"- {line}\n" for line in lost))
    return parts


def _table(columns: Sequence[_Column], points: Sequence[Figures], ours: Figures | None) -> str:
    rows = ([_emphasised(point), *(column.cell(point, ours) for column in columns)] for point in points)
    return markdown_table(["contender", *(column.header for column in columns)], rows)


def _emphasised(point: Figures) -> str:
    return f"**{point['contender']}**" if point["ours"] else str(point["contender"])


def _not_measured(result: Result) -> list[str]:
    """Return a line for each contender and reason with the points that have no figures."""
    lost: dict[tuple[str, str], list[str]] = {}
    for point in result["figures"]["points"]:
        if point["status"] != "measured":
            why = point["error"] or f"took more than {result['settings']['limit_s']:g} s"
            lost.setdefault((point["contender"], why), []).append(settings_text(point))
    lines = [
        f"{name}, {len(settings)} of its settings ({settings[0]}{' ...' if len(settings) > 1 else ''}): {why}"
        for (name, why), settings in lost.items()
    ]
    return lines + [
        f"{name}: not installed ({line})" for name, line in result["figures"]["not_installed"].items()
    ]


def _growth(results: Sequence[Result]) -> list[str]:
    if len(results) < 2:
        return []
    mode = results[0]["measurement"]
    sizes = sorted(result["figures"]["n"] for result in results)
    parts = []
    for field, title, show in _GROWS[mode]:
        for level in (EXACT, 0.95):
            found = growth(results, level, TIME_OF[mode])
            if not found:
                continue
            rows = []
            for name, steps in found.items():
                cells = {n: show(point[field]["median"]) for n, point in steps}
                power = exponent(steps, field)
                shown = "-" if power is None else f"{power:.2f}"
                rows.append([name, *(cells.get(n, "-") for n in sizes), shown])
            shown_level = "exact" if level == EXACT else f"at recall of at least {level:.2f}"
            header = ["contender", *(f"{n:,}" for n in sizes), "power of n"]
            parts.append(
                f"{results[0]['vectors']['name']}, {title} by number of vectors, {shown_level}:\n\n"
                + markdown_table(header, rows)
            )
    return parts


def _spread_of(name: str, digits: int) -> Callable[[Figures, Figures | None], str]:
    return lambda point, ours: spread_seconds(point[name], digits)


def _median_of(name: str, show: Callable[[float], str]) -> Callable[[Figures, Figures | None], str]:
    return lambda point, ours: show(point[name]["median"])


def _times_ours(name: str) -> Callable[[Figures, Figures | None], str]:
    def cell(point: Figures, ours: Figures | None) -> str:
        if ours is None or point is ours:
            return "-" if ours is None else "1"
        found = ratio(point[name], ours[name])
        ends = f" ({found['min']:.2f}-{found['max']:.2f})" if found["min"] < found["max"] else ""
        return f"{found['median']:.2f}{ends}"

    return cell


_TIMES = "x ours"
_RECALL = _Column("recall", _median_of("recall", lambda value: f"{value:.4f}"))
_SETTINGS = _Column("settings", lambda point, ours: settings_text(point))
_COLUMNS: dict[str, list[_Column]] = {
    "selfjoin": [
        _RECALL,
        _Column("together s", _spread_of("total_s", 2)),
        _Column(_TIMES, _times_ours("total_s")),
        _Column("set-up s", _median_of("setup_s", lambda value: f"{value:.2f}")),
        _Column("search s", _median_of("search_s", lambda value: f"{value:.2f}")),
        _Column("memory MB", _median_of("memory_bytes", megabytes)),
        _SETTINGS,
    ],
    "query": [
        _RECALL,
        _Column("p50 us", _spread_of("p50_us", 0)),
        _Column(_TIMES, _times_ours("p50_us")),
        _Column("p95 us", _spread_of("p95_us", 0)),
        _Column("p99 us", _spread_of("p99_us", 0)),
        _Column(_TIMES, _times_ours("p99_us")),
        _Column("set-up s", _median_of("setup_s", lambda value: f"{value:.2f}")),
        _Column("index MB", _median_of("index_bytes", megabytes)),
        _SETTINGS,
    ],
}
_GROWS: dict[str, list[tuple[str, str, Callable[[float], str]]]] = {
    "selfjoin": [
        ("total_s", "seconds", lambda value: f"{value:.2f}"),
        ("memory_bytes", "MB besides the vectors", megabytes),
    ],
    "query": [
        ("p50_us", "p50 in microseconds", lambda value: f"{value:.0f}"),
        ("p99_us", "p99 in microseconds", lambda value: f"{value:.0f}"),
        ("index_bytes", "MB of the index", megabytes),
    ],
}
