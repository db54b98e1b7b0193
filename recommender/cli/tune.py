"""`recommender tune`: chooses the vector indexes of a site by measuring them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from recommender.cli.options import check_n_jobs, example, json_option, progress_options
from recommender.cli.terminal import Bars, plural, print_json, print_lines, say, table
from recommender.engine import Recommender

if TYPE_CHECKING:
    from recommender.tuning import Targets, Tuned, Tuning

__all__ = ["command"]

_NAMES = {"dense": "word vectors", "neural": "model vectors"}


@dataclass(frozen=True, slots=True)
class _Options:
    recall: float
    p99_ms: float
    ram_mb: float | None
    k: int | None
    output: Path | None
    n_jobs: int
    as_json: bool
    progress: bool | None


@click.command(
    "tune",
    epilog=example(
        "recommender tune site.rec",
        "recommender tune site.rec --recall 0.999 --p99-ms 5 --ram-mb 100",
        "recommender tune site.rec -k 100 -o tuned.rec --json",
    ),
)
@click.argument("site", type=click.Path(path_type=Path))
@click.option(
    "--recall",
    type=float,
    default=0.99,
    show_default=True,
    metavar="SHARE",
    help="Minimum mean recall of the nearest neighbours, up to 1.",
)
@click.option(
    "--p99-ms",
    type=float,
    default=1.0,
    show_default=True,
    metavar="MS",
    help="Maximum 99th percentile of the query time in milliseconds.",
)
@click.option(
    "--ram-mb",
    type=float,
    metavar="MB",
    help="Maximum size in megabytes of the arrays that queries read.  [default: no limit]",
)
@click.option(
    "-k",
    type=click.IntRange(min=1),
    metavar="N",
    help="Number of nearest neighbours for the recall.  [default: the length of a list]",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Artifact to write.  [default: SITE]",
)
@click.option(
    "--n-jobs",
    type=int,
    default=-1,
    metavar="N",
    help="Number of threads to build indexes. A query uses one.  [default: one per core]",
)
@json_option
@progress_options
def command(site: Path, **values: Any) -> None:
    """Choose the vector indexes of a site by measuring them.

    Indexes are tried on this machine from cheap to expensive, with held-out articles as queries. The first
    that meets all targets is confirmed on other articles and written to the artifact, where it serves drafts.
    An exact index is preferred if it meets the targets. The search that recomputes all lists, for example
    after a fit, is chosen as well. Existing lists do not change.

    If no index meets all targets, nothing is written, the exit code is 1, and targets that can be met are
    shown.
    """
    from recommender.store.artifact_folder import check_place
    from recommender.tuning import tune_site

    options = _Options(**values)
    output, n_jobs = options.output or site, options.n_jobs
    targets = _targets(options)
    check_n_jobs(n_jobs)
    check_place(output)
    opened = Recommender.load(site)
    with Bars(options.progress) as bars:
        tuning = tune_site(opened, targets, k=options.k, n_jobs=n_jobs, progress=bars)
        written = output if tuning.kept else None
        if written is not None:
            tuning.applied(opened, n_jobs=n_jobs, progress=bars).save(written)
    if options.as_json:
        print_json({"site": str(site), "written": str(written) if written else None, **tuning.record()})
    else:
        print_lines(_lines(tuning))
        if written is not None:
            print_lines([f"written to {written}"])
    if written is None:
        say(f"Error: no index meets all targets; {output} is unchanged")
        raise click.exceptions.Exit(1)


def _targets(options: _Options) -> Targets:
    from recommender.tuning import Targets

    try:
        return Targets(options.recall, options.p99_ms, options.ram_mb)
    except ValueError as error:
        name = str(error).split()[0]
        raise click.BadParameter(str(error), param_hint=f"--{name.replace('_', '-')}") from error


def _lines(tuning: Tuning) -> list[str]:
    lines = [
        line for kind, tuned in tuning.tuned.items() for line in [*_tuned_lines(_NAMES[kind], tuned), ""]
    ]
    return [*lines, f"measured on {tuning.machine}"]


def _tuned_lines(name: str, tuned: Tuned) -> list[str]:
    search = f"queries return {tuned.n_asked:,}, recall is measured on the nearest {tuned.k:,}"
    return [
        f"{name}: {tuned.n:,} of {plural(tuned.d, 'dimension')}; {search}",
        "",
        *table(tuned.rows()),
        "",
        *table(tuned.join_rows()),
        "",
        tuned.why,
    ]
