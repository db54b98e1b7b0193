"""``run fit``: weights and recency fitted to part of the judgements, compared with the defaults on the rest."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
import numpy as np

from benchmarks.corpora import Corpus, check_names, corpora_options, open_corpora
from benchmarks.judging import PRIMARY
from benchmarks.ours import K, build_site, site_facts
from benchmarks.results import DEFAULT_FOLDER, Result, new_result, origin, write_result
from benchmarks.tables import markdown_table
from benchmarks.two_stage import stored_lists
from benchmarks.variants import VARIANTS
from recommender import Policy, Recommender, read_articles
from recommender.errors import InputError, Problem
from recommender.evaluation import Evaluation, Qrels, compare, evaluate, read_qrels
from recommender.fitting import fit_weights

__all__ = ["command", "measure", "table"]

NAME = "fit"
HALF = "half"


def measure(
    corpora: Sequence[Corpus],
    *,
    variants: Sequence[str],
    n_few: int,
    n_draws: int,
    n_jobs: int,
    seed: int,
    report: Callable[[str], None] = lambda _: None,
) -> Result:
    """Fit recency and weights to each half of the judged articles, and to small samples, and judge on the others.

    Parameters
    ----------
    corpora : sequence of Corpus
        Corpora without judgements are left out.
    variants : sequence of str
        Names of `benchmarks.variants.VARIANTS`.
    n_few, n_draws : int
        Size and number of the small samples; with 0 draws there are none.
    n_jobs : int
        Threads; the figures do not depend on it.
    seed : int
        Seed of the parts, the folds and the intervals.
    report : callable
        Called with a line of text for each fit.

    Raises
    ------
    InputError
        If no corpus has judgements, two have the same name, or articles are unusable.
    """
    check_names(corpora)
    judged = [corpus for corpus in corpora if corpus.qrels is not None]
    if not judged:
        raise InputError(Problem("wanted judgements", "no qrels.tsv", "put it beside the articles"))
    settings = {"k": K, "n_jobs": n_jobs, "variants": list(variants), "n_few": n_few, "n_draws": n_draws}
    result = new_result(NAME, seed, settings)
    figures: dict[str, Any] = {}
    for corpus in judged:
        qrels = read_qrels(corpus.qrels) if corpus.qrels is not None else {}
        articles = list(read_articles(corpus.articles))
        for variant in variants:
            site = build_site(VARIANTS[variant](articles), n_jobs)
            on_site = set(site.summaries.column("article_id"))
            known = {query_id: grades for query_id, grades in qrels.items() if query_id in on_site}
            fits, dates = [], _Dates(site, n_jobs)
            for part, chosen in _parts(sorted(known), n_few, n_draws, seed):
                fits.append({"part": part, **_judge(dates, known, chosen, n_jobs, seed)})
                report(f"{corpus.name}, {variant}, {part}: {_summary(fits[-1])}")
            figures.setdefault(corpus.name, {})[variant] = {"fits": fits, "site": site_facts(site)}
    return result | {"corpora": [corpus.describe() for corpus in judged], "figures": figures}


def _parts(query_ids: Sequence[str], n_few: int, n_draws: int, seed: int) -> Iterator[tuple[str, set[str]]]:
    """Yield the judged articles to fit to: each half, then small samples, chosen by hashes of the ids."""
    half = len(query_ids) // 2
    mixed = _mixed(query_ids, f"{seed}")
    yield HALF, set(mixed[:half])
    yield HALF, set(mixed[half:])
    for draw in range(n_draws if n_few < len(query_ids) else 0):
        yield f"{n_few}", set(_mixed(query_ids, f"{seed} {draw}")[:n_few])


def _mixed(query_ids: Sequence[str], salt: str) -> list[str]:
    return sorted(query_ids, key=lambda query_id: hashlib.blake2b(f"{salt}\0{query_id}".encode()).digest())


class _Dates:
    """A site with default weights under different policies of recency, each made once."""

    def __init__(self, site: Recommender, n_jobs: int) -> None:
        self.site, self._n_jobs = site, n_jobs
        self._known = [(site.policy, site)]  # a policy holds mappings and is not hashable

    def under(self, policy: Policy) -> Recommender:
        """Return the site under a policy."""
        for known, site in self._known:
            if known == policy:
                return site
        self._known.append((policy, self.site.relisted(policy=policy, n_jobs=self._n_jobs)))
        return self._known[-1][1]


def _judge(dates: _Dates, qrels: Qrels, chosen: set[str], n_jobs: int, seed: int) -> dict[str, Any]:
    """Return the fit to `chosen`, and the gain of the default and fitted weights on the other articles."""
    site = dates.site
    others = {query_id: grades for query_id, grades in qrels.items() if query_id not in chosen}
    labels = {query_id: qrels[query_id] for query_id in sorted(chosen)}
    fit = fit_weights(site, labels, measure=PRIMARY, seed=seed, n_jobs=n_jobs)
    policy = fit.policy(site.policy)
    found = site.relisted(weights=fit.found, policy=policy, n_jobs=n_jobs)

    def judged(each: Recommender) -> Evaluation:
        return evaluate(stored_lists(each, sorted(others)), others, PRIMARY)

    before, after = judged(site), judged(found)
    by_default_weights = judged(dates.under(policy)).mean(PRIMARY)
    compared = compare(before, after, seed=seed)[PRIMARY]
    return {
        "n_judged": len(others),
        "accepted": fit.accepted,
        "default": compared.baseline,
        "found": compared.candidate,
        "found_difference_interval_95": list(compared.interval),
        "fitted": compared.candidate if fit.accepted else by_default_weights,
        "held_out": fit.relative,
        "n_fitted": fit.n_queries,
        "weights_found": asdict(fit.found),
        "recency": fit.recency
        and {
            "default": str(fit.recency.default),
            "found": str(fit.recency.found),
            "chosen": str(fit.recency.chosen),
            "value_default": compared.baseline,
            "value_none": judged(dates.under(site.policy.changed(recency="none"))).mean(PRIMARY),
            "value_chosen": by_default_weights,
        },
    }


def _relative(fit: dict[str, Any], name: str = "fitted", to: str = "default") -> float:
    return float(fit[name] / fit[to] - 1) if fit[to] else 0.0


def _summary(fit: dict[str, Any]) -> str:
    verdict = "taken" if fit["accepted"] else "not taken"
    text = f"{fit['default']:.4f} by default, {fit['found']:.4f} found, {verdict}"
    dates = fit["recency"]
    return text + (
        f"; dates: {dates['chosen']} {dates['value_chosen']:.4f}, none {dates['value_none']:.4f}"
        if dates
        else ""
    )


def table(results: Sequence[Result]) -> str:
    """Return tables of all fits and of recency alone, a row for each corpus, variant and size of each run."""
    header = [
        "corpus", "text", "fitted to", "fits", "taken", "default", "fitted", "gain", "worst",
        "had all been taken", "worst of all", "commit", "started",
    ]  # fmt: skip
    rows = (
        [corpus, variant, *row, *origin(result)]
        for result in results
        for corpus, variants in result["figures"].items()
        for variant, each in variants.items()
        for row in _rows(each["fits"])
    )
    return "\n".join([markdown_table(header, rows), *_recency_table(results)])


def _recency_table(results: Sequence[Result]) -> list[str]:
    """Return a table of the gain of recency with default weights; none if no corpus has dates."""
    header = [
        "corpus", "text", "fitted to", "fits", "dates: none", "default", "chosen", "chosen against none", "worst",
        "what was chosen", "commit", "started",
    ]  # fmt: skip
    rows = [
        [corpus, variant, *row, *origin(result)]
        for result in results
        for corpus, variants in result["figures"].items()
        for variant, each in variants.items()
        for row in _recency_rows(each["fits"])
    ]
    return [markdown_table(header, rows)] if rows else []


def _recency_rows(fits: Sequence[dict[str, Any]]) -> Iterator[list[str]]:
    fits = [fit for fit in fits if fit.get("recency")]
    for part in dict.fromkeys(fit["part"] for fit in fits):
        each = [fit for fit in fits if fit["part"] == part]
        dates = [fit["recency"] for fit in each]
        against = [_relative(found, "value_chosen", "value_none") for found in dates]
        chosen = Counter(found["chosen"] for found in dates)
        yield [
            f"{each[0]['n_fitted']:,}",
            f"{len(each)}",
            *(
                f"{np.mean([found[f'value_{name}'] for found in dates]):.4f}"
                for name in ("none", "default", "chosen")
            ),
            *(f"{share:+.1%}" for share in (np.mean(against), min(against))),
            "; ".join(f"{name} ({n})" for name, n in chosen.most_common()),
        ]


def _rows(fits: Sequence[dict[str, Any]]) -> Iterator[list[str]]:
    for part in dict.fromkeys(fit["part"] for fit in fits):
        each = [fit for fit in fits if fit["part"] == part]
        fitted, found = ([_relative(fit, name) for fit in each] for name in ("fitted", "found"))
        yield [
            f"{each[0]['n_fitted']:,}",
            f"{len(each)}",
            f"{sum(fit['accepted'] for fit in each)}",
            *(f"{np.mean([fit[name] for fit in each]):.4f}" for name in ("default", "fitted")),
            *(f"{share:+.1%}" for share in (np.mean(fitted), min(fitted), np.mean(found), min(found))),
        ]


@click.command(NAME)
@corpora_options
@click.option("--variant", type=click.Choice([*VARIANTS, "both"]), default="both", show_default=True)
@click.option(
    "--few",
    type=click.IntRange(min=1),
    default=100,
    show_default=True,
    help="Judged articles of a small sample.",
)
@click.option(
    "--draws", type=click.IntRange(min=0), default=10, show_default=True, help="Number of small samples."
)
@click.option("--n-jobs", type=click.IntRange(min=1), default=2, show_default=True, help="Threads.")
@click.option("--seed", default=0, show_default=True, help="Seed of the parts, the folds and the intervals.")
@click.option("--out", type=click.Path(path_type=Path), default=DEFAULT_FOLDER, show_default=True)
def command(
    corpus_paths: tuple[Path, ...], folder: Path | None, variant: str, few: int, draws: int, n_jobs: int,
    seed: int, out: Path,
) -> None:  # fmt: skip
    """Fit recency and weights to part of the judgements of each corpus and judge them on the rest."""
    corpora = open_corpora(corpus_paths, folder)
    result = measure(
        corpora, variants=tuple(VARIANTS) if variant == "both" else (variant,), n_few=few, n_draws=draws,
        n_jobs=n_jobs, seed=seed, report=lambda line: click.echo(line, err=True),
    )  # fmt: skip
    path = write_result(out, result, corpora[0].name if len(corpora) == 1 else "all")
    click.echo(table([result]), nl=False)
    click.echo(f"written to {path}", err=True)
