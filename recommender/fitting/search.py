"""Coordinate descent over weights that stays close to the defaults."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from recommender.scoring.weights import Weights

__all__ = ["TOLERANCE", "descend", "grid"]

TOLERANCE = 0.001
"""Relative tolerance within which values count as equal to the best."""

_FACTORS = (1, 0.5, 2, 0.25, 4, 0)  # multiples of the default, nearest first
_SWEEPS = 3


def grid(default: float) -> list[float]:
    """Return the candidate values for a weight, at most 1, nearest to the default first.

    Examples
    --------
    >>> grid(0.2), grid(0.5)
    ([0.2, 0.1, 0.4, 0.05, 0.8, 0.0], [0.5, 0.25, 1.0, 0.125, 0.0])
    """
    return list(dict.fromkeys(min(factor * default, 1.0) for factor in _FACTORS))


def descend(value: Callable[[Weights], float], default: Weights, names: Sequence[str]) -> Weights:
    """Maximise a function of the weights by coordinate descent from the defaults.

    Each weight in turn is set to a value of `grid`: the nearest to its default among those within 0.1 % of
    the best. Sweeps over all weights end when one changes nothing, after at most three.

    Parameters
    ----------
    value : callable
        Function to maximise, with values of at least 0.
    default : Weights
        Initial weights.
    names : sequence of str
        Names of the weights to change.
    """
    weights = default
    for _ in range(_SWEEPS):
        before = weights
        for name in names:
            tried = [replace(weights, **{name: each}) for each in grid(getattr(default, name))]
            values = [value(each) for each in tried]
            enough = max(values) * (1 - TOLERANCE)
            weights = next(each for each, found in zip(tried, values, strict=True) if found >= enough)
        if weights == before:
            break
    return weights
