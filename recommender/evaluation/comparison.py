"""Two evaluations on the same judgements in, what changed out: paired, query by query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from recommender.errors import InputError, Problem
from recommender.evaluation.evaluate import Evaluation
from recommender.evaluation.measures import Measure, parse_measures
from recommender.evaluation.resampling import Interval, bootstrap_means, sign_flip_test

__all__ = ["Comparison", "compare"]

_SAME = 1e-9  # values this near are a tie: figures are equal to other programs' to as much


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a candidate did against a baseline on one measure.

    Parameters
    ----------
    measure : Measure
        The measure.
    baseline, candidate : float
        Their means over all queries.
    difference : float
        Mean of candidate - baseline over the queries; above 0 the candidate is better.
    interval : Interval
        Bootstrap interval of the difference.
    p_value : float
        Of the sign-flip test: how often chance alone would differ as much, above 0, up to 1.
    wins, losses, ties : int
        Queries on which the candidate is better, worse, and within 1e-9.
    """

    measure: Measure
    baseline: float
    candidate: float
    difference: float
    interval: Interval
    p_value: float
    wins: int
    losses: int
    ties: int

    @property
    def relative(self) -> float:
        """The difference as a share of the baseline; NaN where the baseline is 0."""
        return self.difference / self.baseline if self.baseline else float("nan")


def compare(
    baseline: Evaluation,
    candidate: Evaluation,
    measures: str | Measure | Iterable[str | Measure] | None = None,
    *,
    level: float = 0.95,
    n_resamples: int = 1_000,
    n_permutations: int = 10_000,
    seed: int = 0,
) -> dict[str, Comparison]:
    """Compare two evaluations of the same queries.

    Parameters
    ----------
    baseline, candidate : Evaluation
        On the same judgements, so with the same queries.
    measures : names or Measure, optional
        By default those that both have, in the baseline's order.
    level, n_resamples, seed
        Of the interval, see `bootstrap_means`.
    n_permutations : int
        Of the test, see `sign_flip_test`.

    Returns
    -------
    dict
        A comparison for each measure, by its name.

    Raises
    ------
    InputError
        If a measure was not evaluated on both sides, or there is none; naming all.
    ValueError
        If the queries differ.

    Examples
    --------
    >>> from recommender.evaluation.evaluate import evaluate
    >>> qrels = {"q": {"a": 1}}
    >>> before, after = evaluate({"q": [("b", 2.0), ("a", 1.0)]}, qrels), evaluate({"q": [("a", 1.0)]}, qrels)
    >>> found = compare(before, after)["RR@10"]
    >>> found.difference, found.wins, found.p_value
    (0.5, 1, 1.0)
    """
    if baseline.query_ids != candidate.query_ids:
        only = [
            len(set(a.query_ids) - set(b.query_ids))
            for a, b in ((baseline, candidate), (candidate, baseline))
        ]
        raise ValueError(
            f"wanted evaluations of the same queries, got {only[0]} only in the baseline and {only[1]} only in the "
            "candidate; evaluate both on the same judgements"
        )
    both = [measure for measure in baseline.values if measure in candidate.values]
    wanted = parse_measures(both if measures is None else measures)
    missing = [
        Problem(
            f"{measure} was not evaluated on both sides", next_move="evaluate both with the same measures"
        )
        for measure in wanted
        if measure not in both
    ]
    if missing:
        raise InputError(missing)
    paired = np.stack([candidate.values[m] - baseline.values[m] for m in wanted], axis=1)
    paired[np.abs(paired) <= _SAME] = 0
    intervals = bootstrap_means(paired, level, n_resamples, seed)
    return {
        str(measure): Comparison(
            measure=measure,
            baseline=baseline.mean(measure),
            candidate=candidate.mean(measure),
            difference=float(differences.mean()),
            interval=interval,
            p_value=sign_flip_test(differences, n_permutations, seed),
            wins=int(np.sum(differences > 0)),
            losses=int(np.sum(differences < 0)),
            ties=int(np.sum(differences == 0)),
        )
        for measure, differences, interval in zip(wanted, paired.T, intervals, strict=True)
    }
