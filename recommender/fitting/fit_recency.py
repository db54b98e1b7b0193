"""What dates do on a site, chosen by what is labelled there, and judged on articles that did not choose it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from recommender.assembly.policy import Policy
from recommender.evaluation.resampling import Interval
from recommender.fitting.cross_validation import try_out
from recommender.fitting.folds import Folds
from recommender.fitting.search import LEAST_GAIN as LESSER_GAIN
from recommender.ranking.recency import MODES

__all__ = ["HALF_LIVES", "LEAST_GAIN", "Recency", "RecencyFit", "fit_recency", "recencies"]

HALF_LIVES = (1500.0, 365.0, 90.0, 30.0, 7.0)
"""Days that are tried for "latest": the longest, which changes least, first."""

LEAST_GAIN = 0.005
"""Of the value: for less, what is new is not put first, and not kept out."""


class Recency(NamedTuple):
    """What dates do, as `Policy` has it.

    Attributes
    ----------
    mode : str
        Of `recommender.ranking.recency.MODES`.
    half_life : float or None
        Days; None but for "latest".
    """

    mode: str
    half_life: float | None = None

    @classmethod
    def of(cls, policy: Policy) -> Self:
        """Return that of a policy."""
        return cls(policy.recency, policy.half_life if policy.recency == "latest" else None)

    def of_policy(self, policy: Policy) -> Policy:
        """Return a policy with this in the place of its own."""
        return policy.changed(recency=self.mode, half_life=self.half_life)

    def __str__(self) -> str:
        return self.mode if self.half_life is None else f"{self.mode}, {self.half_life:g} days"


@dataclass(frozen=True)
class RecencyFit:
    """What dates do, and why.

    Parameters
    ----------
    chosen : Recency
        To use: `found` if its gain is no chance, else `default`, or "none" where that is better.
    default : Recency
        That of the site.
    found : Recency
        What all labelled articles together choose.
    accepted : bool
        Whether `chosen` is another than the default.
    default_value, fitted_value : float
        Mean on held-out articles of the default, and of what the other articles find.
    interval : Interval
        Of the difference, 95 %.
    values : mapping of str to float
        Mean on all labelled articles of everything that was tried, the default first.
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
        """Return the fit as JSON can hold it."""
        named = {name: getattr(self, name)._asdict() for name in ("chosen", "default", "found")}
        return asdict(self) | named | {"interval": list(self.interval), "values": dict(self.values)}

    def table(self, measure: str) -> list[str]:
        """Return what each is worth on all labelled articles, as lines."""
        width = max(map(len, ["dates", *self.values]))
        rows = [f"{name:<{width}}  {value:.4f}" for name, value in self.values.items()]
        return [f"{'dates':<{width}}  {measure} by the default weights", f"{rows[0]}  as it is", *rows[1:]]

    @property
    def verdict(self) -> str:
        """What was decided, in words."""
        if len(self.values) == 1:
            return f"dates: {self.default} stays, as somebody set it"
        if self.found == self.default:
            return f"dates: {self.default} stays, nothing else gains enough"
        gain = f"{self.found} gains {self.relative:+.1%} on held-out articles"
        if self.chosen == self.found:
            return f"dates: {self.default} gives way: {gain}"
        decided = f"{self.default} gives way to {self.chosen}" if self.accepted else f"{self.default} stays"
        return f"dates: {decided}: {gain}, which may be chance"

    @property
    def relative(self) -> float:
        """The gain on held-out articles as a share of the value of the default; NaN where that is 0."""
        return self.fitted_value / self.default_value - 1 if self.default_value else float("nan")


def recencies(default: Recency, modes: Collection[str] = MODES) -> list[Recency]:
    """Return what is tried: the default, then the others, those that change less first.

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
    """Choose what dates do: "none" where it is 0.1 % better than the default, and the others where they are 0.5 % better.

    Dates are there to gain something. "none" is what is left without them: whatever is shown then is shown for its
    content, so no more is asked of it than to be better on the labelled articles. The others are taken only where on
    held-out ones they gain `needed_errors` and the interval of the gain lies above 0.

    Parameters
    ----------
    values : callable
        A recency to the value of each labelled article, shape (q,).
    default : Recency
    parts : Folds
    modes : collection of str
        Those that may be chosen; the default always is.
    """
    tried = recencies(default, modes)

    def careful(value: Callable[[Recency], float]) -> Recency:
        without = Recency("none")
        return (
            without if without in tried and _better(value(without), value(default), LESSER_GAIN) else default
        )

    def choose(value: Callable[[Recency], float]) -> Recency:
        best, least = max(tried, key=value), careful(value)
        return best if _better(value(best), value(least), LEAST_GAIN) else least

    means = {recency: float(values(recency).mean()) for recency in tried}
    trial = try_out(values, choose, default, parts)
    sure = trial.accepted and trial.interval.low > 0
    chosen = trial.found if sure else careful(means.__getitem__)
    return RecencyFit(
        chosen=chosen,
        default=default,
        values={str(recency): mean for recency, mean in means.items()},
        **trial._replace(accepted=chosen != default)._asdict(),
    )


def _better(value: float, other: float, least: float) -> bool:
    return value * (1 - least) > other
