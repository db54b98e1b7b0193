"""Cross-validation of choices such as weights and recency."""

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
    """Result of a cross-validated choice.

    Attributes
    ----------
    found : object
        Choice on all labelled articles.
    accepted : bool
        Whether the gain on held-out articles is larger than `needed_errors` standard errors.
    default_value, fitted_value : float
        Mean value on held-out articles of the default, and of the choices on the other folds.
    interval : Interval
        95 % interval of the difference.
    """

    found: T
    accepted: bool
    default_value: float
    fitted_value: float
    interval: Interval


def needed_errors(n_queries: int) -> float:
    """Return the minimum gain in standard errors, from 1.5 with 100 articles down to 1 with many.

    Folds share most of their training articles, so the standard error is underestimated, especially with few
    articles (Bengio and Grandvalet 2004). ``python -m benchmarks run fit`` measures the gain of fits on other
    corpora.

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
    report: Callable[[], None] = lambda: None,
) -> Trial[T]:
    """Choose on all articles, and cross-validate the choice.

    Parameters
    ----------
    values : callable
        Maps a choice to the values of the labelled articles, shape (q,).
    choose : callable
        Maps a function that scores choices to the best choice.
    default : object
        Choice that is kept unless another is significantly better.
    parts : Folds
        Folds of the labelled articles.
    report : callable
        Called after each choice: once for all articles, then once per fold.
    """
    found = choose(lambda choice: float(values(choice).mean()))
    report()
    before = values(default)
    after = before.copy()
    for fold in np.unique(parts.fold):
        inside = parts.fold == fold
        if not inside.all():
            chosen = choose(lambda choice: float(values(choice)[~inside].mean()))  # noqa: B023
            after[inside] = values(chosen)[inside]
        report()
    gain, error = float((after - before).mean()), standard_error(after - before, parts.group)
    return Trial(
        found,
        found != default and gain > needed_errors(len(before)) * error,
        float(before.mean()),
        float(after.mean()),
        Interval(gain - 1.96 * error, gain + 1.96 * error),
    )
