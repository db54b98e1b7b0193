"""`recommender evaluate`: evaluates an artifact or a run file against judgements or clicks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from recommender.cli.evaluation_report import Report, write_values
from recommender.cli.judged import judge_lists, open_lists
from recommender.cli.options import example, json_option
from recommender.cli.terminal import print_json, print_lines, say
from recommender.errors import InputError
from recommender.evaluation import (
    ClickModel,
    Measure,
    Qrels,
    compare,
    fit_clicks,
    parse_measures,
    read_clicks,
    read_qrels,
    write_qrels,
    write_run,
)

__all__ = ["command"]

_DEFAULTS = ("nDCG@10", "R@10", "P@5", "RR", "Success@5")
_SIGNIFICANT = 0.05
_ROUNDING = 1e-9  # tolerance for rounding errors of means in the conditions
_INFORMATIVE = 10  # clicks per position, the weight of the prior of the click model


@dataclass(frozen=True, slots=True)
class _Options:
    clicks: str | None
    against: Path | None
    measures: tuple[str, ...]
    judged_only: bool
    per_query: Path | None
    run_out: Path | None
    qrels_out: Path | None
    fail_under: float | None
    fail_drop: float | None
    fail_worse: bool
    as_json: bool


@click.command(
    "evaluate",
    epilog=example(
        "recommender evaluate site.rec qrels.tsv",
        "recommender evaluate site.rec qrels.tsv -m \"nDCG(dcg='exp-log2')@10\" -m P@5 --fail-under 0.5",
        "recommender evaluate new.rec qrels.tsv --against old.rec --fail-drop 0.01",
        "recommender evaluate site.rec --clicks clicks.csv.gz --judged-only",
    ),
)
@click.argument("lists", type=click.Path(path_type=Path))
@click.argument("qrels", type=click.Path(path_type=Path), required=False)
@click.option(
    "--clicks",
    metavar="FILE",
    help="Derive judgements from a click log instead of QRELS: CSV, TSV or JSON Lines with query, shown, "
    "position, clicked; or the folder of `serve --clicks`.",
)
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    metavar="LISTS",
    help="Compare each query with the lists of another artifact or run file.",
)
@click.option(
    "-m",
    "--measure",
    "measures",
    multiple=True,
    metavar="MEASURE",
    help=f"Measure, such as nDCG@10 or P(rel=2)@5. Can be repeated.  [default: {', '.join(_DEFAULTS)}]",
)
@click.option(
    "--judged-only",
    is_flag=True,
    help="Ignore entries without a judgement instead of counting them as not relevant.",
)
@click.option(
    "--per-query",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the values of each query as TSV.",
)
@click.option(
    "--run-out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the evaluated lists as a TREC run.",
)
@click.option(
    "--qrels-out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the judgements as TREC qrels. With --clicks these are derived from the log.",
)
@click.option(
    "--fail-under",
    type=click.FloatRange(0, 1),
    metavar="X",
    help="Exit with code 1 if the mean of the first measure is below X.",
)
@click.option(
    "--fail-drop",
    type=click.FloatRange(0, 1),
    metavar="X",
    help="Exit with code 1 if the first measure is lower than that of --against by more than the share X: "
    "0.01 is 1 %.",
)
@click.option(
    "--fail-worse",
    is_flag=True,
    help="Exit with code 1 if the first measure is lower than that of --against with a p-value below "
    f"{_SIGNIFICANT}.",
)
@json_option
def command(lists: Path, qrels: Path | None, **values: Any) -> None:
    """Evaluate the lists of a site.

    LISTS is an artifact or a TREC run file (query Q0 article rank score tag). QRELS contains judgements in
    TREC format (query 0 article grade) or BEIR format. Queries are articles of the site. Means are over all
    judged queries and have a 95 % bootstrap interval. A query without a list scores 0.

    The gain of nDCG is the grade. For the gain 2^grade - 1 use "nDCG(dcg='exp-log2')@10". Other measures are
    AP, RR, P, R (recall) and Success. For these, grades of 1 and above are relevant, or of 2 and above with
    P(rel=2)@5.
    """
    options = _Options(**values)
    if (qrels is None) == (options.clicks is None):
        raise click.UsageError("give either QRELS or --clicks FILE")
    if options.against is None and (options.fail_worse or options.fail_drop is not None):
        raise click.UsageError("--fail-drop and --fail-worse require --against LISTS")
    measures = _measures(options.measures)
    opened = [(path, open_lists(path)) for path in (lists, options.against) if path is not None]
    model, judgements = _judgements(qrels, options.clicks)
    ours, *others = [
        judge_lists(path, given, judgements, measures, options.judged_only) for path, given in opened
    ]
    compared = compare(others[0].evaluation, ours.evaluation) if others else {}
    report = Report(ours, others[0] if others else None, compared, model)
    _write_files(report, judgements, options)
    if options.as_json:
        print_json(report.document())
    else:
        print_lines(report.lines())
    failures = list(_failures(report, measures[0], options))
    for failure in failures:
        say(f"Error: {failure}")
    if failures:
        raise click.exceptions.Exit(1)


def _write_files(report: Report, judgements: Qrels, options: _Options) -> None:
    if options.run_out is not None:
        write_run(options.run_out, report.ours.run)
    if options.qrels_out is not None:
        write_qrels(options.qrels_out, judgements)
    if options.per_query is not None:
        write_values(options.per_query, report)


def _measures(measures: tuple[str, ...]) -> tuple[Measure, ...]:
    try:
        return parse_measures(measures or _DEFAULTS)
    except InputError as error:
        raise click.UsageError(str(error)) from error


def _judgements(qrels: Path | None, clicks: str | None) -> tuple[ClickModel | None, Qrels]:
    if qrels is not None:
        return None, read_qrels(qrels)
    model = fit_clicks(read_clicks(clicks or ""))
    _warn_if_uninformative(model)
    return model, model.qrels()


def _warn_if_uninformative(model: ClickModel) -> None:
    if model.informative_clicks < _INFORMATIVE * len(model.positions):
        say(
            f"Warning: only {model.informative_clicks:,} clicks are on pairs that were shown at several "
            "positions; the propensities of positions are mostly assumed"
        )


def _failures(report: Report, measure: Measure, options: _Options) -> Iterator[str]:
    """Yield a line for each ``--fail`` condition that the first measure meets."""
    mean, under, drop = report.ours.evaluation.mean(measure), options.fail_under, options.fail_drop
    if under is not None and mean < under - _ROUNDING:
        yield f"{measure} is {mean:.4f}, below {under}"
    against = report.compared.get(str(measure))
    if against is None:
        return
    means = f"{measure} is {mean:.4f}, against {against.baseline:.4f}"
    if drop is not None and against.relative < -drop - _ROUNDING:
        yield f"{means}: {-against.relative:.2%} lower, more than {drop:.2%}"
    if options.fail_worse and against.difference < 0 and against.p_value < _SIGNIFICANT:
        yield f"{means}: lower with p = {against.p_value:.4f}"
