"""Weights tried one at a time, and the choice held near the defaults."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from recommender.scoring.weights import Weights

__all__ = ["LEAST_GAIN", "descend", "grid"]

LEAST_GAIN = 0.001
"""Of the value: what is within it of the best is as good."""

_FACTORS = (1, 0.5, 2, 0.25, 4, 0)  # of the default, nearest first
_SWEEPS = 3


def grid(default: float) -> list[float]:
    """Return the weights that are tried in place of a default, up to 1, nearest first.

    Examples
    --------
    >>> grid(0.2), grid(0.5)
    ([0.2, 0.1, 0.4, 0.05, 0.8, 0.0], [0.5, 0.25, 1.0, 0.125, 0.0])
    """
    return list(dict.fromkeys(min(factor * default, 1.0) for factor in _FACTORS))


def descend(value: Callable[[Weights], float], default: Weights, names: Sequence[str]) -> Weights:
    """Return weights of a high value by coordinate descent from the defaults.

    Each weight in turn gets the value of `grid` that is nearest to its default among those within 0.1 % of
    the best, until a sweep over all changes nothing, at most three times.

    Parameters
    ----------
    value : callable
        Weights to what is made large, 0 or more.
    default : Weights
    names : sequence of str
        Of the weights that may change.
    """
    weights = default
    for _ in range(_SWEEPS):
        before = weights
        for name in names:
            tried = [replace(weights, **{name: each}) for each in grid(getattr(default, name))]
            values = [value(each) for each in tried]
            enough = max(values) * (1 - LEAST_GAIN)
            weights = next(each for each, found in zip(tried, values, strict=True) if found >= enough)
        if weights == before:
            break
    return weights
