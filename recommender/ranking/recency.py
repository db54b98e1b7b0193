"""What the age of an article does to its score, as a site wants it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from recommender.ranking.weights import Weights

__all__ = ["MODES", "NO_DATE", "age_logs", "half_lives_of", "weights_for"]

MODES = ("none", "era", "background", "latest")
"""Dates play no part; those close in time come first; the same and nothing newer; the newest come first."""

NO_DATE = np.iinfo(np.int64).min
"""Stands for an unknown date."""

_DAY = 86_400_000_000  # microseconds
_KEPT = 0.5  # of a score, however old


def weights_for(weights: Weights, mode: str) -> Weights:
    """Return the weights under which articles are ranked in a mode: closeness in time counts in two of them."""
    return weights if mode in ("era", "background") else replace(weights, time=0.0)


def age_logs(
    published: NDArray[np.int64],
    half_lives: NDArray[np.float64],
    now: int | None = None,
) -> NDArray[np.float32]:
    """Return the logarithm of what age leaves of a score: ``ln(1/2 + 1/2 * 2^(-age / half-life))``.

    An old article loses half, not all: one that fits much better than a new one stays before it, and the floor means
    nearly what it means elsewhere.

    Parameters
    ----------
    published : ndarray of int64, shape (n,)
        Microseconds since 1970, `NO_DATE` where unknown.
    half_lives : ndarray of float64, shape (n,)
        Days, of each article.
    now : int or None
        Microseconds since 1970 that ages are counted from; None for the newest date. What is newer has age 0.

    Returns
    -------
    ndarray of float32, shape (n,)
        From ``-ln 2`` (very old) to 0 (new); without a date, the median of those that have one.

    Examples
    --------
    >>> days = np.array([0, 30, 60]) * 86_400_000_000
    >>> np.exp(age_logs(days, np.full(3, 30.0))).round(3).tolist()
    [0.625, 0.75, 1.0]
    """
    dated = published != NO_DATE
    logs = np.zeros(len(published), dtype=np.float32)
    if not dated.any():
        return logs
    newest = int(published[dated].max()) if now is None else now
    ages = np.maximum(newest - published[dated], 0) / _DAY
    logs[dated] = np.log(_KEPT + (1 - _KEPT) * np.exp2(-ages / half_lives[dated]))
    logs[~dated] = np.median(logs[dated])
    return logs


def half_lives_of(
    sections: NDArray[np.integer], names: Mapping[int, float], default: float
) -> NDArray[np.float64]:
    """Return the half-life of each article by the code of its section."""
    found = np.full(len(sections), default)
    for code, days in names.items():
        found[sections == code] = days
    return found
