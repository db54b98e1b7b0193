"""The measurement and its parts, each a function of a corpus with its site."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from benchmarks.corpora import Corpus, check_names, corpora_options, open_corpora
from benchmarks.lists.absences import absences
from benchmarks.lists.copied import copies
from benchmarks.lists.cost import cost
from benchmarks.lists.editing import editors
from benchmarks.lists.subject import ALL_RULES, Plan, Subject
from benchmarks.lists.tables import table
from benchmarks.lists.trades import diversity, exposure, floor, recency
from benchmarks.ours import K, site_facts
from benchmarks.results import DEFAULT_FOLDER, Result, new_result, write_result
from recommender import read_articles
from recommender.evaluation import read_qrels

__all__ = ["NAME", "PARTS", "command", "measure"]

NAME = "lists"

PARTS: dict[str, Callable[[Subject], dict[str, Any]]] = {
    "copies": copies,
    "editors": editors,
    "why-not": absences,
    "exposure": exposure,
    "recency": recency,
    "diversity": diversity,
    "floor": floor,
    "cost": cost,
}
"""The parts, in order."""


def measure(corpora: Sequence[Corpus], plan: Plan) -> Result:
    """Measure the parts of a plan on each corpus.

    Parameters
    ----------
    corpora : sequence of Corpus
        With or without judgements; without them there is no nDCG.
    plan : Plan

    Returns
    -------
    dict
        A result whose ``figures`` are those of each part, by corpus.

    Raises
    ------
    InputError
        If two corpora have the same name, or articles or judgements are unusable.
    """
    check_names(corpora)
    settings = {
        "k": K, "n_jobs": plan.n_jobs, "parts": list(plan.parts), "n_rules": plan.n_rules,
        "n_pairs": plan.n_pairs, "n_builds": plan.n_builds, "all_rules": ALL_RULES.to_dict(),
    }  # fmt: skip
    result = new_result(NAME, plan.seed, settings)
    figures = {corpus.name: _figures(corpus, plan) for corpus in corpora}
    return result | {"corpora": [corpus.describe() for corpus in corpora], "figures": figures}


def _figures(corpus: Corpus, plan: Plan) -> dict[str, Any]:
    qrels = {} if corpus.qrels is None else read_qrels(corpus.qrels)
    subject = Subject(list(read_articles(corpus.articles)), qrels, plan)
    figures: dict[str, Any] = {"n_articles": len(subject.articles), "n_queries": len(subject.known)}
    for part in plan.parts:
        start = time.perf_counter()
        figures[part] = PARTS[part](subject)
        plan.report(f"{corpus.name}, {part}: {time.perf_counter() - start:.0f} s")
    return figures | {"site": site_facts(subject.site)}


def _chosen(_: click.Context, __: click.Parameter, names: str | None) -> tuple[str, ...]:
    chosen = tuple(PARTS) if names is None else tuple(name.strip() for name in names.split(","))
    unknown = [name for name in chosen if name not in PARTS]
    if unknown:
        raise click.BadParameter(f"no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    return chosen


@click.command(NAME)
@corpora_options
@click.option("--only", "parts", callback=_chosen, help=f"Parts, separated by commas: {', '.join(PARTS)}.")
@click.option(
    "--rules", type=click.IntRange(min=1), default=1_000, show_default=True, help="Number of pins and blocks."
)
@click.option(
    "--pairs",
    type=click.IntRange(min=1),
    default=1_000,
    show_default=True,
    help="Number of absences to explain.",
)
@click.option("--builds", type=click.IntRange(min=1), default=3, show_default=True, help="Timed builds.")
@click.option("--n-jobs", type=click.IntRange(min=1), default=2, show_default=True, help="Threads.")
@click.option("--seed", default=0, show_default=True, help="Seed of rules, pairs and intervals.")
@click.option("--out", type=click.Path(path_type=Path), default=DEFAULT_FOLDER, show_default=True)
def command(
    corpus_paths: tuple[Path, ...], folder: Path | None, parts: tuple[str, ...], rules: int, pairs: int,
    builds: int, n_jobs: int, seed: int, out: Path,
) -> None:  # fmt: skip
    """Measure guarantees of lists (copies, pins, why-not), and the gain, loss and cost of each rule."""
    corpora = open_corpora(corpus_paths, folder)
    plan = Plan(parts, rules, pairs, builds, n_jobs, seed, lambda line: click.echo(line, err=True))
    result = measure(corpora, plan)
    path = write_result(out, result, corpora[0].name if len(corpora) == 1 else "all")
    click.echo(table([result]), nl=False)
    click.echo(f"written to {path}", err=True)
