"""Result of a fit of weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from recommender.evaluation.resampling import Interval
from recommender.fitting.fit_recency import RecencyFit
from recommender.rules.policy import Policy
from recommender.scoring.weights import Weights

__all__ = ["FITTED", "MIN_QUERIES", "Fit"]

MIN_QUERIES = 100
"""Minimum number of labelled articles for a fit. Fewer are not representative of the site."""

FITTED = tuple(name for name in asdict(Weights()) if name != "lexical")
"""Names of the fitted weights. That of words is fixed, because only ratios of weights matter."""


@dataclass(frozen=True)
class Fit:
    """Fitted weights and recency of a site with their evaluation, returned by `fit_weights`.

    Parameters
    ----------
    weights : Weights
        Weights to use: `found` if accepted, otherwise `default`.
    default : Weights
        Weights that the site was built with.
    found : Weights
        Weights chosen on all labelled articles.
    accepted : bool
        Whether the gain on held-out articles is larger than `needed_errors` standard errors.
    measure : str
        Measure that was maximised.
    default_value, fitted_value : float
        Mean of the measure on held-out articles, with the default weights and with those chosen on the other
        folds. Both use the recency of `recency`. NaN with too few articles.
    interval : Interval
        95 % interval of the difference.
    n_queries, n_labels : int
        Number of labelled articles used, and of their labels, including 0.
    source : str
        Description of the labels.
    reasons : mapping of str to str
        Weight name -> reason for its value in `found`.
    recency : RecencyFit or None
        Fit of recency. None if articles have no dates, or nothing was fitted.
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
        """Return a policy with the recency of this fit."""
        return self.recency.chosen.of_policy(policy) if self.recency else policy

    @property
    def enough(self) -> bool:
        """Whether there were enough labelled articles for a fit."""
        return self.n_queries >= MIN_QUERIES

    @property
    def relative(self) -> float:
        """The gain on held-out articles as a share of the default value. NaN if that is 0."""
        return self.fitted_value / self.default_value - 1 if self.default_value else float("nan")

    @property
    def verdict(self) -> str:
        """The decision in words."""
        if not self.enough:
            expected = f"expected at least {MIN_QUERIES} articles with related ones"
            move = "gather more, or fit to other labels: judgements, clicks or links"
            return f"too few labels to fit weights: {expected}, got {self.n_queries}; {move}"
        if self.accepted:
            return "the fitted weights are used"
        if self.found == self.default:
            return "the default weights are best"
        return "the default weights are kept: the gain on held-out articles is not significant"

    def record(self) -> dict[str, Any]:
        """Return the fit as JSON values, which `Recommender.relisted` stores with the weights."""
        record = asdict(self) | {"interval": list(self.interval), "reasons": dict(self.reasons)}
        record["recency"] = self.recency.record() if self.recency else None
        if not self.enough:  # JSON has no NaN
            record |= dict.fromkeys(("default_value", "fitted_value", "interval"))
        return record

    def __str__(self) -> str:
        lines = [f"{'weight':<8} {'default':>8} {'found':>8}  why"]
        for name, why in self.reasons.items():
            default, found = getattr(self.default, name), getattr(self.found, name)
            lines.append(f"{name:<8} {default:>8.3g} {found:>8.3g}  {why}")
        labelled = (
            f"{self.n_queries:,} labelled article{'s' * (self.n_queries != 1)}, {self.n_labels:,} "
            f"label{'s' * (self.n_labels != 1)}: {self.source or 'as given'}"
        )
        if not self.enough:
            return f"{labelled}\n{self.verdict}"
        held_out = (
            f"{self.measure} on held-out articles: {self.default_value:.4f} by default, "
            f"{self.fitted_value:.4f} fitted, {self.relative:+.1%}; "
            f"difference {self.interval.low:+.4f} to {self.interval.high:+.4f} (95 %)"
        )
        dates = [*self.recency.table(self.measure), ""] if self.recency else []
        recency = [self.recency.verdict] if self.recency else []
        return "\n".join([*dates, *lines, "", labelled, *recency, held_out, self.verdict])
