"""Gain and loss of rules by judgements: exposure, recency, diversity and the floor."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from benchmarks.lists.subject import Subject, gain, rows_of
from benchmarks.ours import K
from recommender import Policy, Recommender
from recommender.evaluation import Evaluation, compare
from recommender.evaluation import exposure as shape_of

__all__ = ["DIVERSITIES", "FLOORS", "SHORT", "diversity", "exposure", "floor", "recency"]

SHORT = 5  # length of the lists of the exposure part
DIVERSITIES = (0.0, 0.1, 0.2, 0.3, 0.5)
FLOORS = (0.0, 0.4, 0.5, 0.6, 0.7)
_MOST = 6.0


def exposure(subject: Subject) -> dict[str, Any]:
    """Return the exposure of articles in lists of five and their nDCG, without and with the rule of exposure."""
    n_jobs = subject.plan.n_jobs
    before = Recommender.from_articles(subject.articles, k=SHORT, n_jobs=n_jobs)
    after = before.relisted(policy=replace(before.policy, exposure=_MOST), n_jobs=n_jobs)
    quality: dict[str, Any] = {}
    if subject.known:
        quality = _against(subject.judged(before, SHORT), subject.judged(after, SHORT), SHORT, subject)
    return {"before": _reach(before), "after": _reach(after), "most": _MOST, "quality": quality}


def _reach(site: Recommender) -> dict[str, Any]:
    rows = rows_of(site)
    shape = shape_of(rows)
    representative = site.site.rules.eligibility.representative
    degrees = np.bincount(representative[rows[rows >= 0]], minlength=len(rows))  # near copies count as one
    eligible = representative == np.arange(len(rows))
    n_orphans = int((eligible & (degrees == 0)).sum())
    return {
        "orphans": shape.orphans,
        "orphans_share": shape.orphans / shape.n_articles,
        "n_eligible": int(eligible.sum()),
        "eligible_orphans": n_orphans,
        "eligible_orphans_share": n_orphans / int(eligible.sum()),
        "mean_in_degree": float(degrees.mean()),
        "max_in_degree": shape.max_in_degree,
        "max_over_mean": shape.max_over_mean,
        "gini": shape.in_degree_gini,
        "entries": int(degrees.sum()),
        "empty_lists": shape.empty_lists,
        "without_a_list": int((eligible & (degrees == 0) & (rows[:, 0] < 0)).sum()),
    }


def recency(subject: Subject) -> dict[str, Any]:
    """Return the nDCG of each mode of recency against lists that ignore dates, and the novelty of entries."""
    ways = {mode: Policy(recency=mode) for mode in ("none", "era", "background")}
    ways |= {f"latest, {days} days": Policy(recency="latest", half_life=float(days)) for days in (30, 365)}
    moments = np.array([_moment(article.published) for article in subject.articles], dtype="datetime64[s]")
    if np.isnat(moments).all() or not subject.known:
        return {}
    figures: dict[str, Any] = {}
    plain: Evaluation | None = None
    for name, policy in ways.items():
        site = subject.relisted(policy)
        found = subject.judged(site, K)
        plain = plain or found
        novelty = shape_of(rows_of(site), published=moments).novelty
        figures[name] = _against(plain, found, K, subject) | {
            "novelty": None if novelty is None else asdict(novelty)
        }
    return figures


def _moment(published: Any) -> Any:
    return np.datetime64("NaT") if published is None else np.datetime64(published.replace(tzinfo=None))


def diversity(subject: Subject) -> dict[str, Any]:
    """Return the distance within lists and their nDCG for each diversity."""
    vectors = csr_array(subject.site.collection.sparse.to_csr(subject.site.model.lexical.n_terms))
    figures: dict[str, Any] = {}
    plain: Evaluation | None = None
    for degree in DIVERSITIES:
        site = subject.relisted(Policy(diversity=degree))
        distance = shape_of(rows_of(site), vectors).intra_list_distance
        quality: dict[str, Any] = {}
        if subject.known:
            found = subject.judged(site, K)
            plain = plain or found
            quality = _against(plain, found, K, subject)
        figures[f"{degree:g}"] = {"intra_list_distance": distance, **quality}
    return figures


def floor(subject: Subject) -> dict[str, Any]:
    """Return the entries dropped, empty lists and nDCG for each floor, against none."""
    figures: dict[str, Any] = {}
    plain: Evaluation | None = None
    for least in FLOORS:
        site = subject.relisted(Policy(floor=least))
        rows = rows_of(site)
        entries = int((rows >= 0).sum())
        none = figures.get("0", {"entries": entries})["entries"]
        quality: dict[str, Any] = {}
        if subject.known:
            found = subject.judged(site, K)
            plain = plain or found
            quality = _against(plain, found, K, subject)
        figures[f"{least:g}"] = {
            "entries": entries,
            "dropped": 1 - entries / none if none else 0.0,
            "empty_lists": int((rows[:, 0] < 0).sum()),
            **quality,
        }
    return figures


def _against(plain: Evaluation, found: Evaluation, k: int, subject: Subject) -> dict[str, Any]:
    compared = compare(plain, found, seed=subject.plan.seed)[gain(k)]
    return {
        f"ndcg_{k}": compared.candidate,
        "plain": compared.baseline,
        "relative": compared.relative if compared.baseline else None,
        "difference_interval_95": list(compared.interval),
    }
