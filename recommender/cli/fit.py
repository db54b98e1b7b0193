"""`recommender fit`: fits weights and recency rules to judgements, clicks or links in the texts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from recommender.cli.options import check_n_jobs, example, json_option, n_jobs_option, progress_options
from recommender.cli.terminal import Bars, print_json, print_lines
from recommender.engine import Recommender
from recommender.errors import InputError
from recommender.rules.age import MODES

if TYPE_CHECKING:
    from recommender.evaluation import Measure
    from recommender.fitting import Fit, Labels

__all__ = ["command"]


@dataclass(frozen=True, slots=True)
class _Options:
    clicks: str | None
    links: bool
    output: Path | None
    measure: str
    n_jobs: int
    as_json: bool
    progress: bool | None


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
    help="Fit to a click log: CSV, TSV or JSON Lines with query, shown, position, clicked; or the folder of "
    "`serve --clicks`.",
)
@click.option(
    "--links", is_flag=True, help="Fit to the links in the texts. The default without QRELS and --clicks."
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Artifact to write.  [default: SITE, if its weights or rules change]",
)
@click.option(
    "-m", "--measure", default="nDCG@10", show_default=True, metavar="MEASURE", help="Measure to maximise."
)
@n_jobs_option
@json_option
@progress_options
def command(site: Path, qrels: Path | None, **values: Any) -> None:
    """Fit the weights of a site, and the effect of its dates, to labels of related articles.

    QRELS contains judgements in TREC format (query 0 article grade) or BEIR format. Weights are fitted to the
    labelled articles and evaluated by five-fold cross-validation. They are used only if they improve on the
    weights of the build significantly, which needs at least 100 labelled articles. Otherwise the site keeps
    its weights, and the exit code is still 0. If articles have dates, --recency and --half-life are chosen first in the
    same way, unless they were set explicitly.

    Lists are recomputed without the texts and replaced atomically. Without -o, nothing is written if weights
    and rules do not change.
    """
    from recommender.fitting import fit_weights
    from recommender.store.artifact_folder import check_place

    options = _Options(**values)
    clicks, output, n_jobs = options.clicks, options.output, options.n_jobs
    if sum([qrels is not None, clicks is not None, options.links]) > 1:
        raise click.UsageError("give one of QRELS, --clicks FILE and --links")
    check_n_jobs(n_jobs)
    measure = _measure(options.measure)
    check_place(output or site)
    opened = Recommender.load(site)
    labels, source = _labels(opened, qrels, clicks)
    # texts link only to older articles, so links carry no information on modes that favour recent articles
    modes = MODES if qrels is not None or clicks is not None else ("none", "era")
    with Bars(options.progress) as bars:
        try:
            fit = fit_weights(
                opened, labels, measure=measure, source=source, modes=modes, n_jobs=n_jobs, progress=bars
            )
        except ValueError as error:
            if isinstance(error, InputError):
                raise
            raise click.BadParameter(str(error), param_hint="--measure") from error
        policy = fit.policy(opened.policy)
        changed = fit.enough and (fit.weights != opened.model.weights or policy != opened.policy)
        if changed:
            opened = opened.relisted(
                weights=fit.weights, policy=policy, fit=fit.record(), n_jobs=n_jobs, progress=bars
            )
    written = output or (site if changed else None)
    if written is not None:
        opened.save(written)
    if options.as_json:
        print_json({"site": str(site), "written": str(written) if written else None, **fit.record()})
    else:
        print_lines(_lines(fit, site, written))


def _measure(name: str) -> Measure:
    from recommender.evaluation import parse_measure

    try:
        return parse_measure(name)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--measure") from error


def _labels(site: Recommender, qrels: Path | None, clicks: str | None) -> tuple[Labels, str]:
    from recommender.evaluation import fit_clicks, read_clicks, read_qrels
    from recommender.fitting import link_labels

    if qrels is not None:
        return read_qrels(qrels), f"judgements of {qrels.name}"
    if clicks is not None:
        relevances = fit_clicks(read_clicks(clicks)).relevances()
        return relevances, f"clicks of {Path(clicks).name}, corrected for position"
    return link_labels(site), "links in the texts"


def _lines(fit: Fit, site: Path, written: Path | None) -> list[str]:
    return [*str(fit).splitlines(), f"written to {written}" if written else f"{site} is unchanged"]
