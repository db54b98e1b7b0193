"""`recommender evaluate`: the lists of a site against the site's own judgements."""

from __future__ import annotations

import csv
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from recommender.cli.options import artifact_argument, example, json_option
from recommender.cli.terminal import plural, print_json, print_lines, say, table
from recommender.errors import InputError
from recommender.evaluation import (
    Evaluation,
    Exposure,
    Measure,
    evaluate,
    exposure,
    parse_measures,
    read_qrels,
    run_from_lists,
    write_run,
)

if TYPE_CHECKING:
    from recommender.engine import Recommender

__all__ = ["command"]

_DEFAULTS = ("nDCG@10", "R@10", "P@5", "RR", "Success@5")
_NAMED = 5  # ids that a message names


@click.command(
    "evaluate",
    epilog=example(
        "recommender evaluate site.rec qrels.tsv",
        "recommender evaluate site.rec qrels.tsv -m \"nDCG(dcg='exp-log2')@10\" -m P@5 --fail-under 0.5",
    ),
)
@artifact_argument
@click.argument("qrels", type=click.Path(path_type=Path))
@click.option(
    "-m",
    "--measure",
    "measures",
    multiple=True,
    metavar="MEASURE",
    help=f"Measure, such as nDCG@10 or P(rel=2)@5; may be repeated.  [default: {', '.join(_DEFAULTS)}]",
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
    "--fail-under",
    type=click.FloatRange(0, 1),
    metavar="X",
    help="Exit with 1 if the mean of the first measure is below X.",
)
@json_option
def command(
    artifact: Path,
    qrels: Path,
    measures: tuple[str, ...],
    per_query: Path | None,
    run_out: Path | None,
    fail_under: float | None,
    as_json: bool,
) -> None:
    """Judge the lists of a site.

    QRELS are judgements in TREC form (query 0 article grade) or BEIR's; queries are articles of the site. Each mean
    is over all judged queries and comes with its 95 % bootstrap interval; a query that is not on the site counts as 0.

    The gain of nDCG is the grade itself; for 2^grade - 1 ask for "nDCG(dcg='exp-log2')@10". Other measures: AP,
    RR, P, R (recall) and Success, with grades of 1 and more relevant, or from 2 on by P(rel=2)@5.
    """
    from recommender.engine import Recommender

    wanted = _wanted(measures)
    site = Recommender.load(artifact)
    judged = read_qrels(qrels)
    known = set(site.summaries.column("article_id"))
    missing = [query_id for query_id in judged if query_id not in known]
    run = run_from_lists(site.related(query_id) for query_id in judged if query_id in known)
    found = evaluate(run, judged, wanted)
    _warn(site, found, missing)
    if run_out is not None:
        write_run(run_out, run)
    if per_query is not None:
        _write_values(per_query, found)
    lists = exposure(site.arrays["list_rows"], published=site.arrays["published"].view("datetime64[us]"))
    if as_json:
        print_json(_json(found, missing, lists))
    else:
        print_lines(_lines(found, missing, lists))
    _fail_under(found, wanted[0], fail_under)


def _wanted(measures: tuple[str, ...]) -> tuple[Measure, ...]:
    try:
        return parse_measures(measures or _DEFAULTS)
    except InputError as error:
        raise click.UsageError(str(error)) from error


def _warn(site: Recommender, found: Evaluation, missing: list[str]) -> None:
    k = site.facts["k"]
    deeper = [str(measure) for measure in found.values if (measure.cutoff or 0) > k]
    if deeper:
        say(f"Warning: {', '.join(deeper)} look further than the lists, which were built with -k {k}")
    if missing:
        named = ", ".join(missing[:_NAMED]) + (", ..." if len(missing) > _NAMED else "")
        say(
            f"Warning: {len(missing):,} of {len(found.query_ids):,} judged articles are not on this site "
            f"and count as 0: {named}"
        )


def _write_values(file: Path, found: Evaluation) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter="\t", lineterminator="\n")
        writer.writerow(["query_id", *map(str, found.values)])
        writer.writerows(zip(found.query_ids, *(v.tolist() for v in found.values.values()), strict=True))


def _json(found: Evaluation, missing: list[str], lists: Exposure) -> dict[str, Any]:
    intervals = found.intervals()
    return {
        "queries": len(found.query_ids),
        "queries_not_on_site": missing,
        "queries_without_list": found.n_without_list,
        "queries_without_relevant": found.n_without_relevant,
        "measures": {
            name: {"mean": mean, "low": intervals[name].low, "high": intervals[name].high}
            for name, mean in found.means.items()
        },
        "exposure": asdict(lists),
    }


def _lines(found: Evaluation, missing: list[str], lists: Exposure) -> list[str]:
    intervals = found.intervals()
    rows = [("measure", "mean", "95 % interval")] + [
        (name, f"{mean:.4f}", f"{intervals[name].low:.4f} - {intervals[name].high:.4f}")
        for name, mean in found.means.items()
    ]
    novelty = lists.novelty
    dated = (
        [("median days apart", f"{novelty.median_days_apart:.1f}"), ("newer entries", f"{novelty.newer:.1%}")]
        if novelty is not None and not np.isnan(novelty.median_days_apart)
        else []
    )
    return [
        *table(rows),
        "",
        f"{plural(len(found.query_ids), 'judged article')}; as 0 count {len(missing):,} not on this site, "
        f"{found.n_without_list - len(missing):,} with an empty list and "
        f"{found.n_without_relevant:,} without a positive grade",
        "",
        *table(
            [
                (f"all {plural(lists.n_articles, 'list')}", ""),
                ("coverage", f"{lists.coverage:.1%}"),
                ("orphans, in no list", f"{lists.orphans:,}"),
                ("Gini of lists an article is in", f"{lists.in_degree_gini:.3f}"),
                ("lists the most shown is in", f"{lists.max_in_degree:,}"),
                ("empty lists", f"{lists.empty_lists:,}"),
                *dated,
            ]
        ),
    ]


def _fail_under(found: Evaluation, measure: Measure, floor: float | None) -> None:
    if floor is not None and found.mean(measure) < floor:
        say(f"Error: {measure} is {found.mean(measure):.4f}, below {floor}")
        raise click.exceptions.Exit(1)
