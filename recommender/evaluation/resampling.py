"""Uncertainty of means: the bootstrap over queries, and the sign-flip test of paired differences."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Interval", "bootstrap_means", "sign_flip_test"]

_BLOCK = 4_000_000  # numbers held at a time, independent of the number of queries


class Interval(NamedTuple):
    """Bounds of a confidence interval."""

    low: float
    high: float


def bootstrap_means(
    values: NDArray[np.float64], level: float = 0.95, n_resamples: int = 1_000, seed: int = 0
) -> list[Interval]:
    """Return percentile bootstrap intervals for the means of columns (Efron and Tibshirani 1993, chapter 13).

    Queries are drawn with replacement. All columns use the same draws.

    Parameters
    ----------
    values : float64 array, shape (n_queries, n_columns)
        One row per query, at least one.
    level : float
        Confidence level, above 0 and below 1.
    n_resamples : int
        Number of resamples, at least 1. More give more precise bounds.
    seed : int
        Seed of the draws.

    Returns
    -------
    list of Interval, one per column

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    Time is n_resamples x n_queries x n_columns additions. Memory is bounded.
    """
    n_queries = len(values)
    if values.ndim != 2 or n_queries == 0:
        raise ValueError(f"expected values of shape (1 or more, n_columns), got {values.shape}")
    if not 0 < level < 1:
        raise ValueError(f"level must be above 0 and below 1, got {level}")
    if n_resamples < 1:
        raise ValueError(f"n_resamples must be at least 1, got {n_resamples}")
    rng = np.random.default_rng(seed)
    step = max(1, _BLOCK // n_queries)
    blocks = []
    for start in range(0, n_resamples, step):
        rows = min(step, n_resamples - start)
        drawn = rng.integers(0, n_queries, size=(rows, n_queries))
        drawn += np.arange(rows)[:, None] * n_queries
        times = np.bincount(drawn.ravel(), minlength=rows * n_queries).reshape(rows, n_queries)
        blocks.append(times @ values / n_queries)
    tail = (1 - level) / 2
    ends = np.quantile(np.concatenate(blocks), [tail, 1 - tail], axis=0)
    return [Interval(float(low), float(high)) for low, high in ends.T]


def sign_flip_test(differences: NDArray[np.float64], n_permutations: int = 10_000, seed: int = 0) -> float:
    """Return the two-sided p-value of the null hypothesis that paired differences have mean 0.

    Under the null hypothesis both signs of each difference are equally likely (Fisher 1935; Smucker et al.
    2007). With up to 13 non-zero differences all sign patterns are counted, with more `n_permutations` random
    ones plus the observed one.

    Parameters
    ----------
    differences : float64 array, shape (n_queries,)
        One difference per query.
    n_permutations : int
        Number of random sign patterns, at least 1. The smallest p-value is 1 / (n_permutations + 1).
    seed : int
        Seed of the sign patterns.

    Returns
    -------
    float
        p-value in (0, 1].

    Raises
    ------
    ValueError
        If `n_permutations` is below 1.

    Examples
    --------
    >>> sign_flip_test(np.array([0.1, 0.2, 0.3, 0.4]))  # 2 of the 16 patterns are as extreme
    0.125
    """
    if n_permutations < 1:
        raise ValueError(f"n_permutations must be at least 1, got {n_permutations}")
    moved = differences[differences != 0]
    size = np.abs(moved)
    observed = abs(moved.sum()) - 1e-12 * size.sum()  # sums that differ only by rounding count as equal
    if len(moved) <= 13:
        minus = np.arange(2 ** len(moved))[:, None] >> np.arange(len(moved)) & 1
        return float(np.mean(np.abs((1 - 2 * minus) @ size) >= observed))
    rng = np.random.default_rng(seed)
    step = max(1, _BLOCK // len(moved))
    further = 0
    for start in range(0, n_permutations, step):
        rows = min(step, n_permutations - start)
        minus = rng.integers(0, 2, size=(rows, len(moved)), dtype=np.int8)
        further += int(np.sum(np.abs(size.sum() - 2 * (minus @ size)) >= observed))
    return (further + 1) / (n_permutations + 1)
