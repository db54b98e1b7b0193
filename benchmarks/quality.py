"""``run quality``: our defaults against plain tf-idf cosine, on judged corpora, query by query."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from benchmarks.baseline import SETTINGS, tfidf_lists
from benchmarks.corpora import Corpus, corpora_in, open_corpus
from benchmarks.results import DEFAULT_FOLDER, Result, new_result, origin, write_result
from benchmarks.tables import markdown_table
from recommender import Recommender, read_articles
from recommender.errors import InputError, Problem
from recommender.evaluation import Comparison, Evaluation, compare, evaluate, read_qrels, run_from_lists

__all__ = ["command", "measure", "table"]

NAME = "quality"
EXPONENTIAL, LINEAR = "nDCG(dcg='exp-log2')@10", "nDCG@10"
_K = 10


def measure(corpora: Sequence[Corpus], *, n_jobs: int, seed: int) -> Result:
    """Judge our default lists and the baseline's on each corpus.

    Parameters
    ----------
    corpora : sequence of Corpus
        Those without judgements are left out, and named in the result.
    n_jobs : int
        Threads; the figures do not depend on it.
    seed : int
        Of the intervals and tests.

    Raises
    ------
    InputError
        If no corpus has judgements, two have one name, or articles or judgements cannot be used.
    """
    judged = [corpus for corpus in corpora if corpus.qrels is not None]
    if not judged:
        places = [str(corpus.articles.parent) for corpus in corpora]
        raise InputError(
            Problem("wanted judgements", "no qrels.tsv", "put it beside the articles", place)
            for place in places
        )
    _check_names(judged)
    result = new_result(NAME, seed, {"k": _K, "n_jobs": n_jobs, "baseline": {"name": "tf-idf", **SETTINGS}})
    figures = {corpus.name: _judge(corpus, n_jobs, seed) for corpus in judged}
    return result | {
        "corpora": [corpus.describe() for corpus in judged],
        "without_judgements": [corpus.name for corpus in corpora if corpus.qrels is None],
        "figures": figures,
    }


def _check_names(corpora: Sequence[Corpus]) -> None:
    names = [corpus.name for corpus in corpora]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(Problem("two corpora of one name", repr(name), "name each once") for name in twice)


def _judge(corpus: Corpus, n_jobs: int, seed: int) -> dict[str, Any]:
    qrels = read_qrels(corpus.qrels) if corpus.qrels is not None else {}
    articles = list(read_articles(corpus.articles))
    site = Recommender.from_articles(articles, k=_K, n_jobs=n_jobs)
    ours = evaluate(run_from_lists(site.related_all()), qrels, [EXPONENTIAL, LINEAR])
    plain = evaluate(tfidf_lists(articles, qrels, _K), qrels, [EXPONENTIAL, LINEAR])
    compared = compare(plain, ours, seed=seed)
    return {
        "n_articles": len(articles),
        "n_queries": len(ours.query_ids),
        "encoder": site.facts["encoder"],
        "weights": site.facts["weights"],
        "measures": {name: _figures(compared[name], ours, plain, seed) for name in (EXPONENTIAL, LINEAR)},
    }


def _figures(comparison: Comparison, ours: Evaluation, plain: Evaluation, seed: int) -> dict[str, Any]:
    name = str(comparison.measure)
    return {
        "ours": comparison.candidate,
        "ours_interval_95": list(ours.intervals(seed=seed)[name]),
        "tfidf": comparison.baseline,
        "tfidf_interval_95": list(plain.intervals(seed=seed)[name]),
        "difference": comparison.difference,
        "difference_interval_95": list(comparison.interval),
        "p_value": comparison.p_value,
        "wins": comparison.wins,
        "losses": comparison.losses,
        "ties": comparison.ties,
    }


def table(results: Sequence[Result]) -> str:
    """Return a table with a row for each corpus of each run."""
    header = ["corpus", "articles", "queries", "ours", "tf-idf", "ratio", "difference, 95 % interval"]
    header += ["ours, linear gain", "tf-idf, linear gain", "commit", "started"]
    rows = ([*_row(name, each), *origin(r)] for r in results for name, each in r["figures"].items())
    return markdown_table(header, rows)


def _row(name: str, figures: dict[str, Any]) -> list[str]:
    found, linear = figures["measures"][EXPONENTIAL], figures["measures"][LINEAR]
    low, high = found["difference_interval_95"]
    return [
        name,
        f"{figures['n_articles']:,}",
        f"{figures['n_queries']:,}",
        f"{found['ours']:.4f}",
        f"{found['tfidf']:.4f}",
        f"{found['ours'] / found['tfidf']:.3f}" if found["tfidf"] else "-",
        f"{found['difference']:+.4f} [{low:+.4f}, {high:+.4f}]",
        f"{linear['ours']:.4f}",
        f"{linear['tfidf']:.4f}",
    ]


@click.command(NAME)
@click.option(
    "--corpus",
    "corpus_paths",
    type=click.Path(path_type=Path),
    multiple=True,
    help="A corpus; again for more.",
)
@click.option(
    "--corpora", "folder", type=click.Path(path_type=Path), help="A folder of corpora, a folder each."
)
@click.option("--n-jobs", type=click.IntRange(min=1), default=2, show_default=True, help="Threads.")
@click.option("--seed", default=0, show_default=True, help="Of the intervals and tests.")
@click.option("--out", type=click.Path(path_type=Path), default=DEFAULT_FOLDER, show_default=True)
def command(corpus_paths: tuple[Path, ...], folder: Path | None, n_jobs: int, seed: int, out: Path) -> None:
    """Compare the lists of the default settings with plain tf-idf cosine, by nDCG@10."""
    if not corpus_paths and folder is None:
        raise click.UsageError("wanted --corpus PATH or --corpora FOLDER")
    corpora = [open_corpus(path) for path in corpus_paths] + (corpora_in(folder) if folder else [])
    result = measure(corpora, n_jobs=n_jobs, seed=seed)
    path = write_result(out, result, corpora[0].name if len(corpora) == 1 else "all")
    click.echo(table([result]), nl=False)
    click.echo(f"written to {path}", err=True)
