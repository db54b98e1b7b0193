"""How the neighbours of all rows are found at once: exactly, or by clusters where that is worth it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from math import log2

import numpy as np
from numpy.typing import NDArray

from recommender.index.clustered import SMALL, ClusteredIndex
from recommender.tuning.held_out import Clock

__all__ = ["Join", "choose_join", "compare_joins"]

_WHOLE = 200_000  # rows that are joined as a whole
_SAMPLE = 100_000  # of more, joined together with half of them: the time for all is predicted from both
_TIMES, _SECONDS = 2.0, 1.0  # by which clusters are to be quicker: exact lists need no promise
_SAME = 2e-6


@dataclass(frozen=True)
class Join:
    """A way to find the neighbours of all rows.

    Parameters
    ----------
    asked : float
        Recall that `ClusteredIndex` is asked for; 1 for all pairs.
    recall : float
        Share of the nearest of the sample that it found.
    seconds : float
        For all rows.
    predicted_from : int
        Rows that were joined, if fewer than all; else 0.
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
    *,
    n_jobs: int | None = None,
    seed: int = 0,
    clock: Clock = time.perf_counter,
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> list[Join]:
    """Join the rows in each way, the exact one first.

    Parameters
    ----------
    vectors : ndarray of float32, shape (n, d)
        Unit rows; of more than 200,000 half as many are drawn.
    k, n_asked : int
        Nearest that recall is about, and those that each row asks for.
    recall : float
        To be kept. Where clusters that promise so much for all that is asked miss it, they are asked for half of the rest.
    n_jobs, seed, clock
        As for `HeldOut`, but all threads join.
    tell : callable
        Called with the joins done and an upper bound of those there are.
    """
    some = np.flatnonzero(vectors.any(axis=1))
    n = len(some)
    if n > _WHOLE:
        some = np.sort(np.random.default_rng(seed).permutation(some)[:_SAMPLE])
    sample = vectors[some] if len(some) < len(vectors) else vectors

    def joined(asked: float, rows: NDArray[np.float32]) -> tuple[float, NDArray[np.float32]]:
        started = clock()
        index = ClusteredIndex(recall=asked, n_jobs=n_jobs, random_state=seed).fit(rows)
        distances = index.kneighbors(n_neighbors=n_asked)[0]
        return clock() - started, distances

    def timed(asked: float) -> tuple[float, NDArray[np.float32]]:
        seconds, distances = joined(asked, sample)
        if len(sample) < n:
            seconds = _grown(joined(asked, sample[::2])[0], seconds, n / len(sample))
        return seconds, distances

    predicted_from = len(sample) if len(sample) < n else 0
    tell(0, 3)
    seconds, exact = timed(1.0)
    joins = [Join(1.0, 1.0, seconds, predicted_from)]
    for number, asked in enumerate((recall, (1 + recall) / 2)):
        tell(number + 1, 3)
        if len(sample) <= SMALL or asked >= 1 or (number and joins[-1].recall >= recall):
            break
        seconds, distances = timed(asked)
        joins.append(Join(asked, _recall(distances, exact, k), seconds, predicted_from))
    tell(3, 3)
    return joins


def choose_join(joins: list[Join], recall: float) -> Join:
    """Return the exact one unless another keeps the recall and saves half of its time and a second."""
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
    """Return the seconds for `times` as many rows, from those of some and of half of them: a power from 1 to 2."""
    power = min(max(log2(whole / half), 1.0), 2.0) if half > 0 and whole > 0 else 2.0
    return float(whole * times**power)
