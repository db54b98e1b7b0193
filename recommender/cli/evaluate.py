"""``recommender evaluate``: how good the lists are, on the site's own judgements."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from recommender.cli.console import SITE, json_option, print_json, print_table

if TYPE_CHECKING:
    from recommender.evaluation import Evaluation, Exposure

__all__ = ["evaluate"]

_DEFAULT = ("nDCG@10", "nDCG(dcg='exp-log2')@10", "R@10", "P@5", "RR@10", "Success@5")


@click.command()
@click.argument("site", type=SITE)
@click.argument("qrels", type=click.Path(path_type=Path))
@click.option(
    "-m",
    "--measure",
    "measures",
    multiple=True,
    metavar="NAME",
    help="Measure by its ir_measures name; may be repeated.",
)
@click.option("--per-query", type=click.Path(path_type=Path), help="Write each query's values to a TSV file.")
@click.option("--run-out", type=click.Path(path_type=Path), help="Write the lists as a TREC run file.")
@click.option(
    "--fail-under", type=float, metavar="X", help="Exit with 1 if the first measure's mean is below X."
)
@json_option
def evaluate(
    site: Path,
    qrels: Path,
    measures: tuple[str, ...],
    per_query: Path | None,
    run_out: Path | None,
    fail_under: float | None,
    as_json: bool,
) -> None:
    r"""Measure the lists against judgements (QRELS, in TREC or BEIR form).

    A judged article without a list counts as 0. nDCG@10 has linear gain, as in trec_eval;
    nDCG(dcg='exp-log2')@10 has the gain 2^grade - 1.

    \b
    recommender evaluate site.rec qrels.tsv
    recommender evaluate site.rec qrels.tsv -m nDCG@5 --fail-under 0.4
    """
    from recommender.engine import Recommender
    from recommender.errors import RecommenderError
    from recommender.evaluation import evaluate as evaluate_run
    from recommender.evaluation import exposure, read_qrels, run_from_lists, write_run

    recommender = Recommender.load(site)
    run = run_from_lists(recommender.related_all())
    evaluation = evaluate_run(run, read_qrels(qrels), list(measures or _DEFAULT))
    shape = exposure(recommender.arrays["list_rows"])
    if run_out is not None:
        write_run(run_out, run)
    if per_query is not None:
        _write_per_query(evaluation, per_query)
    record = _record(evaluation, shape)
    if as_json:
        print_json(record)
    else:
        _tell(record)
    first, mean = next(iter(evaluation.means.items()))
    if fail_under is not None and mean < fail_under:
        raise RecommenderError(f"{first} is {mean:.4f}, below the {fail_under:g} asked for with --fail-under")


def _record(evaluation: Evaluation, shape: Exposure) -> dict[str, Any]:
    intervals = evaluation.intervals()
    return {
        "measures": {
            name: {"mean": mean, "interval": list(intervals[name])} for name, mean in evaluation.means.items()
        },
        "queries": len(evaluation.query_ids),
        "queries_without_list": evaluation.n_without_list,
        "queries_without_relevant": evaluation.n_without_relevant,
        "exposure": {
            "coverage": shape.coverage,
            "orphans": shape.orphans,
            "in_degree_gini": shape.in_degree_gini,
            "max_in_degree": shape.max_in_degree,
            "max_over_mean": shape.max_over_mean,
            "empty_lists": shape.empty_lists,
            "short_lists": shape.short_lists,
        },
    }


def _tell(record: dict[str, Any]) -> None:
    rows = [("measure", "mean", "95 % interval")]
    for name, values in record["measures"].items():
        low, high = values["interval"]
        rows.append((name, f"{values['mean']:.4f}", f"{low:.4f} - {high:.4f}"))
    print_table(rows)
    click.echo(f"{record['queries']:,} judged articles", nl=False)
    for key, said in (
        ("queries_without_list", "without a list"),
        ("queries_without_relevant", "with nothing relevant"),
    ):
        if record[key]:
            click.echo(f", {record[key]:,} {said} (counted as 0)", nl=False)
    shape = record["exposure"]
    click.echo(
        f"\n{shape['coverage']:.1%} of articles are in some list, {shape['orphans']:,} in none; "
        f"the most shown is in {shape['max_in_degree']:,} lists ({shape['max_over_mean']:.1f} times the mean); "
        f"{shape['empty_lists']:,} lists are empty"
    )


def _write_per_query(evaluation: Evaluation, path: Path) -> None:
    names = list(evaluation.means)
    with path.open("w", encoding="utf-8") as out:
        out.write("\t".join(["query_id", *names]) + "\n")
        for place, query_id in enumerate(evaluation.query_ids):
            out.write("\t".join([query_id, *(f"{evaluation[name][place]:.6f}" for name in names)]) + "\n")
