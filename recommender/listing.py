"""All lists of a site from its vectors: ranked, then assembled by a policy. A build does it, and whoever changes a rule."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.articles import ArticleSummary
from recommender.assembly.lists import RUNG_NAMES, Assembly
from recommender.assembly.opening import Fields, ages_of, open_assembly
from recommender.assembly.policy import Policy
from recommender.editors import EditorRules, Resolved, resolve, rules_of_metadata
from recommender.index.planner import SearchPlan
from recommender.progress import Progress
from recommender.ranking.all_lists import Ranked, rank_all
from recommender.ranking.attributes import Attribute
from recommender.ranking.chance import calibrated
from recommender.ranking.content import content_scores
from recommender.ranking.context import Context
from recommender.ranking.limits import Limits
from recommender.ranking.recency import weights_for
from recommender.ranking.signals import Scratch, Signals
from recommender.ranking.weights import Weights, leaning

__all__ = ["LIST_ARRAYS", "Wishes", "limits_of", "make_lists", "said_by_editors"]

LIST_ARRAYS = ("list_rows", "list_scores", "list_rungs", "copies", "ages")
"""Names of the arrays that `make_lists` returns."""

_TOLD = 20  # notes about editors' rules that are spelled out


@dataclass(frozen=True)
class Wishes:
    """What is asked of lists.

    Parameters
    ----------
    k : int
    weights : Weights
    policy : Policy
    editors : EditorRules
        Of a file; those in the metadata of articles come on top.
    n_candidates : int
    """

    k: int
    weights: Weights
    policy: Policy
    editors: EditorRules
    n_candidates: int


def make_lists(
    wishes: Wishes,
    signals: Signals,
    attributes: Mapping[str, Attribute],
    arrays: Mapping[str, NDArray[Any]],
    summaries: Sequence[ArticleSummary],
    n_jobs: int | None,
    tell: Progress,
    context: Context | None = None,
    plans: Mapping[str, SearchPlan] | None = None,
) -> tuple[dict[str, NDArray[Any]], dict[str, Any], Ranked]:
    """Return the arrays of `LIST_ARRAYS`, the facts that go with them, and what ranking measured.

    Warns
    -----
    UserWarning
        For each rule of editors that names an unknown article or does not hold.
    """
    policy, fields = wishes.policy, Fields(summaries)
    rules = {"file": wishes.editors, "metadata": rules_of_metadata(summaries)}
    said = said_by_editors(rules["file"].merged(rules["metadata"]), summaries)
    _tell_editors(said)
    assembly = open_assembly(policy, arrays, fields, said)
    weights = weights_for(wishes.weights, policy.recency)
    limits = limits_of(assembly, arrays, ages_of(policy, arrays, fields))
    ranked = rank_all(
        signals, attributes, np.asarray(arrays["id_order"]), wishes.k, weights, wishes.n_candidates, n_jobs, tell,
        context, plans, limits, assembly.depth(wishes.k),
    )  # fmt: skip
    tell("assembling", 0, 1)
    scores_of = partial(_pair_scores, signals, weights, ranked)
    lists, spread = assembly.assemble(
        ranked.rows, ranked.scores, wishes.k, scores_of, lambda: signals.sparse, ranked.chance
    )
    tell("assembling", 1, 1)
    made: dict[str, NDArray[Any]] = {
        "list_rows": lists.rows, "list_scores": lists.scores, "list_rungs": lists.rungs,
        "copies": assembly.eligibility.representative,
    }  # fmt: skip
    if limits.ages is not None:
        made["ages"] = limits.ages
    facts = {
        "k": wishes.k,
        "n_candidates": wishes.n_candidates,
        "weights": asdict(wishes.weights),
        "policy": policy.to_json(),
        "editors": {name: each.to_json() for name, each in rules.items()},
        "rungs": {
            name: int((lists.rungs == code)[lists.rows >= 0].sum()) for code, name in enumerate(RUNG_NAMES)
        },
        "spread": None
        if spread is None
        else {"before": spread.before._asdict(), "after": spread.after._asdict()},
    }
    return made, facts, ranked


def limits_of(
    assembly: Assembly, arrays: Mapping[str, NDArray[Any]], ages: NDArray[np.float32] | None
) -> Limits:
    """Return what the rules of a site mean for its ranking."""
    eligibility, policy = assembly.eligibility, assembly.policy
    asks = eligibility.asks_anything
    return Limits(
        assembly.ranking_floor,
        partial(eligibility.allows, eligibility.site()) if asks else None,
        np.flatnonzero(eligibility.listable()).astype(np.int32) if asks else None,
        None if policy.copies == "keep" else eligibility.representative,
        np.asarray(arrays["languages"]),
        ages,
    )


def said_by_editors(rules: EditorRules, summaries: Sequence[ArticleSummary]) -> Resolved:
    """Return editors' rules as rows."""
    if not rules.pins and not rules.blocks:
        return Resolved()
    wanted = {article_id for rule in rules.by_strength() for article_id in rule.ids}
    rows = {each.article_id: row for row, each in enumerate(summaries) if each.article_id in wanted}
    return resolve(rules, rows.get)


def _tell_editors(said: Resolved) -> None:
    problems = (*said.unknown, *said.notes)
    for problem in problems[:_TOLD]:
        warnings.warn(str(problem), stacklevel=5)
    if len(problems) > _TOLD:
        warnings.warn(f"... and {len(problems) - _TOLD:,} more rules of editors do not hold", stacklevel=5)


def _pair_scores(
    signals: Signals, weights: Weights, ranked: Ranked, rows: NDArray[Any], others: NDArray[Any]
) -> NDArray[np.float32]:
    """Return the scores of pairs, 0 for those with nothing in common."""
    lean = leaning(np.diff(signals.sparse.indptr))
    scratch = Scratch(signals)
    content = np.zeros(len(rows), dtype=np.float32)
    for at, (row, other) in enumerate(zip(rows.tolist(), others.tolist(), strict=True)):
        planes = signals.planes(row, row + 1, np.array([[other]], dtype=np.int32), scratch)
        content[at] = content_scores(planes, lean[row : row + 1], weights, has_neural=signals.has_neural)[
            0, 0
        ]
    logs = ranked.context.logs(ranked.context.attributes, rows, lean[rows], others, weights)
    raw = np.nan_to_num(content) * np.exp(sum(logs.values(), np.zeros(1, np.float32)))
    return np.asarray(calibrated(raw.astype(np.float32), ranked.chance))
