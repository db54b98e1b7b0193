"""What a fit found, whether it is taken, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from recommender.rules.policy import Policy
from recommender.evaluation.resampling import Interval
from recommender.fitting.fit_recency import RecencyFit
from recommender.scoring.weights import Weights

__all__ = ["FITTED", "MIN_QUERIES", "Fit"]

MIN_QUERIES = 100
"""Labelled articles without which nothing is fitted: fewer say more about themselves than about the site."""

FITTED = tuple(name for name in asdict(Weights()) if name != "lexical")
"""Names of the weights that may change. That of words stays, as only the proportion matters."""


@dataclass(frozen=True)
class Fit:
    """Weights of a site and what dates do there, and why these; made by `fit_weights`.

    Parameters
    ----------
    weights : Weights
        To use: `found` if that was accepted, else `default`.
    default : Weights
        Those that the site was built with.
    found : Weights
        What all labelled articles together choose.
    accepted : bool
        Whether the gain on held-out articles is larger than `needed_errors` standard errors.
    measure : str
        What was made large.
    default_value, fitted_value : float
        Its mean on held-out articles: of the defaults, and of the weights that the other articles choose; both with
        dates as `recency` has them. NaN where there are too few.
    interval : Interval
        Of the difference, 95 %.
    n_queries, n_labels : int
        Labelled articles that were used, and the labels of those, 0 included.
    source : str
        Where the labels are from.
    reasons : mapping of str to str
        For each weight, why it is what `found` has.
    recency : RecencyFit or None
        What dates do; None where articles have none, or nothing was fitted.
    """

    weights: Weights
    default: Weights
    found: Weights
    accepted: bool
    measure: str
    default_value: float
    fitted_value: float
    interval: Interval
    n_queries: int
    n_labels: int
    source: str
    reasons: Mapping[str, str]
    recency: RecencyFit | None = None

    def policy(self, policy: Policy) -> Policy:
        """Return a policy with dates as this fit has them."""
        return self.recency.chosen.of_policy(policy) if self.recency else policy

    @property
    def enough(self) -> bool:
        """Whether there were enough labelled articles to fit anything."""
        return self.n_queries >= MIN_QUERIES

    @property
    def relative(self) -> float:
        """The gain on held-out articles as a share of the value of the defaults; NaN where that is 0."""
        return self.fitted_value / self.default_value - 1 if self.default_value else float("nan")

    @property
    def verdict(self) -> str:
        """What was decided, in words."""
        if not self.enough:
            return f"too few to fit weights: wanted {MIN_QUERIES} articles with related ones, got {self.n_queries}"
        if self.accepted:
            return "the weights found are taken"
        if self.found == self.default:
            return "no other weights do better"
        return "the weights stay: what those found gain on held-out articles may be chance"

    def record(self) -> dict[str, Any]:
        """Return the fit as JSON can hold it; with it as `fit`, `Recommender.relisted` keeps where weights come from."""
        record = asdict(self) | {"interval": list(self.interval), "reasons": dict(self.reasons)}
        record["recency"] = self.recency.record() if self.recency else None
        if not self.enough:  # JSON has no NaN
            record |= dict.fromkeys(("default_value", "fitted_value", "interval"))
        return record

    def __str__(self) -> str:
        lines = [f"{'weight':<8} {'default':>8} {'found':>8}  why"]
        for name, why in self.reasons.items():
            was, now = getattr(self.default, name), getattr(self.found, name)
            lines.append(f"{name:<8} {was:>8.3g} {now:>8.3g}  {why}")
        labelled = (
            f"{self.n_queries:,} labelled articles, {self.n_labels:,} labels: {self.source or 'as given'}"
        )
        if not self.enough:
            return f"{labelled}\n{self.verdict}"
        held_out = (
            f"{self.measure} on held-out articles: {self.default_value:.4f} by default, {self.fitted_value:.4f} fitted, "
            f"{self.relative:+.1%}; difference {self.interval.low:+.4f} to {self.interval.high:+.4f} (95 %)"
        )
        dates = [*self.recency.table(self.measure), ""] if self.recency else []
        decided = [self.recency.verdict] if self.recency else []
        return "\n".join([*dates, *lines, "", labelled, *decided, held_out, self.verdict])
