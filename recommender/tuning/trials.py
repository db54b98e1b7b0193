"""Indexes tried from cheap to dear, and the first that keeps all promises on queries that did not pick it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Protocol

from recommender.index.planner import SearchPlan
from recommender.tuning.promises import Measured, Promises

__all__ = ["Bench", "Trial", "ladders_for", "nearest_to", "try_in_turn"]

_RESCORED = (5, 10, 20, 40)
_BEAMS = (16, 24, 32, 48, 64, 96, 128, 192, 256, 400, 600, 800, 1200, 1600, 2400)
_N_LINKS = (16, 32)
_ONE_GRAPH = 300_000  # vectors from which on only one graph is built: each takes a minute or more
_WALKED = 16  # times its beam: with fewer vectors a graph looks at all of them


@dataclass(frozen=True)
class Trial:
    """An index that was tried.

    Parameters
    ----------
    plan : SearchPlan
    mb : float
        Megabytes of the arrays that a query reads.
    build_s : float
        Seconds that making it took; those of a graph are told with the first of its beams.
    picked : Measured or None
        On the queries that an index is picked by; None if it was too large to be tried.
    checked : Measured or None
        On fresh queries, if it kept all promises on the others.
    """

    plan: SearchPlan
    mb: float
    build_s: float = 0.0
    picked: Measured | None = None
    checked: Measured | None = None

    @property
    def measured(self) -> Measured | None:
        """What is to be believed: fresh queries, where there were any."""
        return self.checked or self.picked

    def broken(self, promises: Promises) -> dict[str, float]:
        """Return the promises that it breaks, see `Promises.broken`."""
        return promises.broken(self.mb, self.measured)

    def keeps(self, promises: Promises) -> bool:
        """Return whether it keeps all promises on fresh queries."""
        return self.checked is not None and not self.broken(promises)


class Bench(Protocol):
    """What builds an index and measures it."""

    def mb(self, plan: SearchPlan) -> float:
        """Return the megabytes of the arrays that a query reads."""

    def build(self, plan: SearchPlan) -> float:
        """Make what `measure` needs; return the seconds that took, 0 if it was there."""

    def measure(self, plan: SearchPlan, *, fresh: bool) -> Measured:
        """Ask the queries that pick, or fresh ones."""


def ladders_for(n: int, d: int, n_asked: int) -> list[list[SearchPlan]]:
    """Return what to try: exact ways first, then from cheap to dear; on a ladder each finds more and is slower.

    Parameters
    ----------
    n, d : int
        Shape of the vectors.
    n_asked : int
        Nearest that a query asks for.
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
    promises: Promises,
    bench: Bench,
    *,
    thorough: bool = False,
    tell: Callable[[SearchPlan], None] = lambda plan: None,
) -> tuple[list[Trial], Trial | None]:
    """Return all that were tried, in order, and the one to use: the first that keeps all promises on fresh queries.

    Parameters
    ----------
    ladders : sequence of sequences of SearchPlan
        As `ladders_for` gives them. A ladder is left when it is too slow, as what follows is slower still.
    promises : Promises
    bench : Bench
    thorough : bool
        Whether to go on after that, and to the end of each ladder, to see what there is.
    tell : callable
        Called with each plan before it is tried.
    """
    trials: list[Trial] = []
    chosen = None
    for ladder in ladders:
        for plan in ladder:
            tell(plan)
            trial = _tried(plan, promises, bench)
            trials.append(trial)
            if chosen is None and trial.keeps(promises):
                chosen = trial
            if not thorough:
                if chosen is not None:
                    return trials, chosen
                if trial.picked is None or "p99" in trial.broken(promises):
                    break
    return trials, chosen


def _tried(plan: SearchPlan, promises: Promises, bench: Bench) -> Trial:
    trial = Trial(plan, bench.mb(plan))
    if trial.broken(promises):
        return trial
    trial = replace(trial, build_s=bench.build(plan), picked=bench.measure(plan, fresh=False))
    if trial.broken(promises):
        return trial
    return replace(trial, checked=bench.measure(plan, fresh=True))


def nearest_to(promises: Promises, trials: Sequence[Trial]) -> Trial:
    """Return the trial that comes nearest to keeping all promises; what was never measured only if nothing was."""
    return min(trials, key=lambda trial: (trial.measured is None, prod(trial.broken(promises).values())))
