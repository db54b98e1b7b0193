"""How sure a mean is: the bootstrap over queries, and the sign-flip test of paired differences."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Interval", "bootstrap_means", "sign_flip_test"]

_BLOCK = 4_000_000  # numbers held at a time, whatever the number of queries


class Interval(NamedTuple):
    """Both ends of a confidence interval."""

    low: float
    high: float


def bootstrap_means(
    values: NDArray[np.float64], level: float = 0.95, n_resamples: int = 1_000, seed: int = 0
) -> list[Interval]:
    """Return percentile bootstrap intervals for the means of columns (Efron and Tibshirani 1993, chapter 13).

    Queries are drawn with replacement, the same draws for every column.

    Parameters
    ----------
    values : float64 array, shape (n_queries, n_columns)
        One row a query, at least one.
    level : float
        Confidence, above 0 and below 1.
    n_resamples : int
        Draws, 1 or more; more smooth the ends.
    seed : int
        Same seed, same intervals.

    Returns
    -------
    list of Interval, one a column

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    Cost n_resamples x n_queries x n_columns additions; memory bounded.
    """
    n_queries = len(values)
    if values.ndim != 2 or n_queries == 0:
        raise ValueError(f"wanted values of shape (1 or more, n_columns), got {values.shape}")
    if not 0 < level < 1:
        raise ValueError(f"wanted a level above 0 and below 1, got {level}")
    if n_resamples < 1:
        raise ValueError(f"wanted 1 or more resamples, got {n_resamples}")
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
    """Return the two-sided p-value of paired differences having mean 0 (Fisher 1935; Smucker et al. 2007).

    If the two systems did not differ, each difference might as well have had the other sign. Up to 13 differences
    that are not 0 all sign patterns are counted, above that `n_permutations` random ones, the observed one among them.

    Parameters
    ----------
    differences : float64 array, shape (n_queries,)
        One a query.
    n_permutations : int
        Random sign patterns, 1 or more; the least p-value is 1 / (n_permutations + 1).
    seed : int
        Same seed, same p-value.

    Returns
    -------
    float
        Above 0, up to 1.

    Raises
    ------
    ValueError
        If `n_permutations` is below 1.

    Examples
    --------
    >>> sign_flip_test(np.array([0.1, 0.2, 0.3, 0.4]))  # 2 of the 16 patterns are as far from 0
    0.125
    """
    if n_permutations < 1:
        raise ValueError(f"wanted 1 or more permutations, got {n_permutations}")
    moved = differences[differences != 0]
    size = np.abs(moved)
    observed = abs(moved.sum()) - 1e-12 * size.sum()  # sums that differ by rounding only are as far from 0
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
