"""Cross-validated choice of the recency mode of a site."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from recommender.evaluation.resampling import Interval
from recommender.fitting.cross_validation import try_out
from recommender.fitting.folds import Folds
from recommender.fitting.search import TOLERANCE
from recommender.rules.age import MODES
from recommender.rules.policy import Policy

__all__ = ["HALF_LIVES", "MIN_GAIN", "Recency", "RecencyFit", "fit_recency", "recencies"]

HALF_LIVES = (1500.0, 365.0, 90.0, 30.0, 7.0)
"""Half-lives in days tried for "latest", longest first, which changes lists least."""

MIN_GAIN = 0.005
"""Minimum relative gain for a mode other than "none" to replace the default."""


class Recency(NamedTuple):
    """Recency settings of a `Policy`.

    Attributes
    ----------
    mode : str
        One of `recommender.rules.age.MODES`.
    half_life : float or None
        Half-life in days for "latest". None for other modes.
    """

    mode: str
    half_life: float | None = None

    @classmethod
    def of(cls, policy: Policy) -> Self:
        """Return the recency of a policy."""
        return cls(policy.recency, policy.half_life if policy.recency == "latest" else None)

    def of_policy(self, policy: Policy) -> Policy:
        """Return a policy with this recency."""
        return policy.changed(recency=self.mode, half_life=self.half_life)

    def __str__(self) -> str:
        return self.mode if self.half_life is None else f"{self.mode}, {self.half_life:g} days"


@dataclass(frozen=True)
class RecencyFit:
    """Fitted recency with its evaluation.

    Parameters
    ----------
    chosen : Recency
        Recency to use: `found` if its gain is significant, otherwise `default`, or "none" if that is better.
    default : Recency
        Recency of the site.
    found : Recency
        Choice on all labelled articles.
    accepted : bool
        Whether `chosen` differs from the default.
    default_value, fitted_value : float
        Mean value on held-out articles of the default, and of the choices on the other folds.
    interval : Interval
        95 % interval of the difference.
    values : mapping of str to float
        Mean value of every candidate on all labelled articles, the default first.
    """

    chosen: Recency
    default: Recency
    found: Recency
    accepted: bool
    default_value: float
    fitted_value: float
    interval: Interval
    values: Mapping[str, float]

    def record(self) -> dict[str, Any]:
        """Return the fit as JSON values."""
        named = {name: getattr(self, name)._asdict() for name in ("chosen", "default", "found")}
        return asdict(self) | named | {"interval": list(self.interval), "values": dict(self.values)}

    def table(self, measure: str) -> list[str]:
        """Return the values on all labelled articles as lines of a table."""
        width = max(map(len, ["dates", *self.values]))
        rows = [f"{name:<{width}}  {value:.4f}" for name, value in self.values.items()]
        return [f"{'dates':<{width}}  {measure} by the default weights", f"{rows[0]}  current", *rows[1:]]

    @property
    def verdict(self) -> str:
        """The decision in words."""
        if len(self.values) == 1:
            return f"dates: {self.default} is kept because it was set explicitly"
        if self.found == self.default:
            return f"dates: {self.default} is kept, no other mode gains enough"
        gain = f"{self.found} gains {self.relative:+.1%} on held-out articles"
        replaced = f"dates: {self.chosen} replaces {self.default}"
        if self.chosen == self.found:
            return f"{replaced}: {gain}"
        decision = replaced if self.accepted else f"dates: {self.default} is kept"
        return f"{decision}: {gain}, which is not significant"

    @property
    def relative(self) -> float:
        """The gain on held-out articles as a share of the default value. NaN if that is 0."""
        return self.fitted_value / self.default_value - 1 if self.default_value else float("nan")


def recencies(default: Recency, modes: Collection[str] = MODES) -> list[Recency]:
    """Return the candidates: the default first, then the others by increasing effect.

    Examples
    --------
    >>> [str(each) for each in recencies(Recency("era"), ("none", "background"))]
    ['era', 'none', 'background']
    """
    tried = [Recency(mode) for mode in MODES if mode != "latest" and mode in modes]
    if "latest" in modes:
        tried += [Recency("latest", days) for days in HALF_LIVES]
    return list(dict.fromkeys([default, *tried]))


def fit_recency(
    values: Callable[[Recency], NDArray[np.float64]], default: Recency, parts: Folds, modes: Collection[str]
) -> RecencyFit:
    """Choose the recency of a site.

    "none" is chosen if it is 0.1 % better than the default on the labelled articles. It ignores
    dates, so no more is required. Other modes must be 0.5 % better. On held-out articles their gain must
    reach `needed_errors`, and its interval must lie above 0.

    Parameters
    ----------
    values : callable
        Maps a recency to the values of the labelled articles, shape (q,).
    default : Recency
        Recency of the site.
    parts : Folds
        Folds of the labelled articles.
    modes : collection of str
        Modes that may be chosen. The default is always allowed.
    """
    candidates = recencies(default, modes)
    none = Recency("none")

    def fallback(value: Callable[[Recency], float]) -> Recency:
        better = none in candidates and _better(value(none), value(default), TOLERANCE)
        return none if better else default

    def choose(value: Callable[[Recency], float]) -> Recency:
        best, other = max(candidates, key=value), fallback(value)
        return best if _better(value(best), value(other), MIN_GAIN) else other

    means = {recency: float(values(recency).mean()) for recency in candidates}
    trial = try_out(values, choose, default, parts)
    significant = trial.accepted and trial.interval.low > 0
    chosen = trial.found if significant else fallback(means.__getitem__)
    return RecencyFit(
        chosen=chosen,
        default=default,
        values={str(recency): mean for recency, mean in means.items()},
        **trial._replace(accepted=chosen != default)._asdict(),
    )


def _better(value: float, other: float, least: float) -> bool:
    return value * (1 - least) > other
