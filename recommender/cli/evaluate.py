"""`recommender evaluate`: the lists of a site, or of a run file, against judgements or readers' clicks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

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
_SAME = 1e-9  # a mean of tenths may fall short of its floor by a rounding error
_INFORMATIVE = 10  # clicks a position, as many as the model imagines


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
    help="Judge by a log of clicks instead of QRELS: CSV, TSV or JSON Lines with query, shown, position, clicked.",
)
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    metavar="LISTS",
    help="Compare, query by query, with the lists of another artifact or run file.",
)
@click.option(
    "-m",
    "--measure",
    "measures",
    multiple=True,
    metavar="MEASURE",
    help=f"Measure, such as nDCG@10 or P(rel=2)@5; may be repeated.  [default: {', '.join(_DEFAULTS)}]",
)
@click.option(
    "--judged-only",
    is_flag=True,
    help="Leave out entries without a judgement, instead of counting them as wrong.",
)
@click.option(
    "--per-query", type=click.Path(path_type=Path), metavar="FILE", help="Write each query's values, as TSV."
)
@click.option(
    "--run-out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the lists that were judged, as a TREC run.",
)
@click.option(
    "--qrels-out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the judgements that were used, as TREC qrels; with --clicks those made of the log.",
)
@click.option(
    "--fail-under",
    type=click.FloatRange(0, 1),
    metavar="X",
    help="Exit with 1 if the mean of the first measure is below X.",
)
@click.option(
    "--fail-drop",
    type=click.FloatRange(0, 1),
    metavar="X",
    help="Exit with 1 if the first measure is more than X below --against's, as a share of it: 0.01 is 1 %.",
)
@click.option(
    "--fail-worse",
    is_flag=True,
    help=f"Exit with 1 if the first measure is below --against's with a p-value under {_SIGNIFICANT}.",
)
@json_option
def command(
    lists: Path,
    qrels: Path | None,
    clicks: str | None,
    against: Path | None,
    measures: tuple[str, ...],
    judged_only: bool,
    per_query: Path | None,
    run_out: Path | None,
    qrels_out: Path | None,
    fail_under: float | None,
    fail_drop: float | None,
    fail_worse: bool,
    as_json: bool,
) -> None:
    """Judge the lists of a site.

    LISTS are an artifact or a TREC run file (query Q0 article rank score tag). QRELS are judgements in TREC form
    (query 0 article grade) or BEIR's; queries are articles of the site. Each mean is over all judged queries and
    comes with its 95 % bootstrap interval; a query without a list counts as 0.

    The gain of nDCG is the grade itself; for 2^grade - 1 ask for "nDCG(dcg='exp-log2')@10". Other measures: AP,
    RR, P, R (recall) and Success, with grades of 1 and more relevant, or from 2 on by P(rel=2)@5.
    """
    if (qrels is None) == (clicks is None):
        raise click.UsageError("give either QRELS or --clicks FILE")
    if against is None and (fail_worse or fail_drop is not None):
        raise click.UsageError("--fail-drop and --fail-worse compare with --against LISTS")
    wanted = _wanted(measures)
    opened = [(path, open_lists(path)) for path in (lists, against) if path is not None]
    model, judged = _judgements(qrels, clicks)
    ours, *others = [judge_lists(path, given, judged, wanted, judged_only) for path, given in opened]
    compared = compare(others[0].found, ours.found) if others else {}
    report = Report(ours, others[0] if others else None, compared, model)
    if run_out is not None:
        write_run(run_out, ours.run)
    if qrels_out is not None:
        write_qrels(qrels_out, judged)
    if per_query is not None:
        write_values(per_query, report)
    if as_json:
        print_json(report.document())
    else:
        print_lines(report.lines())
    failures = list(_failures(report, wanted[0], fail_under, fail_drop, fail_worse))
    for failure in failures:
        say(f"Error: {failure}")
    if failures:
        raise click.exceptions.Exit(1)


def _wanted(measures: tuple[str, ...]) -> tuple[Measure, ...]:
    try:
        return parse_measures(measures or _DEFAULTS)
    except InputError as error:
        raise click.UsageError(str(error)) from error


def _judgements(qrels: Path | None, clicks: str | None) -> tuple[ClickModel | None, Qrels]:
    if qrels is not None:
        return None, read_qrels(qrels)
    model = fit_clicks(read_clicks(clicks or ""))
    _warn_of_few(model)
    return model, model.qrels()


def _warn_of_few(model: ClickModel) -> None:
    if model.informative_clicks < _INFORMATIVE * len(model.positions):
        say(
            f"Warning: only {model.informative_clicks:,} clicks are on pairs that were shown at several positions; how "
            "often positions are examined is mostly assumed"
        )


def _failures(
    report: Report, measure: Measure, under: float | None, drop: float | None, worse: bool
) -> Iterator[str]:
    """Yield a line for each condition of the ``--fail`` options that holds for the first measure."""
    mean = report.ours.found.mean(measure)
    if under is not None and mean < under - _SAME:
        yield f"{measure} is {mean:.4f}, below {under}"
    against = report.compared.get(str(measure))
    if against is None:
        return
    said = f"{measure} is {mean:.4f}, against {against.baseline:.4f}"
    if drop is not None and against.relative < -drop - _SAME:
        yield f"{said}: {-against.relative:.2%} lower, more than {drop:.2%}"
    if worse and against.difference < 0 and against.p_value < _SIGNIFICANT:
        yield f"{said}: lower with p = {against.p_value:.4f}"
