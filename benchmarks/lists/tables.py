"""Results of ``run lists`` as Markdown: a table for each part, with a row for each corpus of each run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from benchmarks.results import Result, origin
from benchmarks.tables import markdown_table, spread_seconds

__all__ = ["table"]

Row = list[str]


def table(results: Sequence[Result]) -> str:
    """Return the tables of all measured parts, with a row for each corpus of each run."""
    parts = [_part(name, title, header, rows, results) for name, (title, header, rows) in _PARTS.items()]
    return "\n".join(part for part in parts if part)


def _part(
    name: str, title: str, header: Row, rows: Callable[[Any], Iterator[Row]], results: Sequence[Result]
) -> str:
    found = [
        [corpus, *row, *origin(result)]
        for result in results
        for corpus, figures in result["figures"].items()
        if figures.get(name)
        for row in rows(figures[name])
    ]
    text = f"{title}:\n\n" + markdown_table(["corpus", *header, "commit", "started"], found)
    return text if found else ""


def _copies(figures: Any) -> Iterator[Row]:
    largest = ", ".join(str(size) for size in figures["group_sizes"][:3]) or "-"
    yield [
        f"{figures['n_lists']:,}", f"{figures['with_two_copies']:,}", f"{figures['with_own_copy']:,}",
        f"{figures['n_groups']:,}", f"{figures['in_groups']:,}", largest, f"{figures['grouped_otherwise']:,}",
    ]  # fmt: skip


def _editors(figures: Any) -> Iterator[Row]:
    for rules, each in figures.items():
        kinds = each["kinds"].values()
        yield [rules, *(f"{kind['given'] - kind['broken']} of {kind['given']}" for kind in kinds)]


def _absences(figures: Any) -> Iterator[Row]:
    for rules, each in figures.items():
        rules_text = ", ".join(f"{rule} {n:,}" for rule, n in each["rules"].items())
        yield [rules, f"{each['asked']:,}", f"{each['n_unexplained']:,}", f"{each['n_wrong']:,}", rules_text]


def _exposure(figures: Any) -> Iterator[Row]:
    before, after, quality = figures["before"], figures["after"], figures["quality"]

    def both(name: str, form: str) -> str:
        return f"{before[name]:{form}} → {after[name]:{form}}"

    judged = ["-", "-"]
    if quality:
        judged = [f"{quality['plain']:.4f} → {quality['ndcg_5']:.4f}", _percent(quality["relative"])]
    yield [
        both("orphans_share", ".1%"), both("eligible_orphans_share", ".1%"), both("max_over_mean", ".1f"),
        both("gini", ".3f"), *judged,
    ]  # fmt: skip


def _ways(key: str, *others: tuple[str, str]) -> Callable[[Any], Iterator[Row]]:
    def rows(figures: Any) -> Iterator[Row]:
        for way, each in figures.items():
            quality = ["-", "-", "-"]
            if key in each:
                low, high = each["difference_interval_95"]
                quality = [f"{each[key]:.4f}", _percent(each["relative"]), f"[{low:+.4f}, {high:+.4f}]"]
            yield [way, *(_shown(each, name, form) for name, form in others), *quality]

    return rows


def _shown(figures: Mapping[str, Any], name: str, form: str) -> str:
    value: Any = figures
    for step in name.split("."):
        value = None if value is None else value.get(step)
    return "-" if value is None else f"{value:{form}}"


def _percent(relative: float | None) -> str:
    return "-" if relative is None else f"{relative:+.2%}"


def _cost(figures: Any) -> Iterator[Row]:
    for rules, each in figures.items():
        share = each["share"]
        yield [
            rules, spread_seconds(each["assembling"], 3), spread_seconds(each["build"]),
            f"{share['median']:.1%} ({share['min']:.1%}-{share['max']:.1%})",
            _yes(each["same_in_all_runs"]), _yes(each["same_with_1_and_2_threads"]),
        ]  # fmt: skip


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"


_QUALITY = ["nDCG@10", "against the first", "difference, 95 % interval"]
_PARTS: dict[str, tuple[str, Row, Callable[[Any], Iterator[Row]]]] = {
    "copies": (
        "Near copies in lists, counted by other means",
        ["lists", "with two copies", "with the article's own", "groups", "articles in them", "largest", "grouped otherwise"],
        _copies,
    ),
    "editors": (
        "Pins and blocks that hold",
        ["rules", "pin at a position", "pin", "block", "block of a pair", "block everywhere"],
        _editors,
    ),
    "why-not": ("Absences explained", ["rules", "asked", "unexplained", "not so", "explained by"], _absences),
    "exposure": (
        "Exposure in lists of five, at most six times the mean",
        ["orphans", "of those eligible", "most over mean", "Gini", "nDCG@5", "gain"],
        _exposure,
    ),
    "recency": (
        "Modes of recency",
        ["mode", "newer", "days apart", *_QUALITY],
        _ways("ndcg_10", ("novelty.newer", ".1%"), ("novelty.median_days_apart", ",.0f")),
    ),
    "diversity": (
        "Variety",
        ["diversity", "distance in lists", *_QUALITY],
        _ways("ndcg_10", ("intra_list_distance", ".4f")),
    ),
    "floor": (
        "Floors",
        ["floor", "dropped", "empty lists", *_QUALITY],
        _ways("ndcg_10", ("dropped", ".1%"), ("empty_lists", ",")),
    ),
    "cost": (
        "Cost of the assembly",
        ["rules", "assembling, s", "build, s", "share", "same bytes", "with 1 and 2 threads"],
        _cost,
    ),
}  # fmt: skip
