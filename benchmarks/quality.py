"""``run quality``: our lists and those of all baselines on judged corpora, compared by query."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from benchmarks.baselines.registry import Baseline, baselines
from benchmarks.corpora import Corpus, check_names, corpora_options, open_corpora
from benchmarks.judging import Judging, Plan
from benchmarks.ours import NEURAL, OURS, K
from benchmarks.quality_tables import table
from benchmarks.results import DEFAULT_FOLDER, Result, new_result, write_result
from benchmarks.variants import VARIANTS
from recommender import RecommenderError, read_articles
from recommender.errors import InputError, Problem
from recommender.evaluation import read_qrels

__all__ = ["command", "measure", "table"]

NAME = "quality"


def measure(corpora: Sequence[Corpus], plan: Plan, report: Callable[[str], None] = lambda _: None) -> Result:
    """Judge our lists and the baselines' on each corpus.

    Parameters
    ----------
    corpora : sequence of Corpus
        Corpora without judgements are left out, and named in the result.
    plan : Plan
    report : callable
        Called with a line of text for each judged scorer, and for each baseline that cannot run.

    Returns
    -------
    dict
        A result whose ``figures`` are those of `Judging`, by corpus and variant.

    Raises
    ------
    InputError
        If no corpus has judgements, two have the same name, or articles or judgements are unusable.
    RecommenderError
        If our lists with MiniLM are requested and a package is not installed.
    """
    judged = [corpus for corpus in corpora if corpus.qrels is not None]
    if not judged:
        places = [str(corpus.articles.parent) for corpus in corpora]
        raise InputError(
            Problem("wanted judgements", "no qrels.tsv", "put it beside the articles", place)
            for place in places
        )
    check_names(judged)
    available = baselines(plan.seed, plan.vectors)
    left_out = {name: each.missing for name, each in available.items() if each.missing}
    if plan.neural and "MiniLM" in left_out:
        raise RecommenderError(f"{NEURAL}: {left_out['MiniLM']}")
    for name, reason in left_out.items():
        report(f"{name} is left out: {reason}")
    scorers = {name: each for name, each in available.items() if name not in left_out}
    result = new_result(NAME, plan.seed, _settings(plan, scorers))
    figures = {corpus.name: _judge(corpus, plan, scorers, report) for corpus in judged}
    return result | {
        "corpora": [corpus.describe() for corpus in judged],
        "without_judgements": [corpus.name for corpus in corpora if corpus.qrels is None],
        "left_out": left_out,
        "figures": figures,
    }


def _settings(plan: Plan, scorers: Mapping[str, Baseline]) -> dict[str, Any]:
    return {
        "k": K,
        "n_jobs": plan.n_jobs,
        "variants": list(plan.variants),
        "n_two_stage": plan.n_two_stage,
        "baselines": {name: {"lexical": each.lexical, **each.settings} for name, each in scorers.items()},
    }


def _judge(
    corpus: Corpus, plan: Plan, scorers: Mapping[str, Baseline], report: Callable[[str], None]
) -> dict[str, Any]:
    qrels = read_qrels(corpus.qrels) if corpus.qrels is not None else {}
    articles = list(read_articles(corpus.articles))
    figures = {}
    for variant in plan.variants:
        judging = Judging(f"{corpus.name}, {variant}", VARIANTS[variant](articles), qrels, plan, report)
        for name in (OURS, NEURAL) if plan.neural else (OURS,):
            judging.add_ours(name)
        for name, baseline in scorers.items():
            judging.add_baseline(name, baseline)
        figures[variant] = judging.figures()
    return figures


@click.command(NAME)
@corpora_options
@click.option(
    "--variant", type=click.Choice([*VARIANTS, "both"]), default="both", show_default=True,
    help="Text of the articles: all, or title and first 400 characters.",
)  # fmt: skip
@click.option("--with-neural", is_flag=True, help="Also judge our lists with MiniLM; needs torch.")
@click.option(
    "--two-stage", type=click.IntRange(min=0), default=Plan.n_two_stage, show_default=True,
    help="Queries per corpus that are also scored against every article.",
)  # fmt: skip
@click.option(
    "--vectors", type=click.Path(path_type=Path), default=Plan.vectors, show_default=True,
    help="Folder that stores vectors of MiniLM between runs.",
)  # fmt: skip
@click.option(
    "--dtype", type=click.Choice(["float32", "bfloat16"]), default=Plan.dtype, show_default=True,
    help="Data type of MiniLM for our lists.",
)  # fmt: skip
@click.option("--n-jobs", type=click.IntRange(min=1), default=2, show_default=True, help="Threads.")
@click.option(
    "--seed", default=0, show_default=True, help="Seed of LSA, the choice of queries, intervals and tests."
)
@click.option("--out", type=click.Path(path_type=Path), default=DEFAULT_FOLDER, show_default=True)
def command(
    corpus_paths: tuple[Path, ...], folder: Path | None, variant: str, with_neural: bool, two_stage: int,
    vectors: Path, dtype: str, n_jobs: int, seed: int, out: Path,
) -> None:  # fmt: skip
    """Judge the lists of the default settings and of all baselines by nDCG@10 on every judged corpus."""
    corpora = open_corpora(corpus_paths, folder)
    variants = tuple(VARIANTS) if variant == "both" else (variant,)
    plan = Plan(variants, with_neural, two_stage, vectors, dtype, n_jobs, seed)
    result = measure(corpora, plan, lambda line: click.echo(line, err=True))
    path = write_result(out, result, corpora[0].name if len(corpora) == 1 else "all")
    click.echo(table([result]), nl=False)
    click.echo(f"written to {path}", err=True)
