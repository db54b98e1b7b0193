"""``run encode``: encoding texts to sparse vectors, with our encoder and scikit-learn's, each in its own process."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from benchmarks.corpora import Corpus, open_corpus
from benchmarks.encoding_ways import OURS, WAYS
from benchmarks.processes import run_step
from benchmarks.results import DEFAULT_FOLDER, Result, new_result, origin, spread, write_result
from benchmarks.tables import markdown_table, megabytes, spread_seconds
from recommender import read_articles

__all__ = ["command", "measure", "table"]

NAME = "encode"
_WORD = re.compile(r"\w+")


def measure(
    corpus: Corpus,
    *,
    ways: Sequence[str] = tuple(WAYS),
    n_jobs: int,
    repeats: int,
    report: Callable[[str], None] = lambda _: None,
) -> Result:
    """Measure the cost of fitting on a corpus and encoding it.

    Parameters
    ----------
    corpus : Corpus
    ways : sequence of str
        Names of `WAYS`. Must include our encoder of words and pairs, with which the others are compared.
    n_jobs : int
        Threads of our encoder. TfidfVectorizer has no such setting and uses one.
    repeats : int
        Repetitions, 1 or more. The ways take turns, so that load on the machine affects all equally.
    report : callable
        Called with a line of text for each process.
    """
    result = new_result(NAME, 0, {"n_jobs": n_jobs, "repeats": repeats, "ways": list(ways)})
    found: dict[str, list[dict[str, Any]]] = {way: [] for way in ways}
    for _ in range(repeats):
        for way in ways:
            cost, output = run_step("encode", articles=str(corpus.articles), way=way, n_jobs=n_jobs)
            found[way].append(output | {"peak_rss_bytes": cost.peak_rss_bytes})
            report(f"{way}: {output['seconds']:.2f} s")
    figures = {
        "texts": _size(corpus),
        "ways": {way: _figures(runs, found[OURS]) for way, runs in found.items()},
    }
    return result | {"corpus": corpus.describe(), "figures": figures}


def _size(corpus: Corpus) -> dict[str, int]:
    n_articles = n_bytes = n_words = 0
    for article in read_articles(corpus.articles):
        n_articles += 1
        for text in (article.title, article.body):
            n_bytes += len(text.encode())
            n_words += len(_WORD.findall(text))
    return {"n_articles": n_articles, "n_bytes": n_bytes, "n_words": n_words}


def _figures(runs: list[dict[str, Any]], ours: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the figures of one way; `ratio` is its seconds over those of our encoder in the same turn."""
    return {
        "seconds": spread([run["seconds"] for run in runs]),
        "cpu_s": spread([run["cpu_s"] for run in runs]),
        "ratio": spread([mine["seconds"] / other["seconds"] for mine, other in zip(runs, ours, strict=True)]),
        "peak_rss_bytes": spread([run["peak_rss_bytes"] for run in runs]),
        "rss_with_texts_bytes": spread([run["rss_with_texts_bytes"] for run in runs]),
        "shape": runs[0]["shape"],
        "n_entries": runs[0]["n_entries"],
    }


def table(results: Sequence[Result]) -> str:
    """Return a table with a row for each way of each run."""
    header = [
        "corpus, encoder", "s", "times ours", "articles/s", "MB/s", "million words/s", "CPU s", "peak MB",
        "of that with texts read", "terms", "commit", "started",
    ]  # fmt: skip
    rows = (
        _row(f"{result['corpus']['name']}, {way}", each, result)
        for result in results
        for way, each in result["figures"]["ways"].items()
    )
    return markdown_table(header, rows)


def _row(label: str, figures: dict[str, Any], result: Result) -> list[str]:
    texts, seconds = result["figures"]["texts"], figures["seconds"]["median"]
    return [
        label,
        spread_seconds(figures["seconds"]),
        spread_seconds(figures["ratio"]),
        f"{texts['n_articles'] / seconds:,.0f}",
        f"{texts['n_bytes'] / seconds / 1e6:.1f}",
        f"{texts['n_words'] / seconds / 1e6:.1f}",
        f"{figures['cpu_s']['median']:.1f}",
        megabytes(figures["peak_rss_bytes"]["max"]),
        megabytes(figures["rss_with_texts_bytes"]["median"]),
        f"{figures['shape'][1]:,}",
        *origin(result),
    ]


@click.command(NAME)
@click.option("--corpus", type=click.Path(path_type=Path), required=True, help="Folder or file of articles.")
@click.option("--n-jobs", type=click.IntRange(min=1), default=2, show_default=True, help="Threads.")
@click.option("--repeats", type=click.IntRange(min=1), default=3, show_default=True, help="Repetitions.")
@click.option("--out", type=click.Path(path_type=Path), default=DEFAULT_FOLDER, show_default=True)
def command(corpus: Path, n_jobs: int, repeats: int, out: Path) -> None:
    """Encode a corpus with our sparse encoder and scikit-learn's in turns, each in its own process."""
    found = open_corpus(corpus)
    result = measure(found, n_jobs=n_jobs, repeats=repeats, report=lambda line: click.echo(line, err=True))
    path = write_result(out, result, found.name)
    click.echo(table([result]), nl=False)
    click.echo(f"written to {path}", err=True)
