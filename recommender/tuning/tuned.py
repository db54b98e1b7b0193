"""The index for a set of vectors: what was tried, what is chosen, and why."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, replace
from math import ceil, floor, log10
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.index.planner import SearchPlan
from recommender.progress import Progress, no_progress
from recommender.tuning.held_out import Clock, HeldOut
from recommender.tuning.joins import Join, choose_join, compare_joins
from recommender.tuning.promises import Measured, Promises
from recommender.tuning.trials import Trial, ladders_for, nearest_to, try_in_turn

__all__ = ["Tuned", "tune_vectors"]

_TOLD = 0.05  # seconds, from which on making an index is worth telling
_SLACK = 1.1  # of what was measured: a promise that this machine keeps on other days too


@dataclass(frozen=True)
class Tuned:
    """What `tune_vectors` measured and chose.

    Parameters
    ----------
    promises : Promises
    n, d : int
        Shape of the vectors.
    k, n_asked : int
        Nearest that recall is about, and those that a query asks for.
    trials : tuple of Trial
        In the order in which they were tried.
    chosen : Trial or None
        The first that keeps all promises on fresh queries.
    joins : tuple of Join
    join : Join
        The one to use.
    """

    promises: Promises
    n: int
    d: int
    k: int
    n_asked: int
    trials: tuple[Trial, ...]
    chosen: Trial | None
    joins: tuple[Join, ...]
    join: Join

    @property
    def nearest(self) -> Trial:
        """The chosen one, or else the one that comes nearest to all promises."""
        return self.chosen or nearest_to(self.promises, self.trials)

    @property
    def plan(self) -> SearchPlan:
        """How the vectors are to be searched; ValueError if nothing keeps all promises."""
        if self.chosen is None:
            raise ValueError(self.why)
        return replace(self.chosen.plan, join_recall=self.join.asked)

    @property
    def why(self) -> str:
        """What was decided, in a sentence."""
        return self._why_chosen(self.chosen) if self.chosen else self._why_none(self.nearest)

    def rows(self) -> list[tuple[str, ...]]:
        """Return a table of what was tried, its heading first; an index that was checked has a second row."""
        heading = ("index", "recall", "p50 ms", "p99 ms", "MB", "build s", "")
        found: list[tuple[str, ...]] = [heading]
        for trial in self.trials:
            build = f"{trial.build_s:.1f}" if trial.build_s >= _TOLD else ""
            found.append(
                (str(trial.plan), *_told(trial.picked), f"{trial.mb:,.1f}", build, self._verdict(trial))
            )
            if trial.checked:
                verdict = "chosen" if trial is self.chosen else self._breaks(trial) or "keeps all"
                found.append(("  on fresh queries", *_told(trial.checked), "", "", verdict))
        return found

    def join_rows(self) -> list[tuple[str, ...]]:
        """Return a table of the ways to join all rows, its heading first."""
        found: list[tuple[str, ...]] = [("all lists", "recall", "s", "")]
        for join in self.joins:
            notes = ["chosen"] if join is self.join else []
            notes += [f"predicted from {join.predicted_from:,}"] if join.predicted_from else []
            found.append((str(join), f"{join.recall:.4f}", f"{join.seconds:.2f}", ", ".join(notes)))
        return found

    def record(self) -> dict[str, Any]:
        """Return all of it as JSON can hold it."""
        trials = [
            {**asdict(trial), "broken": trial.broken(self.promises), "chosen": trial is self.chosen}
            for trial in self.trials
        ]
        return {
            "n": self.n, "d": self.d, "k": self.k, "n_asked": self.n_asked, "why": self.why,
            "plan": asdict(self.plan) if self.chosen else None,
            "measured": asdict(self.chosen.checked) if self.chosen and self.chosen.checked else None,
            "trials": trials,
            "joins": [asdict(join) | {"chosen": join is self.join} for join in self.joins],
        }  # fmt: skip

    def _verdict(self, trial: Trial) -> str:
        """Return what the queries that picked say of a trial."""
        if trial.checked:
            return ""
        return self._breaks(trial) + ("" if trial.picked else ", not tried")

    def _breaks(self, trial: Trial) -> str:
        named = {"recall": "recall too low", "p99": "too slow", "ram": "too large"}
        return ", ".join(named[promise] for promise in trial.broken(self.promises))

    def _why_chosen(self, trial: Trial) -> str:
        measured, promises = trial.measured, self.promises
        if measured is None or not measured.n_queries:
            return f"{trial.plan}: no article has such vectors, so there is nothing to measure"
        within = (
            f"{measured.p99_ms:.3g} ms at the 99th percentile, within the {promises.p99_ms:g} ms promised"
        )
        if trial.plan.exact:
            return f"{trial.plan} misses nothing and takes {within}; what is not exact was not needed"
        return (
            f"{trial.plan} is the first that keeps all promises: on fresh queries it finds {measured.recall:.4f} "
            f"(± {measured.recall_error:.4f}) of the {self.k} nearest, and takes {within}; exact ones do not"
        )

    def _why_none(self, trial: Trial) -> str:
        promises, measured = self.promises, trial.measured
        said, options = [], []
        broken = trial.broken(promises)
        if measured is not None and "recall" in broken:
            said.append(
                f"finds {measured.recall:.4f} of the {self.k} nearest where {promises.recall:g} is promised"
            )
            options.append(f"--recall {floor(1000 * (measured.recall - measured.recall_error)) / 1000:g}")
        if measured is not None and "p99" in broken:
            times = f"{broken['p99']:.3g} times"
            said.append(
                f"takes {measured.p99_ms:.3g} ms at the 99th percentile, {times} the {promises.p99_ms:g} promised"
            )
            options.append(f"--p99-ms {_rounded_up(_SLACK * measured.p99_ms):g}")
        if "ram" in broken:
            said.append(f"reads {trial.mb:,.1f} MB where {promises.ram_mb:g} are promised")
            options.append(f"--ram-mb {_rounded_up(trial.mb):g}")
        return f"nothing keeps all promises; nearest is {trial.plan}: it {' and '.join(said)}; try {' '.join(options)}"


def tune_vectors(
    vectors: NDArray[np.float32],
    promises: Promises | None = None,
    *,
    k: int = 10,
    n_asked: int | None = None,
    n_joined: int = 100,
    thorough: bool = False,
    n_jobs: int | None = None,
    seed: int = 0,
    progress: Progress | None = None,
    clock: Clock = time.perf_counter,
) -> Tuned:
    """Choose how single queries to some vectors are answered, and how the neighbours of all are found.

    Parameters
    ----------
    vectors : ndarray of float32, shape (n, d)
        Unit rows, or zero rows, which ask nothing.
    promises : Promises or None
        None for those of `Promises()`.
    k : int
        Nearest that recall is about, 1 or more.
    n_asked : int or None
        Nearest that a query asks for, at least k; None for k.
    n_joined : int
        Neighbours of each row that a join looks for, 1 or more.
    thorough : bool
        Whether to measure dearer indexes too, after one was found.
    n_jobs : int or None
        Threads that build and join; a query takes one.
    seed : int
        Of the choice of queries.
    progress : callable or None
        As in `Recommender.from_articles`.
    clock : callable
        Seconds, as `time.perf_counter`.

    Notes
    -----
    A thousand vectors, or a tenth, are held out as queries, and indexes are made of the rest. Half of the queries
    pick, the others check. Costs the exact neighbours of the queries, three rounds of them for each index tried, a graph
    or two if it comes to that, and the joins; memory for the vectors once more. Of more than 300,000 vectors one graph
    is made instead of two, and of more than 200,000 half as many are joined, from which the time for all is predicted.
    Queries are always asked at full size.
    """
    promises = promises or Promises()
    n_asked = k if n_asked is None else n_asked
    if not 1 <= k <= n_asked or n_joined < 1:
        raise ValueError(f"wanted 1 <= k <= n_asked and n_joined >= 1, got {k}, {n_asked} and {n_joined}")
    tell = progress or no_progress
    tell("finding exact neighbours", 0, 1)
    hopeless_ms = float("inf") if thorough else promises.p99_ms
    bench = HeldOut(vectors, k, n_asked, hopeless_ms=hopeless_ms, n_jobs=n_jobs, seed=seed, clock=clock)
    tell("finding exact neighbours", 1, 1)
    ladders = ladders_for(*bench.shape, n_asked)
    plans = [plan for ladder in ladders for plan in ladder]
    trials, chosen = try_in_turn(
        ladders, promises, bench, thorough=thorough,
        tell=lambda plan: tell("trying indexes", plans.index(plan), len(plans)),
    )  # fmt: skip
    tell("trying indexes", len(plans), len(plans))
    joins = compare_joins(
        vectors, k, n_joined, promises.recall, n_jobs=n_jobs, seed=seed, clock=clock,
        tell=lambda done, total: tell("joining all", done, total),
    )  # fmt: skip
    n, d = vectors.shape
    return Tuned(
        promises, n, d, k, n_asked, tuple(trials), chosen, tuple(joins), choose_join(joins, promises.recall)
    )  # fmt: skip


def _told(measured: Measured | None) -> tuple[str, str, str]:
    if measured is None or not measured.n_queries:
        return "", "", ""
    recall = f"{measured.recall:.4f} ± {measured.recall_error:.4f}"
    return recall, f"{measured.p50_ms:.3f}", f"{measured.p99_ms:.3f}"


def _rounded_up(number: float) -> float:
    """Return a number with two digits that is no smaller.

    Examples
    --------
    >>> _rounded_up(1.234), _rounded_up(56.1), _rounded_up(0.9)
    (1.3, 57.0, 0.9)
    """
    step = 10.0 ** (floor(log10(number)) - 1)
    return round(ceil(number / step - 1e-9) * step, 12)
