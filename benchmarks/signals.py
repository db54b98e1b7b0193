"""``run signals``: the gain of each signal: words alone, words with one signal, and all signals without one.

Then each signal that the site itself decides on, in its fixed form.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
import numpy as np

from benchmarks.corpora import Corpus, check_names, corpora_options, open_corpora
from benchmarks.fixed_forms import FORMS, fixed_forms
from benchmarks.judging import PRIMARY
from benchmarks.ours import K, build_site, site_facts
from benchmarks.results import DEFAULT_FOLDER, Result, new_result, origin, write_result
from benchmarks.tables import markdown_table
from benchmarks.two_stage import stored_lists
from benchmarks.variants import VARIANTS
from recommender import Recommender, Weights, read_articles
from recommender.errors import InputError, Problem
from recommender.evaluation import Evaluation, Qrels, compare, evaluate, read_qrels

__all__ = ["command", "measure", "table"]

NAME = "signals"
ALL, WORDS = "all", "words alone"
_SIGNALS = ("dense", "neural", "mention", "hub", "time", "section", "tags", "title")


def measure(
    corpora: Sequence[Corpus],
    *,
    variants: Sequence[str],
    vectors: Path | None,
    n_jobs: int,
    seed: int,
    forms_only: bool = False,
    report: Callable[[str], None] = lambda _: None,
) -> Result:
    """Judge the lists by words alone, by words and one signal, by all signals, and by all without one.

    Parameters
    ----------
    corpora : sequence of Corpus
        With judgements.
    variants : sequence of str
        Names of `benchmarks.variants.VARIANTS`.
    vectors : Path or None
        Folder that stores neural vectors. If given, MiniLM is one of the signals.
    n_jobs : int
        Threads; the figures do not depend on it.
    seed : int
        Seed of the intervals.
    forms_only : bool
        Judge only all signals and their fixed forms.
    report : callable
        Called with a line of text for each corpus and variant.

    Raises
    ------
    InputError
        If no corpus has judgements, two have the same name, or articles are unusable.
    """
    check_names(corpora)
    judged = [corpus for corpus in corpora if corpus.qrels is not None]
    if not judged:
        raise InputError(Problem("wanted judgements", "no qrels.tsv", "put it beside the articles"))
    result = new_result(
        NAME, seed, {"k": K, "n_jobs": n_jobs, "variants": list(variants), "forms_only": forms_only}
    )
    figures: dict[str, Any] = {}
    for corpus in judged:
        qrels = read_qrels(corpus.qrels) if corpus.qrels is not None else {}
        articles = list(read_articles(corpus.articles))
        for variant in variants:
            site = build_site(VARIANTS[variant](articles), n_jobs, vectors)
            figures.setdefault(corpus.name, {})[variant] = _judge(site, qrels, n_jobs, seed, forms_only)
            report(f"{corpus.name}, {variant}")
    return result | {"corpora": [corpus.describe() for corpus in judged], "figures": figures}


def _judge(site: Recommender, qrels: Qrels, n_jobs: int, seed: int, forms_only: bool) -> dict[str, Any]:
    default = Weights()
    used = [
        name
        for name in _SIGNALS
        if name in ("dense", "mention", "hub")
        or np.any(site.model.log_ratios.get(name, 0))
        or (name == "neural" and site.model.neural)
    ]
    off = dict.fromkeys(_SIGNALS, 0.0)
    ways = {WORDS: Weights(**off)}
    for name in used:
        ways[f"+ {name}"] = Weights(**off | {name: getattr(default, name)})
    ways |= {f"- {name}": Weights(**asdict(default) | {name: 0.0}) for name in used}
    if forms_only:
        ways = {}
    queries = [query_id for query_id in qrels if query_id in set(site.summaries.column("article_id"))]
    found: dict[str, Evaluation] = {ALL: evaluate(stored_lists(site, queries), qrels, PRIMARY)}
    for way, weights in ways.items():
        lists = stored_lists(site.relisted(weights=weights, n_jobs=n_jobs), queries)
        found[way] = evaluate(lists, qrels, PRIMARY)
    for form, listed in fixed_forms(site, n_jobs).items():
        found[form] = evaluate(stored_lists(listed(), queries), qrels, PRIMARY)
    against = {way: compare(found[ALL], each, seed=seed)[PRIMARY] for way, each in found.items()}
    return {
        "means": {way: each.mean(PRIMARY) for way, each in found.items()},
        "difference_from_all_interval_95": {way: list(each.interval) for way, each in against.items()},
        "site": site_facts(site),
    }


def table(results: Sequence[Result]) -> str:
    """Return a table for each run, with a row for each way and a column for each corpus and variant."""
    return "\n".join(_table(result) for result in results)


def _table(result: Result) -> str:
    columns = {
        f"{corpus}, {variant}": each["means"]
        for corpus, variants in result["figures"].items()
        for variant, each in variants.items()
    }
    signals = [way for way in _SIGNALS if any(f"+ {way}" in means for means in columns.values())]
    ways = [WORDS, *(f"+ {way}" for way in signals), ALL, *(f"- {way}" for way in signals), *FORMS]
    ways = [way for way in ways if any(way in means for means in columns.values())]
    rows = [
        [way, *(f"{means[way]:.4f}" if way in means else "" for means in columns.values())] for way in ways
    ]
    commit, started = origin(result)
    return markdown_table([f"{commit}, {started}", *columns], rows)


@click.command(NAME)
@corpora_options
@click.option("--variant", type=click.Choice([*VARIANTS, "both"]), default="both", show_default=True)
@click.option(
    "--vectors", type=click.Path(path_type=Path), help="Folder that stores neural vectors; adds MiniLM."
)
@click.option("--forms-only", is_flag=True, help="Judge only all signals and their fixed forms.")
@click.option("--n-jobs", type=click.IntRange(min=1), default=2, show_default=True, help="Threads.")
@click.option("--seed", default=0, show_default=True, help="Seed of the intervals.")
@click.option("--out", type=click.Path(path_type=Path), default=DEFAULT_FOLDER, show_default=True)
def command(
    corpus_paths: tuple[Path, ...], folder: Path | None, variant: str, vectors: Path | None, forms_only: bool,
    n_jobs: int, seed: int, out: Path,
) -> None:  # fmt: skip
    """Judge lists by words alone, by words with each signal, and by all signals without each."""
    corpora = open_corpora(corpus_paths, folder)
    variants = tuple(VARIANTS) if variant == "both" else (variant,)
    result = measure(
        corpora, variants=variants, vectors=vectors, n_jobs=n_jobs, seed=seed,
        forms_only=forms_only,
        report=lambda line: click.echo(line, err=True),
    )  # fmt: skip
    path = write_result(out, result, corpora[0].name if len(corpora) == 1 else "all")
    click.echo(table([result]), nl=False)
    click.echo(f"written to {path}", err=True)
