"""Paired comparison of two evaluations on the same judgements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypedDict, Unpack

import numpy as np

from recommender.errors import InputError, Problem
from recommender.evaluation.evaluate import Evaluation
from recommender.evaluation.measures import Measure, parse_measures
from recommender.evaluation.resampling import Interval, bootstrap_means, sign_flip_test

__all__ = ["Comparison", "ResamplingOptions", "compare"]

_TIE = 1e-9  # larger differences count as wins or losses; measures match other programs to this precision


class ResamplingOptions(TypedDict, total=False):
    """Keyword options of `compare`."""

    level: float
    n_resamples: int
    n_permutations: int
    seed: int


@dataclass(frozen=True, slots=True)
class _Resampling:
    level: float = 0.95
    n_resamples: int = 1_000
    n_permutations: int = 10_000
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """Comparison of a candidate with a baseline on one measure.

    Parameters
    ----------
    measure : Measure
        Measure compared.
    baseline, candidate : float
        Means over all queries.
    difference : float
        Mean of candidate - baseline over the queries. Above 0 the candidate is better.
    interval : Interval
        Bootstrap interval of the difference.
    p_value : float
        Two-sided p-value of the sign-flip test, in (0, 1].
    wins, losses, ties : int
        Number of queries on which the candidate is better, worse, and within 1e-9 of the baseline.
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

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as JSON can hold them."""
        named = {"measure": str(self.measure), "interval": list(self.interval)}
        return {each.name: getattr(self, each.name) for each in fields(self)} | named

    @property
    def relative(self) -> float:
        """The difference as a share of the baseline. NaN if the baseline is 0."""
        return self.difference / self.baseline if self.baseline else float("nan")


def compare(
    baseline: Evaluation,
    candidate: Evaluation,
    measures: str | Measure | Iterable[str | Measure] | None = None,
    **options: Unpack[ResamplingOptions],
) -> dict[str, Comparison]:
    """Compare two evaluations of the same queries.

    Parameters
    ----------
    baseline, candidate : Evaluation
        Evaluations on the same judgements, and therefore of the same queries.
    measures : names or Measure, optional
        Measures to compare. Defaults to those that both evaluations have, in the order of the baseline.
    level : float, default 0.95
        Confidence level of the interval, see `bootstrap_means`.
    n_resamples : int, default 1,000
        Bootstrap resamples, see `bootstrap_means`.
    n_permutations : int, default 10,000
        Random sign patterns of the test, see `sign_flip_test`.
    seed : int, default 0
        Seed of the interval and of the test.

    Returns
    -------
    dict
        Measure name -> comparison.

    Raises
    ------
    InputError
        If a measure is missing from an evaluation (each is listed), or there are no measures.
    ValueError
        If the queries differ.

    Examples
    --------
    >>> from recommender.evaluation.evaluate import evaluate
    >>> qrels = {"q": {"a": 1}}
    >>> before, after = evaluate({"q": [("b", 2.0), ("a", 1.0)]}, qrels), evaluate({"q": [("a", 1.0)]}, qrels)
    >>> comparison = compare(before, after)["RR@10"]
    >>> comparison.difference, comparison.wins, comparison.p_value
    (0.5, 1, 1.0)
    """
    resampling = _Resampling(**options)
    _check_queries(baseline, candidate)
    shared = [measure for measure in baseline.values if measure in candidate.values]
    compared = parse_measures(shared if measures is None else measures)
    _check_measures(compared, shared)
    paired = np.stack([candidate.values[m] - baseline.values[m] for m in compared], axis=1)
    paired[np.abs(paired) <= _TIE] = 0
    intervals = bootstrap_means(paired, resampling.level, resampling.n_resamples, resampling.seed)
    return {
        str(measure): Comparison(
            measure=measure,
            baseline=baseline.mean(measure),
            candidate=candidate.mean(measure),
            difference=float(differences.mean()),
            interval=interval,
            p_value=sign_flip_test(differences, resampling.n_permutations, resampling.seed),
            wins=int(np.sum(differences > 0)),
            losses=int(np.sum(differences < 0)),
            ties=int(np.sum(differences == 0)),
        )
        for measure, differences, interval in zip(compared, paired.T, intervals, strict=True)
    }


def _check_queries(baseline: Evaluation, candidate: Evaluation) -> None:
    if baseline.query_ids == candidate.query_ids:
        return
    before, after = set(baseline.query_ids), set(candidate.query_ids)
    raise ValueError(
        f"expected evaluations of the same queries, got {len(before - after)} only in the baseline and "
        f"{len(after - before)} only in the candidate; evaluate both on the same judgements"
    )


def _check_measures(measures: Sequence[Measure], shared: Sequence[Measure]) -> None:
    missing = [measure for measure in measures if measure not in shared]
    if missing:
        next_move = "evaluate both with the same measures"
        raise InputError(
            Problem(f"{measure} is missing from an evaluation", next_move=next_move) for measure in missing
        )
