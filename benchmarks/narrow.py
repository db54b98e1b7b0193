"""``run narrow``: what the floor costs on small and narrow sites, and what it keeps away from articles planted alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import numpy as np

from benchmarks.corpora import Corpus, check_names, corpora_options, open_corpora
from benchmarks.judging import PRIMARY
from benchmarks.narrow_samples import SIZES, TOPICS, Sample, few_articles, few_topics, planted, topics_of
from benchmarks.ours import K, build_site
from benchmarks.results import DEFAULT_FOLDER, Result, new_result, origin, write_result
from benchmarks.tables import markdown_table
from benchmarks.two_stage import stored_lists
from benchmarks.variants import VARIANTS
from recommender import Article, Recommender, read_articles
from recommender.errors import InputError, Problem
from recommender.evaluation import Qrels, evaluate, read_qrels

__all__ = ["HOSTS", "command", "measure", "table"]

NAME = "narrow"
HOSTS = (30, 300, 3_000)
"""Articles among which others are planted."""

_PLANTED = 10
_CHANCE = 0.5  # score that one in fifty pairs of unrelated articles should reach


def measure(
    corpora: Sequence[Corpus],
    *,
    variants: Sequence[str],
    n_draws: int,
    n_jobs: int,
    seed: int,
    report: Callable[[str], None] = lambda _: None,
) -> Result:
    """Judge the lists of samples with the default floor and without one.

    Parameters
    ----------
    corpora : sequence of Corpus
        With judgements. Articles of all others are planted into each corpus.
    variants : sequence of str
        Names of `benchmarks.variants.VARIANTS`.
    n_draws : int
        Samples of each kind.
    n_jobs : int
        Threads; the figures do not depend on it.
    seed : int
        Seed of the first draw.
    report : callable
        Called with a line of text for each kind of sample.

    Raises
    ------
    InputError
        If a corpus has no judgements, two have the same name, or articles are unusable.
    """
    check_names(corpora)
    if any(corpus.qrels is None for corpus in corpora):
        raise InputError(Problem("wanted judgements", "no qrels.tsv", "put it beside the articles"))
    result = new_result(
        NAME, seed, {"k": K, "n_draws": n_draws, "n_jobs": n_jobs, "variants": list(variants)}
    )
    judged = [(list(read_articles(c.articles)), read_qrels(c.qrels)) for c in corpora if c.qrels]
    figures: dict[str, Any] = {}
    for variant in variants:
        changed = [({a.article_id: a for a in VARIANTS[variant](each)}, qrels) for each, qrels in judged]
        for place, corpus in enumerate(corpora):
            host, others = changed[place], [*changed[place + 1 :], *changed[:place]]
            found = figures.setdefault(corpus.name, {}).setdefault(variant, {})
            for kind, samples in _kinds(host, others, range(seed, seed + n_draws)):
                drawn = [_judged(sample, host[1], n_jobs) for sample in samples if sample is not None]
                if drawn:
                    found[kind] = drawn
                    report(f"{corpus.name}, {variant}, {kind}")
    return result | {"corpora": [corpus.describe() for corpus in corpora], "figures": figures}


def _kinds(
    host: tuple[Mapping[str, Article], Qrels],
    others: Sequence[tuple[Mapping[str, Article], Qrels]],
    seeds: range,
) -> Iterator[tuple[str, Iterator[Sample | None]]]:
    """Yield each kind of sample by name, with its draws."""
    articles, topics = host[0], topics_of(host[1])
    strangers = [(each, topics_of(qrels)) for each, qrels in others]
    yield "all", iter([Sample(list(articles.values()))])
    for n_topics, each in TOPICS:
        yield (
            f"{n_topics} x {each}",
            (few_topics(articles, topics, n_topics, each, seed) for seed in seeds),
        )
    for n in SIZES:
        yield f"{n} articles", (few_articles(articles, n, seed) for seed in seeds)
    for n in HOSTS:
        draws = (planted(articles, strangers, n, _PLANTED, seed) for seed in seeds)
        yield f"planted in {n:,}", draws


def _judged(sample: Sample, qrels: Qrels, n_jobs: int) -> dict[str, Any]:
    """Return the figures of one sample."""
    site = build_site(sample.articles, n_jobs)
    bare = site.relisted(policy=replace(site.policy, floor=0), n_jobs=n_jobs)
    ids = set(site.summaries.column("article_id"))
    figures: dict[str, Any] = {"n_articles": len(ids), "chance": site.model.chance}
    if sample.planted:
        lists = {"floor": site, "no_floor": bare}
        for name, each in lists.items():
            figures[f"filled_{name}"], figures[f"filler_{name}"] = _filled(each, sample.planted)
        return figures
    within = {i: {j: g for j, g in qrels[i].items() if j in ids and g > 0} for i in qrels if i in ids}
    within = {query_id: grades for query_id, grades in within.items() if grades}
    if within:
        means = [
            evaluate(stored_lists(each, list(within)), within, PRIMARY).mean(PRIMARY) for each in (site, bare)
        ]
        figures |= {"n_queries": len(within), "floor": means[0], "no_floor": means[1]}
    if len(set(sample.topics.values())) > 1:
        figures["unrelated_at_chance"] = _unrelated_at_chance(bare, sample.topics)
    return figures


def _filled(site: Recommender, planted: frozenset[str]) -> tuple[float, float]:
    """Return the share of planted articles whose list holds another article of the site, and the mean number of these."""
    lists = site.related_many(sorted(planted), k=len(site), floor=site.policy.floor)
    fillers = [sum(entry.article_id not in planted for entry in each) for each in lists]
    return float(np.mean(np.array(fillers) > 0)), float(np.mean(np.minimum(fillers, K)))


def _unrelated_at_chance(site: Recommender, topics: Mapping[str, int]) -> float:
    """Return the share of pairs of different topics with a score of a half or more."""
    lists = site.related_many(list(topics), k=len(site), floor=0, copies="keep")  # a floor would close lists
    above = sum(
        entry.score >= _CHANCE and topics[article_id] != topics[entry.article_id]
        for article_id, each in zip(topics, lists, strict=True)
        for entry in each
    )
    counts = np.bincount(list(topics.values()))
    return float(above / (len(topics) ** 2 - (counts**2).sum()))


def table(results: Sequence[Result]) -> str:
    """Return a table for each run, with a row for each corpus, variant and kind of sample."""
    return "\n".join(_table(result) for result in results)


def _table(result: Result) -> str:
    commit, started = origin(result)
    head = [
        f"{commit}, {started}", "variant", "sample", "chance", "nDCG@10", "without floor", "cost",
        "unrelated at .5", "filled", "fillers", "filled without floor",
    ]  # fmt: skip
    rows = (
        [corpus, variant, kind, *_cells(drawn)]
        for corpus, variants in result["figures"].items()
        for variant, kinds in variants.items()
        for kind, drawn in kinds.items()
    )
    return markdown_table(head, rows)


def _cells(drawn: Sequence[Mapping[str, Any]]) -> list[str]:
    means = {
        name: float(np.mean([each[name] for each in drawn if name in each]))
        for name in (
            "chance", "floor", "no_floor", "unrelated_at_chance", "filled_floor", "filler_floor", "filled_no_floor",
        )
        if any(name in each for each in drawn)
    }  # fmt: skip

    def cell(name: str, form: str, scale: float = 1) -> str:
        return form.format(scale * means[name]) if name in means else ""

    cost = f"{100 * (1 - means['floor'] / means['no_floor']):.2f} %" if means.get("no_floor") else ""
    return [
        cell("chance", "{:.4f}"), cell("floor", "{:.4f}"), cell("no_floor", "{:.4f}"), cost,
        cell("unrelated_at_chance", "{:.1f} %", 100), cell("filled_floor", "{:.0f} %", 100),
        cell("filler_floor", "{:.1f}"), cell("filled_no_floor", "{:.0f} %", 100),
    ]  # fmt: skip


@click.command(NAME)
@corpora_options
@click.option("--variant", type=click.Choice([*VARIANTS, "both"]), default="both", show_default=True)
@click.option(
    "--draws", type=click.IntRange(min=1), default=3, show_default=True, help="Samples of each kind."
)
@click.option("--n-jobs", type=click.IntRange(min=1), default=2, show_default=True, help="Threads.")
@click.option("--seed", default=0, show_default=True, help="Seed of the first sample of each kind.")
@click.option("--out", type=click.Path(path_type=Path), default=DEFAULT_FOLDER, show_default=True)
def command(
    corpus_paths: tuple[Path, ...], folder: Path | None, variant: str, draws: int, n_jobs: int, seed: int,
    out: Path,
) -> None:  # fmt: skip
    """Judge lists of small and narrow samples with the floor and without, and plant articles of other corpora."""
    corpora = open_corpora(corpus_paths, folder)
    variants = tuple(VARIANTS) if variant == "both" else (variant,)
    result = measure(
        corpora, variants=variants, n_draws=draws, n_jobs=n_jobs, seed=seed,
        report=lambda line: click.echo(line, err=True),
    )  # fmt: skip
    path = write_result(out, result, corpora[0].name if len(corpora) == 1 else "all")
    click.echo(table([result]), nl=False)
    click.echo(f"written to {path}", err=True)
