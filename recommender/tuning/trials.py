"""Trials of indexes in order of cost, up to the first that meets all targets on fresh queries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Protocol

from recommender.index.planner import SearchPlan
from recommender.tuning.targets import Measured, Targets

__all__ = ["Bench", "Trial", "ladders_for", "nearest_to", "try_in_turn"]

_RESCORED = (5, 10, 20, 40)
_BEAMS = (16, 24, 32, 48, 64, 96, 128, 192, 256, 400, 600, 800, 1200, 1600, 2400)
_N_LINKS = (16, 32)
_ONE_GRAPH = 300_000  # above this many vectors only one graph is built, as each takes a minute or more
_WALKED = 16  # times its beam: a graph of fewer vectors is scanned in full


@dataclass(frozen=True)
class Trial:
    """Measurements of one index.

    Parameters
    ----------
    plan : SearchPlan
    mb : float
        Megabytes of the arrays that a query reads.
    build_s : float
        Seconds to build it. Those of a graph are recorded with the first of its beams.
    picked : Measured or None
        Result on the queries that pick an index; None if it is too large to be measured.
    checked : Measured or None
        Result on fresh queries; None unless it met all targets on the others.
    """

    plan: SearchPlan
    mb: float
    build_s: float = 0.0
    picked: Measured | None = None
    checked: Measured | None = None

    @property
    def measured(self) -> Measured | None:
        """Result on fresh queries, or else on those that pick."""
        return self.checked or self.picked

    def missed(self, targets: Targets) -> dict[str, float]:
        """Return the missed targets, see `Targets.missed`."""
        return targets.missed(self.mb, self.measured)

    def meets(self, targets: Targets) -> bool:
        """Return whether it meets all targets on fresh queries."""
        return self.checked is not None and not self.missed(targets)


class Bench(Protocol):
    """Builds and measures indexes."""

    def mb(self, plan: SearchPlan) -> float:
        """Return the megabytes of the arrays that a query reads."""

    def build(self, plan: SearchPlan) -> float:
        """Build what `measure` needs; return the seconds, 0 if already built."""

    def measure(self, plan: SearchPlan, *, fresh: bool) -> Measured:
        """Measure with the queries that pick, or with fresh ones."""


def ladders_for(n: int, d: int, n_asked: int) -> list[list[SearchPlan]]:
    """Return the plans to try, exact ones first, then by cost. Within a ladder recall and time increase.

    Parameters
    ----------
    n, d : int
        Shape of the vectors.
    n_asked : int
        Number of nearest vectors that a query searches for.
    """
    floats, codes = [SearchPlan("floats")], [SearchPlan("codes")]
    if not n * d:
        return [floats]
    sketches = [SearchPlan("sketches", rescored=times) for times in _RESCORED]
    beams = [beam for beam in _BEAMS if n_asked <= beam < n / _WALKED]
    graphs = [
        [SearchPlan("graph", n_links=n_links, beam=beam) for beam in beams]
        for n_links in (_N_LINKS if n <= _ONE_GRAPH else _N_LINKS[-1:])
    ]
    return [floats, codes, sketches, *(graph for graph in graphs if graph)]


def try_in_turn(
    ladders: Sequence[Sequence[SearchPlan]],
    targets: Targets,
    bench: Bench,
    *,
    thorough: bool = False,
    on_trial: Callable[[SearchPlan], None] = lambda plan: None,
) -> tuple[list[Trial], Trial | None]:
    """Return all trials, in order, and the first that meets all targets on fresh queries, None if none does.

    Parameters
    ----------
    ladders : sequence of sequences of SearchPlan
        As from `ladders_for`. A ladder is left at the first plan that is too slow, as the next ones are slower.
    targets : Targets
    bench : Bench
    thorough : bool
        Whether to measure all plans of all ladders.
    on_trial : callable
        Called with each plan before its trial.
    """
    trials: list[Trial] = []
    chosen = None
    for ladder in ladders:
        for plan in ladder:
            on_trial(plan)
            trial = _tried(plan, targets, bench)
            trials.append(trial)
            if chosen is None and trial.meets(targets):
                chosen = trial
            if not thorough:
                if chosen is not None:
                    return trials, chosen
                if trial.picked is None or "p99" in trial.missed(targets):
                    break
    return trials, chosen


def _tried(plan: SearchPlan, targets: Targets, bench: Bench) -> Trial:
    trial = Trial(plan, bench.mb(plan))
    if trial.missed(targets):
        return trial
    trial = replace(trial, build_s=bench.build(plan), picked=bench.measure(plan, fresh=False))
    if trial.missed(targets):
        return trial
    return replace(trial, checked=bench.measure(plan, fresh=True))


def nearest_to(targets: Targets, trials: Sequence[Trial]) -> Trial:
    """Return the trial nearest to meeting all targets; one without measurements only if none has any."""
    return min(trials, key=lambda trial: (trial.measured is None, prod(trial.missed(targets).values())))
