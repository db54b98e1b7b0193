"""`recommender tune`: the indexes of a site, measured on its own vectors, for what it promises."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from recommender.cli.options import example, json_option, progress_options
from recommender.cli.terminal import Bars, plural, print_json, print_lines, say, table
from recommender.engine import Recommender

if TYPE_CHECKING:
    from recommender.tuning import Promises, Tuned, Tuning

__all__ = ["command"]

_NAMES = {"dense": "vectors of words", "neural": "vectors of the model"}


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
    help="Share of the nearest that is found in the mean, up to 1.",
)
@click.option(
    "--p99-ms",
    type=float,
    default=1.0,
    show_default=True,
    metavar="MS",
    help="Milliseconds that 99 of 100 queries take at most.",
)
@click.option(
    "--ram-mb",
    type=float,
    metavar="MB",
    help="Megabytes of arrays that queries read at most.  [default: any]",
)
@click.option(
    "-k",
    type=click.IntRange(min=1),
    metavar="N",
    help="Nearest that the recall is about.  [default: as many as a list is long]",
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
    help="Threads that make indexes; a query takes one.  [default: one a core]",
)
@json_option
@progress_options
def command(
    site: Path,
    recall: float,
    p99_ms: float,
    ram_mb: float | None,
    k: int | None,
    output: Path | None,
    n_jobs: int,
    as_json: bool,
    progress: bool | None,
) -> None:
    """Choose how the vectors of a site are searched, by measuring.

    Indexes are tried from cheap to dear with articles that are held out, on this machine. The first that
    keeps all promises, checked on other articles than those that picked it, goes into the artifact: drafts are then
    answered by it. An exact one is taken wherever it keeps the promises. How the neighbours of all articles are found
    when lists are made anew, by a fit, is chosen too. The lists themselves stay as they are.

    Where no index keeps all promises, nothing is written and the exit code is 1; the last line says what could be
    promised.
    """
    from recommender.artifact.folder import check_place
    from recommender.tuning import tune_site

    promises = _promises(recall, p99_ms, ram_mb)
    if n_jobs == 0:
        raise click.BadParameter("0 threads; give 1 or more, or -1 for one a core", param_hint="--n-jobs")
    check_place(output or site)
    opened = Recommender.load(site)
    with Bars(progress) as bars:
        tuning = tune_site(opened, promises, k=k, n_jobs=n_jobs, progress=bars)
        written = (output or site) if tuning.kept else None
        if written is not None:
            tuning.applied(opened, n_jobs=n_jobs, progress=bars).save(written)
    if as_json:
        print_json({"site": str(site), "written": str(written) if written else None, **tuning.record()})
    else:
        print_lines(_lines(tuning))
        if written is not None:
            print_lines([f"written to {written}"])
    if written is None:
        say(f"Error: no index keeps all promises; {output or site} is as it was")
        raise click.exceptions.Exit(1)


def _promises(recall: float, p99_ms: float, ram_mb: float | None) -> Promises:
    from recommender.tuning import Promises

    try:
        return Promises(recall, p99_ms, ram_mb)
    except ValueError as error:
        name = str(error).split()[0]
        raise click.BadParameter(str(error), param_hint=f"--{name.replace('_', '-')}") from error


def _lines(tuning: Tuning) -> list[str]:
    lines = [
        line for kind, tuned in tuning.tuned.items() for line in [*_tuned_lines(_NAMES[kind], tuned), ""]
    ]
    return [*lines, f"measured on {tuning.machine}"]


def _tuned_lines(name: str, tuned: Tuned) -> list[str]:
    asked = f"a query asks for {tuned.n_asked:,}, recall is that of the nearest {tuned.k:,}"
    return [
        f"{name}: {tuned.n:,} of {plural(tuned.d, 'dimension')}; {asked}",
        "",
        *table(tuned.rows()),
        "",
        *table(tuned.join_rows()),
        "",
        tuned.why,
    ]
