"""``run encoders``: what each encoder that can be installed is worth on judged corpora, and what it costs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from benchmarks.corpora import Corpus, check_names, corpora_options, open_corpora
from benchmarks.encoder_ways import WAYS, missing
from benchmarks.processes import run_step
from benchmarks.results import DEFAULT_FOLDER, Result, new_result, origin, write_result
from benchmarks.tables import markdown_table, megabytes
from recommender import InputError, RecommenderError
from recommender.errors import Problem

__all__ = ["VARIANTS", "command", "measure", "table"]

NAME = "encoders"
SHORT = 400  # characters of a body in the short variant
VARIANTS = {"whole": 0, "short": SHORT}
"""Characters of each body by the name of a variant; 0 for all."""


def measure(
    corpora: Sequence[Corpus],
    *,
    ways: Sequence[str] = tuple(WAYS),
    variants: Sequence[str] = tuple(VARIANTS),
    n_articles: int = 0,
    n_jobs: int = 1,
    seed: int = 0,
    report: Callable[[str], None] = lambda _: None,
) -> Result:
    """Judge each encoder on each corpus, on whole articles and on titles with 400 characters: a process for each encoder.

    Parameters
    ----------
    corpora : sequence of Corpus
        Those without judgements are left out.
    ways : sequence of str
        Names of `WAYS`.
    variants : sequence of str
        Names of `VARIANTS`.
    n_articles : int, default 0
        Articles of a sample of each corpus, see `sampled`. 0 takes all.
    n_jobs, seed : int
    report : callable
        Called with a line of text for each encoder.

    Raises
    ------
    InputError
        If no corpus has judgements.
    RecommenderError
        If the packages of an encoder are not installed.
    """
    judged = [corpus for corpus in corpora if corpus.qrels is not None]
    if not judged:
        raise InputError(Problem("wanted judgements", "no qrels.tsv", "put it beside the articles"))
    check_names(judged)
    for way in ways:
        if absent := missing(way):
            raise RecommenderError(f"{way}: not installed: {', '.join(absent)}; leave it out with --encoder")
    settings = {
        "ways": list(ways),
        "variants": list(variants),
        "n_articles": n_articles,
        "n_jobs": n_jobs,
        "short": SHORT,
    }
    result = new_result(NAME, seed, settings)
    files = {corpus.name: {"articles": str(corpus.articles), "qrels": str(corpus.qrels)} for corpus in judged}
    read = {name: VARIANTS[name] for name in variants}
    figures: dict[str, Any] = {}
    for way in ways:
        cost, found = run_step(
            "judge_encoder",
            corpora=files,
            way=way,
            variants=read,
            n_articles=n_articles,
            n_jobs=n_jobs,
            seed=seed,
        )
        figures[way] = found | {"peak_rss_bytes": cost.peak_rss_bytes, "cpu_s": cost.cpu_s}
        report(f"{way}: {cost.cpu_s:.0f} s of processor time, {cost.peak_rss_bytes / 1e6:,.0f} MB")
    return result | {"corpora": [corpus.describe() for corpus in judged], "figures": figures}


def table(results: Sequence[Result]) -> str:
    """Return a table of nDCG@10 with a row for each corpus and variant of each run, and one of what encoders cost."""
    names = list(dict.fromkeys(way for result in results for way in result["settings"]["ways"]))
    quality = [row for result in results for row in _qualities(result, names)]
    header = ["nDCG@10 alone / in lists", "articles", "queries", *names, "commit", "started"]
    costs = [_cost(result, way) for result in results for way in result["settings"]["ways"]]
    more = ["ms of CPU an article", "short", "MB of weights", "MB installed", "peak MB", "articles"]
    return "\n".join(
        [markdown_table(header, quality), markdown_table(["encoder", *more, "commit", "started"], costs)]
    )


def _qualities(result: Result, names: Sequence[str]) -> Iterator[list[str]]:
    for corpus in (each["name"] for each in result["corpora"]):
        found = {way: each["corpora"][corpus] for way, each in result["figures"].items()}
        for variant in (each for each in VARIANTS if each in next(iter(found.values()))):
            runs = {way: each[variant] for way, each in found.items()}
            one = next(iter(runs.values()))
            cells = (
                f"{runs[way]['alone']:.3f} / {runs[way]['lists']:.3f}" if way in runs else "-"
                for way in names
            )
            label = [f"{corpus}, {variant}", f"{one['n_articles']:,}", f"{one['n_queries']:,}"]
            yield [*label, *cells, *origin(result)]


def _cost(result: Result, way: str) -> list[str]:
    """Return the row of an encoder: means over the articles of all corpora."""
    found = result["figures"][way]
    speeds, n_articles = [], 0
    for variant in VARIANTS:
        runs = [each[variant] for each in found["corpora"].values() if variant in each]
        n_articles = sum(run["n_articles"] for run in runs) or n_articles
        spent = 1000 * sum(run["encoding_cpu_s"] for run in runs)
        speeds.append(f"{spent / n_articles:.2f}" if runs else "-")
    sizes = [f"{found[name] / 1e6:,.1f}" for name in ("weights_bytes", "installed_bytes")]
    return [way, *speeds, *sizes, megabytes(found["peak_rss_bytes"]), f"{n_articles:,}", *origin(result)]


@click.command(NAME)
@corpora_options
@click.option(
    "--encoder", "ways", type=click.Choice(list(WAYS)), multiple=True, default=list(WAYS), show_default=True,
    help="An encoder; may be repeated.",
)  # fmt: skip
@click.option(
    "--articles", type=click.IntRange(min=0), default=0, show_default=True,
    help="Of a sample of each corpus, half of them queries with what was judged for them; 0 takes all.",
)  # fmt: skip
@click.option(
    "--variant", "variants", type=click.Choice(list(VARIANTS)), multiple=True, default=list(VARIANTS),
    show_default=True, help="Text of the articles: all, or title and first 400 characters.",
)  # fmt: skip
@click.option("--n-jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Threads.")
@click.option("--seed", default=0, show_default=True, help="Seed of the sample.")
@click.option("--out", type=click.Path(path_type=Path), default=DEFAULT_FOLDER, show_default=True)
def command(
    corpus_paths: tuple[Path, ...], folder: Path | None, ways: tuple[str, ...], articles: int,
    variants: tuple[str, ...], n_jobs: int,
    seed: int, out: Path,
) -> None:  # fmt: skip
    """Judge encoders by nDCG@10, alone and in lists, on whole and short articles, with their seconds and megabytes."""
    corpora = open_corpora(corpus_paths, folder)
    result = measure(
        corpora, ways=ways, variants=variants, n_articles=articles, n_jobs=n_jobs, seed=seed,
        report=lambda line: click.echo(line, err=True),
    )  # fmt: skip
    path = write_result(out, result, corpora[0].name if len(corpora) == 1 else "all")
    click.echo(table([result]), nl=False)
    click.echo(f"written to {path}", err=True)
