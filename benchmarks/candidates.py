"""``run candidates``: share of the best articles that candidates miss, on any corpus, without judgements."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from benchmarks.corpora import Corpus, check_names, corpora_options, open_corpora
from benchmarks.ours import K, build_site, site_facts
from benchmarks.results import DEFAULT_FOLDER, Result, new_result, origin, write_result
from benchmarks.tables import markdown_table
from benchmarks.two_stage import agreement, chosen, exhaustive_lists, stored_lists
from recommender import read_articles

__all__ = ["command", "measure", "table"]

NAME = "candidates"


def measure(corpora: Sequence[Corpus], *, n_articles: int, n_jobs: int, seed: int) -> Result:
    """Compare built lists with lists from scoring every article, for a sample of each corpus.

    Parameters
    ----------
    corpora : sequence of Corpus
        With or without judgements.
    n_articles : int
        Largest number of articles whose lists are compared, 1 or more.
    n_jobs : int
        Threads; the figures do not depend on it.
    seed : int
        Seed of the choice of articles and of the intervals.

    Raises
    ------
    InputError
        If two corpora have the same name, or articles are unusable.
    """
    check_names(corpora)
    result = new_result(NAME, seed, {"k": K, "n_jobs": n_jobs, "n_articles": n_articles})
    figures = {corpus.name: _compare(corpus, n_articles, n_jobs, seed) for corpus in corpora}
    return result | {"corpora": [corpus.describe() for corpus in corpora], "figures": figures}


def _compare(corpus: Corpus, n_articles: int, n_jobs: int, seed: int) -> dict[str, Any]:
    start = time.perf_counter()
    site = build_site(read_articles(corpus.articles), n_jobs)
    built = time.perf_counter()
    asked = chosen(site.summaries.column("article_id"), n_articles, seed)
    exhaustive = exhaustive_lists(site, asked, n_jobs)
    seconds = {"build": built - start, "exhaustive": time.perf_counter() - built}
    return {
        "n_articles": len(site),
        **agreement(stored_lists(site, asked), exhaustive, seed),
        "site": site_facts(site),
        "seconds": seconds,
    }


def table(results: Sequence[Result]) -> str:
    """Return a table with a row for each corpus of each run."""
    header = [
        "corpus",
        "articles",
        "compared",
        f"recall@{K}, 95 % interval",
        "nothing missing",
        "commit",
        "started",
    ]
    rows = ([*_row(name, each), *origin(r)] for r in results for name, each in r["figures"].items())
    return markdown_table(header, rows)


def _row(name: str, figures: dict[str, Any]) -> list[str]:
    cells = [name, f"{figures['n_articles']:,}", f"{figures['n_compared']:,}"]
    if not figures["n_compared"]:
        return [*cells, "-", "-"]
    low, high = figures["recall_interval_95"]
    return [*cells, f"{figures['recall']:.4f} [{low:.4f}, {high:.4f}]", f"{100 * figures['complete']:.1f} %"]


@click.command(NAME)
@corpora_options
@click.option(
    "--articles", "n_articles", type=click.IntRange(min=1), default=500, show_default=True,
    help="Articles of a corpus whose lists are compared.",
)  # fmt: skip
@click.option("--n-jobs", type=click.IntRange(min=1), default=2, show_default=True, help="Threads.")
@click.option(
    "--seed", default=0, show_default=True, help="Seed of the choice of articles and of the intervals."
)
@click.option("--out", type=click.Path(path_type=Path), default=DEFAULT_FOLDER, show_default=True)
def command(
    corpus_paths: tuple[Path, ...], folder: Path | None, n_articles: int, n_jobs: int, seed: int, out: Path
) -> None:
    """Compare built lists with lists from scoring every article, on corpora with or without judgements."""
    corpora = open_corpora(corpus_paths, folder)
    result = measure(corpora, n_articles=n_articles, n_jobs=n_jobs, seed=seed)
    path = write_result(out, result, corpora[0].name if len(corpora) == 1 else "all")
    click.echo(table([result]), nl=False)
    click.echo(f"written to {path}", err=True)
