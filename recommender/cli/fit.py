"""`recommender fit`: the weights of a site and what its dates do, by judgements, readers' clicks or links in the texts."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from recommender.cli.options import example, json_option, progress_options
from recommender.cli.terminal import Bars, print_json, print_lines
from recommender.engine import Recommender
from recommender.errors import InputError
from recommender.ranking.recency import MODES

if TYPE_CHECKING:
    from recommender.evaluation import Measure
    from recommender.fitting import Fit, Labels

__all__ = ["command"]


@click.command(
    "fit",
    epilog=example(
        "recommender fit site.rec qrels.tsv",
        "recommender fit site.rec --clicks clicks.csv.gz -o fitted.rec",
        "recommender fit site.rec --links --json",
    ),
)
@click.argument("site", type=click.Path(path_type=Path))
@click.argument("qrels", type=click.Path(path_type=Path), required=False)
@click.option(
    "--clicks",
    metavar="FILE",
    help="Fit to a log of clicks: CSV, TSV or JSON Lines with query, shown, position, clicked.",
)
@click.option(
    "--links", is_flag=True, help="Fit to the links in the texts; the default without QRELS and --clicks."
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Artifact to write.  [default: SITE, if its weights or rules change]",
)
@click.option(
    "-m", "--measure", default="nDCG@10", show_default=True, metavar="MEASURE", help="What is made large."
)
@click.option("--n-jobs", type=int, default=-1, metavar="N", help="Threads.  [default: one a core]")
@json_option
@progress_options
def command(
    site: Path,
    qrels: Path | None,
    clicks: str | None,
    links: bool,
    output: Path | None,
    measure: str,
    n_jobs: int,
    as_json: bool,
    progress: bool | None,
) -> None:
    """Fit the weights of a site, and what its dates do, to what is known to be related.

    QRELS are judgements in TREC form (query 0 article grade) or BEIR's. Weights are chosen on a part of the labelled
    articles and judged on the rest, five times. They are taken only if they do better than those of the build by
    more than chance; otherwise the site keeps its weights, and so it does with fewer than 100 labelled articles.
    That is no error: the exit code is 0. Before that, where articles have dates, --recency and --half-life of the rules
    are chosen in the same way, unless somebody set them.

    The lists are made anew and swapped in whole; texts are not needed. Without -o nothing is written where the
    weights and rules are those that SITE has.
    """
    from recommender.artifact.folder import check_place
    from recommender.fitting import fit_weights

    if sum([qrels is not None, clicks is not None, links]) > 1:
        raise click.UsageError("give one of QRELS, --clicks FILE and --links")
    if n_jobs == 0:
        raise click.BadParameter("0 threads; give 1 or more, or -1 for one a core", param_hint="--n-jobs")
    wanted = _wanted(measure)
    check_place(output or site)
    opened = Recommender.load(site)
    labels, source = _labels(opened, qrels, clicks)
    # a text links to what was there before it: that says nothing of whether readers want what is new
    modes = MODES if qrels is not None or clicks is not None else ("none", "era")
    with Bars(progress) as bars:
        try:
            fit = fit_weights(
                opened, labels, measure=wanted, source=source, modes=modes, n_jobs=n_jobs, progress=bars
            )
        except ValueError as error:
            if isinstance(error, InputError):
                raise
            raise click.BadParameter(str(error), param_hint="--measure") from error
        policy = fit.policy(opened.policy)
        changed = fit.enough and (asdict(fit.weights) != opened.facts["weights"] or policy != opened.policy)
        if changed:
            opened = opened.relisted(
                weights=fit.weights, policy=policy, fit=fit.record(), n_jobs=n_jobs, progress=bars
            )
    written = output or (site if changed else None)
    if written is not None:
        opened.save(written)
    if as_json:
        print_json({"site": str(site), "written": str(written) if written else None, **fit.record()})
    else:
        print_lines(_lines(fit, site, written))


def _wanted(measure: str) -> Measure:
    from recommender.evaluation import parse_measure

    try:
        return parse_measure(measure)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--measure") from error


def _labels(site: Recommender, qrels: Path | None, clicks: str | None) -> tuple[Labels, str]:
    from recommender.evaluation import fit_clicks, read_clicks, read_qrels
    from recommender.fitting import link_labels

    if qrels is not None:
        return read_qrels(qrels), f"judgements of {qrels.name}"
    if clicks is not None:
        return fit_clicks(
            read_clicks(clicks)
        ).relevances(), f"clicks of {Path(clicks).name}, corrected for position"
    return link_labels(site), "links in the texts"


def _lines(fit: Fit, site: Path, written: Path | None) -> list[str]:
    return [*str(fit).splitlines(), f"written to {written}" if written else f"{site} is as it was"]
