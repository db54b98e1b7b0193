"""The effect of an article's age on its score."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from recommender.collection.summary_table import NO_DATE

__all__ = ["MODES", "age_logs", "dates_count", "half_lives_of"]

MODES = ("none", "era", "background", "latest")
"""Dates play no part; articles close in time come first; the same, and nothing newer; the newest come first."""

_DAY = 86_400_000_000  # microseconds
_KEPT = 0.5  # of the score of a very old article


def dates_count(mode: str) -> bool:
    """Return whether closeness in time changes a score in a mode."""
    return mode in ("era", "background")


def age_logs(
    published: NDArray[np.int64],
    half_lives: NDArray[np.float64],
    now: int | None = None,
) -> NDArray[np.float32]:
    """Return the logarithm of the share of a score that remains at an article's age.

    The share is ``1/2 + 1/2 * 2^(-age / half-life)``. An old article keeps half of its score: it stays before
    a new one if it fits much better, and the floor keeps its meaning.

    Parameters
    ----------
    published : ndarray of int64, shape (n,)
        Microseconds since 1970, `NO_DATE` where unknown.
    half_lives : ndarray of float64, shape (n,)
        Days, of each article.
    now : int or None
        Microseconds since 1970 from which ages are counted. None means the newest date. Newer articles have age 0.

    Returns
    -------
    ndarray of float32, shape (n,)
        From ``-ln 2`` (very old) to 0 (new). Articles without a date get the median of the others.

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
