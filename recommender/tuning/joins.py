"""Choice of the join of all rows: all pairs, or clusters where these are much faster."""

from __future__ import annotations

from dataclasses import dataclass
from math import log2

import numpy as np
from numpy.typing import NDArray

from recommender.index.clustered import SMALL, ClusteredIndex
from recommender.tuning.conditions import Conditions

__all__ = ["Join", "choose_join", "compare_joins"]

_WHOLE = 200_000  # largest number of rows that is joined in full
_SAMPLE = 100_000  # rows joined from a larger set, and half of them; both predict the time of the full join
_TIMES, _SECONDS = 2.0, 1.0  # by which clusters must be faster than all pairs, which miss nothing
_SAME = 2e-6


@dataclass(frozen=True)
class Join:
    """A way to find the neighbours of all rows.

    Parameters
    ----------
    asked : float
        The `recall` setting of `ClusteredIndex`; 1 compares all pairs.
    recall : float
        Share of the nearest of the sample that it found.
    seconds : float
        Time for all rows.
    predicted_from : int
        Number of rows joined if fewer than all; else 0.
    """

    asked: float
    recall: float
    seconds: float
    predicted_from: int = 0

    def __str__(self) -> str:
        return "all pairs" if self.asked >= 1 else f"clusters, recall {self.asked:g} asked"


def compare_joins(
    vectors: NDArray[np.float32],
    k: int,
    n_asked: int,
    recall: float,
    conditions: Conditions | None = None,
) -> list[Join]:
    """Join the rows in each way, all pairs first.

    Parameters
    ----------
    vectors : ndarray of float32, shape (n, d)
        Unit rows. If there are more than 200,000, a sample of 100,000 is joined.
    k, n_asked : int
        Number of nearest rows by which recall is measured, and number that each row searches for.
    recall : float
        Recall to reach. If clusters set to it fall short, they are also tried at ``(1 + recall) / 2``.
    conditions : Conditions or None
        Its seed draws the sample. None for the defaults.
    """
    conditions = conditions or Conditions()
    used = np.flatnonzero(vectors.any(axis=1))
    n = len(used)
    if n > _WHOLE:
        used = np.sort(np.random.default_rng(conditions.seed).permutation(used)[:_SAMPLE])
    sample = vectors[used] if len(used) < len(vectors) else vectors

    def joined(asked: float, rows: NDArray[np.float32]) -> tuple[float, NDArray[np.float32]]:
        started = conditions.clock()
        index = ClusteredIndex(recall=asked, n_jobs=conditions.n_jobs, random_state=conditions.seed)
        distances = index.fit(rows).kneighbors(n_neighbors=n_asked)[0]
        return conditions.clock() - started, distances

    def timed(asked: float) -> tuple[float, NDArray[np.float32]]:
        seconds, distances = joined(asked, sample)
        if len(sample) < n:
            seconds = _grown(joined(asked, sample[::2])[0], seconds, n / len(sample))
        return seconds, distances

    predicted_from = len(sample) if len(sample) < n else 0
    conditions.report("joining all rows", 0, 3)
    seconds, exact = timed(1.0)
    joins = [Join(1.0, 1.0, seconds, predicted_from)]
    for number, asked in enumerate((recall, (1 + recall) / 2)):
        conditions.report("joining all rows", number + 1, 3)
        if len(sample) <= SMALL or asked >= 1 or (number and joins[-1].recall >= recall):
            break
        seconds, distances = timed(asked)
        joins.append(Join(asked, _recall(distances, exact, k), seconds, predicted_from))
    conditions.report("joining all rows", 3, 3)
    return joins


def choose_join(joins: list[Join], recall: float) -> Join:
    """Return the join of all pairs, unless another reaches the recall and saves half of its time and a second."""
    exact = joins[0]
    quicker = [
        join for join in joins[1:]
        if join.recall >= recall and _TIMES * join.seconds <= exact.seconds
        and join.seconds <= exact.seconds - _SECONDS
    ]  # fmt: skip
    return quicker[0] if quicker else exact


def _recall(distances: NDArray[np.float32], exact: NDArray[np.float32], k: int) -> float:
    k = min(k, exact.shape[1])
    return float((distances[:, :k] <= exact[:, k - 1 : k] + _SAME).mean()) if k else 1.0


def _grown(half: float, whole: float, times: float) -> float:
    """Return the seconds for `times` as many rows, from those of a sample and of half of it: a power from 1 to 2."""
    power = min(max(log2(whole / half), 1.0), 2.0) if half > 0 and whole > 0 else 2.0
    return float(whole * times**power)
