"""Two policies compared by the share of their lists that readers click in.

The interval holds at every look: who watches a comparison until it decides is wrong no more often than the level says.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import ceil, exp, expm1, inf, log, log1p, sqrt
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.evaluation.arm_counts import ArmCounts
from recommender.evaluation.resampling import Interval

__all__ = ["Arm", "ArmComparison", "compare_arms"]

_POWER = 0.8  # probability with which a difference of the least size is found, the convention


@dataclass(frozen=True, slots=True)
class Arm:
    """What readers did with the lists of one policy.

    Parameters
    ----------
    shown : int
        Lists that readers had on their screens.
    clicked : int
        Those in which they clicked.
    """

    shown: int
    clicked: int

    @property
    def rate(self) -> float:
        """Share of the lists with a click, 0 to 1. NaN without lists."""
        return self.clicked / self.shown if self.shown else float("nan")


@dataclass(frozen=True, slots=True)
class ArmComparison:
    """Comparison of policy b with policy a on the lists that readers saw.

    Parameters
    ----------
    a, b : Arm
    articles : int
        Query articles with a list of either.
    relative : float
        How much more often lists of b are clicked, as a share: 0.1 is a tenth more. 0 until both were shown.
    interval : Interval
        Of `relative`, from above -1. From -1 to infinity until both were shown.
    least : float
        The smallest difference that matters, as a share.
    clicks_needed : int or None
        Clicks that are still missing before a difference of that size would show, with a probability of 80 %. 0 if there
        are enough. None until both were shown.
    """

    a: Arm
    b: Arm
    articles: int
    relative: float
    interval: Interval
    least: float
    clicks_needed: int | None

    @property
    def difference(self) -> float:
        """Rate of b less that of a. NaN until both were shown."""
        return self.b.rate - self.a.rate

    @property
    def better(self) -> str | None:
        """The arm with the higher rate, "a" or "b", if the interval excludes 0. Otherwise None."""
        if self.interval.low > 0:
            return "b"
        return "a" if self.interval.high < 0 else None

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison as JSON can hold it. What is not known yet is None."""
        arms = {
            name: {"shown": arm.shown, "clicked": arm.clicked, "rate": _known(arm.rate)}
            for name, arm in (("a", self.a), ("b", self.b))
        }
        return {
            "arms": arms,
            "articles": self.articles,
            "difference": _known(self.difference),
            "relative": None if _known(self.difference) is None else self.relative,
            "low": self.interval.low,
            "high": _known(self.interval.high),
            "least": self.least,
            "clicks_needed": self.clicks_needed,
            "better": self.better,
        }


def compare_arms(counts: ArmCounts, *, least: float = 0.1, level: float = 0.95) -> ArmComparison:
    """Compare the click rates of two policies.

    With c clicked of n shown lists of a policy, and the rate r = (c + 1/2) / (n + 1), the comparison is that of
    log(r_b / r_a): a policy that is better by the same share on every article then has the same advantage on each.
    Lists of one article have much in common, so the variance is that of clusters by article (Liang and Zeger 1986),

        V = m / (m - 1) sum of u^2 over the m articles,
        u = (c_b - n_b r_b) / (N_b r_b) - (c_a - n_a r_a) / (N_a r_a),

    with n and c of an article and N of all, and at least that of independent lists, the sum of (1 - r) / (c + 1/2) over
    both policies, so that a few lists without a click prove nothing. The interval is that of the mixture sequential
    probability ratio test (Johari, Pekelis and Walsh 2015), which holds at all times together:

        log(r_b / r_a) +- sqrt(V (V + t^2) / t^2 log((V + t^2) / (V (1 - level)^2))),    t = log(1 + least).

    Parameters
    ----------
    counts : mapping of str to list of int
        Query article -> lists shown and lists clicked of a, and of b; see `arm_counts`.
    least : float, default 0.1
        The smallest difference that matters, as a share of the click rate, above 0.
    level : float, default 0.95
        Confidence level, above 0 and below 1.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Examples
    --------
    >>> found = compare_arms({f"article {i}": [100, 4, 100, 8] for i in range(100)})
    >>> found.a.rate, found.b.rate, found.better, round(found.relative, 2)
    (0.04, 0.08, 'b', 1.0)
    >>> compare_arms({"article": [100, 4, 100, 8]}).clicks_needed
    6956
    """
    if not 0 < least < inf or not 0 < level < 1:
        raise ValueError(f"least must be above 0 and level between 0 and 1, got {least} and {level}")
    table = np.array([each for each in counts.values() if each[0] or each[2]], dtype=np.int64).reshape(-1, 4)
    shown_a, clicked_a, shown_b, clicked_b = table.sum(axis=0).tolist()
    a, b = Arm(shown_a, clicked_a), Arm(shown_b, clicked_b)
    if not a.shown or not b.shown:
        return ArmComparison(a, b, len(table), 0.0, Interval(-1.0, inf), least, None)
    variance = max(_clustered(table, a, b), _independent(a) + _independent(b))
    smallest, ratio = log1p(least), log(_smoothed(b) / _smoothed(a))
    width = _half_width(variance / smallest**2, level) * smallest
    # clicks grow as lists do, and the variance falls as they grow
    clicks = a.clicked + b.clicked
    needed = (clicks + 1) * variance / (smallest**2 * _variance_needed(level)) - clicks
    interval = Interval(expm1(ratio - width), _exp(ratio + width) - 1)
    return ArmComparison(a, b, len(table), expm1(ratio), interval, least, max(0, ceil(needed)))


def _smoothed(arm: Arm) -> float:
    return (arm.clicked + 0.5) / (arm.shown + 1)


def _independent(arm: Arm) -> float:
    return (1 - _smoothed(arm)) / (arm.clicked + 0.5)


def _clustered(table: NDArray[np.int64], a: Arm, b: Arm) -> float:
    """Return the variance between articles. 0 for a single article, which says nothing about it."""
    if len(table) < 2:
        return 0.0
    shown_a, clicked_a, shown_b, clicked_b = table.T
    parts = ((clicked_a, shown_a, a), (clicked_b, shown_b, b))
    of_a, of_b = ((clicked / _smoothed(arm) - shown) / arm.shown for clicked, shown, arm in parts)
    influence = of_b - of_a
    return float(influence @ influence) * len(table) / (len(table) - 1)


def _exp(value: float) -> float:
    return exp(value) if value < 700 else inf


def _half_width(variance: float, level: float) -> float:
    """Return half the width of an interval in units of the least difference, as is the root of the variance."""
    return sqrt(variance * (variance + 1) * log((1 + 1 / variance) / (1 - level) ** 2))


@cache
def _variance_needed(level: float) -> float:
    """Return the variance, in units of the least difference, at which that difference shows with enough power."""
    power = NormalDist().inv_cdf(_POWER)
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _half_width(middle, level) + power * sqrt(middle) > 1:
            high = middle
        else:
            low = middle
    return low


def _known(value: float) -> float | None:
    return value if abs(value) < inf else None
