"""Novelty: dates of entries relative to those of the articles they are listed with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.evaluation.in_degrees import Lists, in_degrees, mean

__all__ = ["Novelty", "novelty"]


@dataclass(frozen=True, slots=True)
class Novelty:
    """Dates of entries relative to the date of the article whose list they appear in.

    Parameters
    ----------
    dated : float
        Share of entries for which both dates are known, 0 to 1. The other values refer to these entries.
    newer, older : float
        Shares of entries published after and before the article, 0 to 1. The remainder have the same date.
    median_days_apart : float
        Median absolute difference in days.
    """

    dated: float
    newer: float
    older: float
    median_days_apart: float


def novelty(lists: Lists, published: NDArray[np.datetime64]) -> Novelty:
    """Compare the dates of entries with those of the articles whose lists they appear in.

    Parameters
    ----------
    lists : int array, shape (n, k)
        Lists, padded with -1.
    published : datetime64 array, shape (n,)
        Dates of the articles, NaT where unknown.

    Raises
    ------
    ValueError
        If a shape, a dtype or a position is invalid.

    Examples
    --------
    >>> days = np.array(["2026-05-01", "2026-05-03", "NaT"], dtype="datetime64[s]")
    >>> novelty(np.array([[1, 2], [0, -1], [0, -1]]), days)
    Novelty(dated=0.5, newer=0.5, older=0.5, median_days_apart=2.0)
    """
    in_degrees(lists)  # validates the positions
    if published.shape != (len(lists),) or not np.issubdtype(published.dtype, np.datetime64):
        got = f"{published.dtype} of shape {published.shape}"
        raise ValueError(f"expected datetime64 dates of shape ({len(lists)},), got {got}")
    rows, columns = np.nonzero(lists >= 0)
    apart = published[lists[rows, columns]] - published[rows]
    known = apart[~np.isnat(apart)]
    days = known / np.timedelta64(1, "D")
    return Novelty(
        dated=mean(~np.isnat(apart)),
        newer=mean(days > 0),
        older=mean(days < 0),
        median_days_apart=float(np.median(np.abs(days))) if len(days) else float("nan"),
    )
