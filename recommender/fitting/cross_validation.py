"""A choice made by labels, and judged on articles that did not make it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from recommender.evaluation.resampling import Interval
from recommender.fitting.folds import Folds, standard_error

__all__ = ["Trial", "needed_errors", "try_out"]

T = TypeVar("T")


class Trial(NamedTuple, Generic[T]):
    """What was chosen, and what choosing so is worth.

    Attributes
    ----------
    found : object
        What all labelled articles together choose.
    accepted : bool
        Whether the gain on held-out articles is larger than `needed_errors` standard errors.
    default_value, fitted_value : float
        Mean on held-out articles of the default, and of what the other articles choose.
    interval : Interval
        Of the difference, 95 %.
    """

    found: T
    accepted: bool
    default_value: float
    fitted_value: float
    interval: Interval


def needed_errors(n_queries: int) -> float:
    """Return how many standard errors a gain must be: from 1 with many articles to 1.5 with a hundred.

    Folds share most of their articles, so the standard error is too small, and the more so the fewer there are
    (Bengio and Grandvalet 2004). What fits are worth elsewhere measures ``python -m benchmarks run fit``.

    Examples
    --------
    >>> needed_errors(100), needed_errors(1_000)
    (1.5, 1.05)
    """
    return 1 + 50 / n_queries


def try_out(
    values: Callable[[T], NDArray[np.float64]],
    choose: Callable[[Callable[[T], float]], T],
    default: T,
    parts: Folds,
    tell: Callable[[], None] = lambda: None,
) -> Trial[T]:
    """Let all articles choose, and each fold be judged by what the others choose.

    Parameters
    ----------
    values : callable
        A choice to the value of each labelled article, shape (q,).
    choose : callable
        Given what says how good a choice is, returns one.
    default : object
        What is kept unless something else gains more than may be chance.
    parts : Folds
    tell : callable
        Called after each choice that was made: once for all articles, then once a fold.
    """
    found = choose(lambda choice: float(values(choice).mean()))
    tell()
    before = values(default)
    after = before.copy()
    for fold in np.unique(parts.fold):
        inside = parts.fold == fold
        if not inside.all():
            chosen = choose(lambda choice: float(values(choice)[~inside].mean()))  # noqa: B023
            after[inside] = values(chosen)[inside]
        tell()
    gain, error = float((after - before).mean()), standard_error(after - before, parts.group)
    return Trial(
        found,
        found != default and gain > needed_errors(len(before)) * error,
        float(before.mean()),
        float(after.mean()),
        Interval(gain - 1.96 * error, gain + 1.96 * error),
    )
