"""Judgement of all scorers on one variant of a corpus; ours are compared with the best of the others."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.baselines.ranked import Lists
from benchmarks.baselines.registry import Baseline
from benchmarks.goals import BEST, BEST_LEXICAL
from benchmarks.ours import NEURAL, OURS, K, build_site, site_facts
from benchmarks.two_stage import agreement, chosen, exhaustive_lists, stored_lists
from benchmarks.variants import VARIANTS
from recommender import Article, Recommender
from recommender.evaluation import Evaluation, Qrels, compare, evaluate

__all__ = ["MEASURES", "PRIMARY", "Judging", "Plan"]

PRIMARY = f"nDCG(dcg='exp-log2')@{K}"
MEASURES = (PRIMARY, f"nDCG@{K}", f"R@{K}", f"AP@{K}")


@dataclass(frozen=True)
class Plan:
    """Settings of a judgement.

    Parameters
    ----------
    variants : sequence of str
        Names of `benchmarks.variants.VARIANTS`.
    neural : bool
        Whether to judge our lists with MiniLM too.
    n_two_stage : int
        Largest number of judged queries whose lists are also made by scoring every article; 0 for none.
    vectors : Path
        Folder that stores vectors of MiniLM between runs.
    dtype : str
        Data type of MiniLM for our lists; that of the baseline is float32.
    n_jobs : int
        Threads; the figures do not depend on it.
    seed : int
        Seed of LSA, of the choice of queries, of intervals and tests.
    """

    variants: Sequence[str] = tuple(VARIANTS)
    neural: bool = False
    n_two_stage: int = 2_000
    vectors: Path = Path("build/vectors")
    dtype: str = "float32"
    n_jobs: int = 2
    seed: int = 0


class Judging:
    """Judges the scorers of one variant of a corpus one after the other; `figures` returns the results.

    Parameters
    ----------
    label : str
        Start of each reported line.
    articles : list of Article
    qrels : mapping
        Query id -> article id -> grade. A query that is not an article counts as 0 for every scorer.
    plan : Plan
    report : callable
        Called with a line of text for each scorer.
    """

    def __init__(
        self, label: str, articles: list[Article], qrels: Qrels, plan: Plan, report: Callable[[str], None]
    ) -> None:
        self.label, self.articles, self.qrels, self.plan, self.report = label, articles, qrels, plan, report
        on_site = {article.article_id for article in articles}
        self._queries = [query_id for query_id in qrels if query_id in on_site]
        self._found: dict[str, Evaluation] = {}
        self._seconds: dict[str, float] = {}
        self._lexical: list[str] = []
        self._neural: list[str] = []
        self._sites: dict[str, Any] = {}
        self._two_stage: dict[str, Any] = {}

    def add_baseline(self, name: str, baseline: Baseline) -> None:
        """Judge the lists of a baseline."""
        start = time.perf_counter()
        self._judge(name, baseline.lists(self.articles, self.qrels, K), start)
        (self._lexical if baseline.lexical else self._neural).append(name)

    def add_ours(self, name: str) -> None:
        """Judge the lists of our engine, and compare them with lists from scoring every article."""
        start = time.perf_counter()
        site = build_site(
            self.articles, self.plan.n_jobs, self.plan.vectors if name == NEURAL else None, self.plan.dtype
        )
        self._judge(name, stored_lists(site, self._queries), start)
        self._sites[name] = site_facts(site)
        asked = chosen(self._queries, self.plan.n_two_stage, self.plan.seed)
        if asked:
            self._two_stage[name] = self._all_pairs(site, asked)

    def _judge(self, name: str, lists: Lists, start: float) -> None:
        self._seconds[name] = round(time.perf_counter() - start, 2)
        self._found[name] = evaluate(lists, self.qrels, MEASURES)
        self.report(
            f"{self.label}: {name} {self._found[name].mean(PRIMARY):.4f}, {self._seconds[name]:.0f} s"
        )

    def _all_pairs(self, site: Recommender, asked: Sequence[str]) -> dict[str, Any]:
        seed = self.plan.seed
        stored, exhaustive = stored_lists(site, asked), exhaustive_lists(site, asked, self.plan.n_jobs)
        judged = {query_id: self.qrels[query_id] for query_id in asked}
        of_all, of_candidates = (evaluate(lists, judged, PRIMARY) for lists in (exhaustive, stored))
        compared = compare(of_all, of_candidates, seed=seed)[PRIMARY]
        return {
            "stored": compared.candidate,
            "exhaustive": compared.baseline,
            "loss": -compared.relative if compared.baseline else None,
            "difference_interval_95": list(compared.interval),
            **agreement(stored, exhaustive, seed),
        }

    def figures(self) -> dict[str, Any]:
        """Return means by scorer and measure, comparisons of our lists with the best others, and further figures."""
        best = {BEST_LEXICAL: self._best(self._lexical), BEST: self._best([*self._lexical, *self._neural])}
        rivals = {OURS: best, NEURAL: best | {OURS: OURS}}
        return {
            "n_articles": len(self.articles),
            "n_queries": len(self.qrels),
            "means": {name: found.means for name, found in self._found.items()},
            "without_list": {name: found.n_without_list for name, found in self._found.items()},
            "against": {
                name: {role: self._against(name, rival) for role, rival in rivals[name].items()}
                for name in self._sites
            },
            "two_stage": self._two_stage,
            "sites": self._sites,
            "seconds": self._seconds,
        }

    def _best(self, names: Sequence[str]) -> str:
        return max(names, key=lambda name: self._found[name].mean(PRIMARY))

    def _against(self, name: str, rival: str) -> dict[str, Any]:
        compared = compare(self._found[rival], self._found[name], PRIMARY, seed=self.plan.seed)[PRIMARY]
        return {
            "name": rival,
            "relative": compared.relative if compared.baseline else None,
            "difference": compared.difference,
            "difference_interval_95": list(compared.interval),
            "p_value": compared.p_value,
            "wins": compared.wins,
            "losses": compared.losses,
            "ties": compared.ties,
        }
