"""Results of `recommender evaluate` as lines, as a JSON document and as a TSV file of values per query."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from recommender.cli.judged import Judged
from recommender.cli.terminal import plural, table
from recommender.evaluation import ClickModel, Comparison

__all__ = ["Report", "write_values"]

_POSITIONS = 10  # propensities in the text output


@dataclass(frozen=True)
class Report:
    """Results of one evaluation."""

    ours: Judged
    other: Judged | None
    compared: Mapping[str, Comparison]
    clicks: ClickModel | None

    def document(self) -> dict[str, Any]:
        """Return the document of `--json`."""
        return {
            **_document(self.ours),
            "against": _document(self.other) if self.other is not None else None,
            "comparison": {name: _difference(each) for name, each in self.compared.items()} or None,
            "clicks": _clicks(self.clicks) if self.clicks is not None else None,
        }

    def lines(self) -> Iterator[str]:
        """Yield the lines of the text output."""
        yield from _means(self.ours)
        if self.other is not None:
            yield from ("", f"against {self.other.name}", *_differences(self.compared))
        yield from ("", *_counted(self.ours))
        if self.other is not None and _counted(self.other) != _counted(self.ours):
            yield from (f"of {self.other.name}:", *_counted(self.other))
        if self.clicks is not None:
            yield from _judged_by(self.clicks)
        sides = [side for side in (self.ours, self.other) if side is not None and side.exposure is not None]
        if sides:
            yield from ("", *_exposures(sides, self.other is not None))


def write_values(file: Path, report: Report) -> None:
    """Write a TSV with one row per query and one column per measure.

    Columns of `--against` end in `` (against)``. The file is replaced in one step.
    """
    ours = report.ours.evaluation
    columns = {str(measure): values.tolist() for measure, values in ours.values.items()}
    if report.other is not None:
        theirs = report.other.evaluation.values.items()
        columns |= {f"{measure} (against)": values.tolist() for measure, values in theirs}
    from recommender.export.atomic_write import atomic_write

    with (
        atomic_write(file, lambda existing: True) as part,
        part.open("w", encoding="utf-8", newline="") as out,
    ):
        writer = csv.writer(out, delimiter="\t", lineterminator="\n")
        writer.writerow(["query_id", *columns])
        writer.writerows(zip(ours.query_ids, *columns.values(), strict=True))


def _document(judged: Judged) -> dict[str, Any]:
    evaluation, intervals = judged.evaluation, judged.evaluation.intervals()
    return {
        "lists": judged.name,
        "queries": len(evaluation.query_ids),
        "queries_not_on_site": list(judged.missing),
        "queries_without_list": evaluation.n_without_list,
        "queries_without_relevant": evaluation.n_without_relevant,
        "entries": evaluation.n_entries,
        "entries_judged": evaluation.n_judged_entries,
        "measures": {
            name: {"mean": mean, "low": intervals[name].low, "high": intervals[name].high}
            for name, mean in evaluation.means.items()
        },
        "exposure": asdict(judged.exposure) if judged.exposure is not None else None,
    }


def _difference(each: Comparison) -> dict[str, Any]:
    return {
        "difference": each.difference,
        "relative": each.relative,
        "low": each.interval.low,
        "high": each.interval.high,
        "p_value": each.p_value,
        "wins": each.wins,
        "losses": each.losses,
        "ties": each.ties,
    }


def _clicks(model: ClickModel) -> dict[str, Any]:
    return {
        "impressions": int(model.log.impressions.sum()),
        "clicks": int(model.log.clicks.sum()),
        "informative_clicks": model.informative_clicks,
        "propensities": {
            str(position): share
            for position, share in zip(model.positions.tolist(), model.propensities.tolist(), strict=True)
        },
    }


def _means(judged: Judged) -> list[str]:
    intervals = judged.evaluation.intervals()
    return table(
        [("measure", "mean", "95 % interval")]
        + [
            (name, f"{mean:.4f}", f"{intervals[name].low:.4f} - {intervals[name].high:.4f}")
            for name, mean in judged.evaluation.means.items()
        ]
    )


def _differences(compared: Mapping[str, Comparison]) -> list[str]:
    columns = ("measure", "mean", "difference", "relative", "95 % interval", "p", "wins", "losses", "ties")
    return table(
        [columns]
        + [
            (
                name,
                f"{each.baseline:.4f}",
                f"{each.difference:+.4f}",
                f"{each.relative:+.1%}" if each.baseline else "-",
                f"{each.interval.low:+.4f} - {each.interval.high:+.4f}",
                f"{each.p_value:.4f}",
                f"{each.wins:,}",
                f"{each.losses:,}",
                f"{each.ties:,}",
            )
            for name, each in compared.items()
        ]
    )


def _counted(judged: Judged) -> list[str]:
    evaluation, missing = judged.evaluation, len(judged.missing)
    absent = f"{missing:,} not on this site, " if judged.exposure is not None else ""
    without = "with an empty list" if judged.exposure is not None else "without a list"
    return [
        f"{plural(len(evaluation.query_ids), 'judged article')}; scored 0: {absent}"
        f"{evaluation.n_without_list - missing:,} {without}, "
        f"{evaluation.n_without_relevant:,} without a positive grade",
        f"{evaluation.n_judged_entries:,} of {evaluation.n_entries:,} entries in their lists are judged",
    ]


def _judged_by(model: ClickModel) -> Iterator[str]:
    log = model.log
    yield (
        f"judgements from {plural(int(log.clicks.sum()), 'click')} in "
        f"{plural(int(log.impressions.sum()), 'impression')}; "
        f"{model.informative_clicks:,} on pairs shown at several positions"
    )
    shares = zip(model.positions[:_POSITIONS], model.propensities[:_POSITIONS], strict=True)
    yield "propensity by position: " + ", ".join(f"{position}: {share:.2f}" for position, share in shares)


def _exposures(sides: list[Judged], named: bool) -> list[str]:
    exposures = [side.exposure for side in sides]

    def row(name: str, form: str, *path: str) -> tuple[str, ...]:
        return name, *(_formatted(exposure, form, path) for exposure in exposures)

    return table(
        [
            ("all lists", *(side.name if named else "" for side in sides)),
            row("articles", ",", "n_articles"),
            row("coverage", ".1%", "coverage"),
            row("orphans, in no list", ",", "orphans"),
            row("Gini of lists an article is in", ".3f", "in_degree_gini"),
            row("lists the most shown is in", ",", "max_in_degree"),
            row("empty lists", ",", "empty_lists"),
            row("distance within lists", ".3f", "intra_list_distance"),
            row("median days apart", ",.1f", "novelty", "median_days_apart"),
            row("newer entries", ".1%", "novelty", "newer"),
        ]
    )


def _formatted(value: Any, form: str, path: tuple[str, ...]) -> str:
    for name in path:
        value = getattr(value, name, None)
    return "-" if value is None or value != value else format(value, form)
