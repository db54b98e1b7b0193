"""Number of lists that contain each article, and the Gini coefficient."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Lists", "gini", "in_degrees", "mean"]

Lists: TypeAlias = NDArray[np.integer[Any]]
"""Lists of all articles, shape (n, k): row i is the list of article i, padded with -1."""


def in_degrees(lists: Lists) -> NDArray[np.int64]:
    """Return the number of lists that contain each article, int64, shape (n,).

    Raises
    ------
    ValueError
        If `lists` is not an int array of shape (n, k) with positions from -1 to n - 1.
    """
    if lists.ndim != 2 or not np.issubdtype(lists.dtype, np.integer):
        raise ValueError(f"expected an int array of shape (n, k), got {lists.dtype} of shape {lists.shape}")
    if lists.size and not (lists.min() >= -1 and lists.max() < len(lists)):
        raise ValueError(
            f"expected positions from -1 to {len(lists) - 1}, got {lists.min()} to {lists.max()}"
        )
    return np.bincount(lists[lists >= 0], minlength=len(lists))


def gini(amounts: NDArray[Any]) -> float:
    """Return the Gini coefficient of non-negative amounts (Gini 1912; sorted-sum formula of Sen 1973).

    0 if all amounts are equal, 1 - 1/n if only one is not 0, NaN for an empty array.

    Examples
    --------
    >>> gini(np.array([5, 5, 5])), gini(np.array([0, 0, 0, 9]))
    (0.0, 0.75)
    """
    n = len(amounts)
    total = float(amounts.sum())
    if n == 0 or total == 0:
        return 0.0 if n else float("nan")
    weights = 2 * np.arange(1, n + 1) - n - 1
    return float(weights @ np.sort(amounts)) / (n * total)


def mean(values: NDArray[Any]) -> float:
    """Return the mean of the values, NaN for an empty array."""
    return float(values.mean()) if len(values) else float("nan")
