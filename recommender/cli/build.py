"""``recommender build``: articles in, an artifact with all lists out."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from recommender.cli.console import json_option, print_json, progress_bars, quiet_option

__all__ = ["build"]

_ENCODERS = ("lexical",)


@click.command()
@click.argument("articles", nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    "output",
    required=True,
    type=click.Path(path_type=Path),
    help="Artifact to write, such as site.rec.",
)
@click.option("-k", default=10, show_default=True, type=click.IntRange(min=1), help="Longest list.")
@click.option(
    "--format", "input_format", help="Format of the articles; recognised by content where not given."
)
@click.option(
    "--encoder",
    type=click.Choice(_ENCODERS),
    default="lexical",
    show_default=True,
    help="What turns articles into vectors.",
)
@click.option(
    "--on-error",
    type=click.Choice(["raise", "skip"]),
    default="raise",
    show_default=True,
    help="Bad rows: list them all and write nothing, or build without them.",
)
@click.option(
    "--rejects",
    type=click.Path(path_type=Path),
    help="Where --on-error skip writes the bad rows.  [default: OUTPUT.rejects.jsonl]",
)
@click.option(
    "--candidates",
    default=200,
    show_default=True,
    type=click.IntRange(min=1),
    help="Articles scored exactly for each list.",
)
@click.option(
    "--min-score", type=click.FloatRange(0, 1), help="Leave entries below it out of lists.  [default: 0.02]"
)
@click.option(
    "--n-jobs",
    default=-1,
    show_default=True,
    type=int,
    help="Threads; -1 is one a core. The lists do not depend on it.",
)
@json_option
@quiet_option
def build(
    articles: tuple[str, ...],
    output: Path,
    k: int,
    input_format: str | None,
    encoder: str,
    on_error: str,
    rejects: Path | None,
    candidates: int,
    min_score: float | None,
    n_jobs: int,
    as_json: bool,
    quiet: bool,
) -> None:
    r"""Build the related-article lists of a site.

    ARTICLES are files or folders: JSON Lines (.gz, .zst), CSV, TSV, Parquet, RSS, Atom, JSON Feed, a folder
    of Markdown or of HTML pages, or - for standard input.

    \b
    recommender build articles.jsonl -o site.rec
    zcat dump.jsonl.gz | recommender build - -o site.rec -k 20
    """
    from recommender.artifact.folder import check_place
    from recommender.engine import Recommender
    from recommender.ranking.weights import Weights
    from recommender.readers import read_articles

    if n_jobs == 0:
        raise click.UsageError("--n-jobs must not be 0; -1 is one a core")
    if candidates < k:
        raise click.UsageError(f"--candidates must be at least -k, got {candidates} and {k}")
    check_place(output)  # before the long work, not after it
    started = time.perf_counter()
    if on_error == "skip" and rejects is None:
        rejects = output.with_name(output.name + ".rejects.jsonl")
    reader = read_articles(
        list(articles),
        format=input_format,
        on_error=on_error,
        rejects=rejects if on_error == "skip" else None,
    )
    weights = Weights() if min_score is None else Weights(min_score=min_score)
    with progress_bars(quiet) as progress:
        site = Recommender.from_articles(
            reader, k=k, weights=weights, n_candidates=candidates, n_jobs=n_jobs, progress=progress
        )
    site.save(output)
    summary = _summary(site, output, time.perf_counter() - started)
    if on_error == "skip":
        summary |= {"rejected_rows": reader.n_rejected, "rejects": str(rejects)}
    if as_json:
        print_json(summary)
    else:
        _tell(site, summary)


def _summary(site: Any, output: Path, seconds: float) -> dict[str, Any]:
    lengths = (site.arrays["list_rows"] >= 0).sum(axis=1)
    return {
        "artifact": str(output),
        "articles": len(site),
        "mean_list_length": round(float(lengths.mean()), 2) if len(site) else 0.0,
        "empty_lists": int((lengths == 0).sum()),
        "boilerplate_segments": len(site.boilerplate),
        "seconds": round(seconds, 2),
    }


def _tell(site: Any, summary: dict[str, Any]) -> None:
    click.echo(
        f"{summary['artifact']}: {summary['articles']:,} articles, lists of {summary['mean_list_length']:.1f} on average, "
        f"{summary['empty_lists']:,} empty, in {summary['seconds']:.1f} s"
    )
    if summary.get("rejected_rows"):
        click.echo(f"{summary['rejected_rows']:,} bad rows were left out; they are in {summary['rejects']}")
    if len(site):
        first = site.summaries[0].article_id
        click.echo(f"Look at a list: recommender related {summary['artifact']} '{first}' --why")
