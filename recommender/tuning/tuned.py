"""Choice of the index for a set of vectors, with the trials and the reason."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from math import ceil, floor, log10
from typing import Any, Unpack

import numpy as np
from numpy.typing import NDArray

from recommender.index.planner import SearchPlan
from recommender.tuning.conditions import Conditions, TuningOptions
from recommender.tuning.held_out_queries import HeldOut
from recommender.tuning.joins import Join, choose_join, compare_joins
from recommender.tuning.promises import Measured, Promises
from recommender.tuning.trials import Trial, ladders_for, nearest_to, try_in_turn

__all__ = ["Tuned", "tune_vectors"]

_SHOWN = 0.05  # seconds; shorter build times are not shown
_SLACK = 1.1  # factor on measured times, for a promise that this machine keeps on other days too


@dataclass(frozen=True)
class Tuned:
    """Measurements and choices of `tune_vectors`.

    Parameters
    ----------
    promises : Promises
    n, d : int
        Shape of the vectors.
    k, n_asked : int
        Number of nearest vectors by which recall is measured, and number that a query searches for.
    trials : tuple of Trial
        In the order of the measurements.
    chosen : Trial or None
        The first that keeps all promises on fresh queries; None if none does.
    joins : tuple of Join
    join : Join
        The chosen one.
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
        """The chosen trial, or else the one nearest to keeping all promises."""
        return self.chosen or nearest_to(self.promises, self.trials)

    @property
    def plan(self) -> SearchPlan:
        """Plan of the chosen index and join; ValueError if no index keeps all promises."""
        if self.chosen is None:
            raise ValueError(self.why)
        return replace(self.chosen.plan, join_recall=self.join.asked)

    @property
    def why(self) -> str:
        """The reason of the choice, in a sentence."""
        return self._why_chosen(self.chosen) if self.chosen else self._why_none(self.nearest)

    def rows(self) -> list[tuple[str, ...]]:
        """Return a table of the trials, heading first; a trial with fresh queries has a second row."""
        heading = ("index", "recall", "p50 ms", "p99 ms", "MB", "build s", "")
        found: list[tuple[str, ...]] = [heading]
        for trial in self.trials:
            build = f"{trial.build_s:.1f}" if trial.build_s >= _SHOWN else ""
            found.append(
                (str(trial.plan), *_cells(trial.picked), f"{trial.mb:,.1f}", build, self._verdict(trial))
            )
            if trial.checked:
                verdict = "chosen" if trial is self.chosen else self._breaks(trial) or "keeps all"
                found.append(("  on fresh queries", *_cells(trial.checked), "", "", verdict))
        return found

    def join_rows(self) -> list[tuple[str, ...]]:
        """Return a table of the joins, heading first."""
        found: list[tuple[str, ...]] = [("all lists", "recall", "s", "")]
        for join in self.joins:
            notes = ["chosen"] if join is self.join else []
            notes += [f"predicted from {join.predicted_from:,}"] if join.predicted_from else []
            found.append((str(join), f"{join.recall:.4f}", f"{join.seconds:.2f}", ", ".join(notes)))
        return found

    def record(self) -> dict[str, Any]:
        """Return the choices and measurements as values of JSON."""
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
        """Return the verdict of the queries that pick; empty if fresh queries have one."""
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
        failures, options = [], []
        broken = trial.broken(promises)
        if measured is not None and "recall" in broken:
            failures.append(
                f"finds {measured.recall:.4f} of the {self.k} nearest where {promises.recall:g} is promised"
            )
            options.append(f"--recall {floor(1000 * (measured.recall - measured.recall_error)) / 1000:g}")
        if measured is not None and "p99" in broken:
            times = f"{broken['p99']:.3g} times"
            failures.append(
                f"takes {measured.p99_ms:.3g} ms at the 99th percentile, {times} the {promises.p99_ms:g} promised"
            )
            options.append(f"--p99-ms {_rounded_up(_SLACK * measured.p99_ms):g}")
        if "ram" in broken:
            failures.append(f"reads {trial.mb:,.1f} MB where {promises.ram_mb:g} are promised")
            options.append(f"--ram-mb {_rounded_up(trial.mb):g}")
        return f"nothing keeps all promises; nearest is {trial.plan}: it {' and '.join(failures)}; try {' '.join(options)}"


def tune_vectors(
    vectors: NDArray[np.float32],
    promises: Promises | None = None,
    *,
    k: int = 10,
    n_asked: int | None = None,
    n_joined: int = 100,
    thorough: bool = False,
    **options: Unpack[TuningOptions],
) -> Tuned:
    """Choose the index for single queries to a set of vectors, and the join that finds the neighbours of all.

    Parameters
    ----------
    vectors : ndarray of float32, shape (n, d)
        Unit rows. Zero rows are allowed, but are not queries.
    promises : Promises or None
        None for ``Promises()``.
    k : int
        Number of nearest vectors by which recall is measured, 1 or more.
    n_asked : int or None
        Number of nearest vectors that a query searches for, at least k. None for k.
    n_joined : int
        Number of neighbours of each row that a join searches for, 1 or more.
    thorough : bool
        Whether to measure all indexes, also after one was chosen.
    **options
        n_jobs, seed, progress and clock, see `Conditions`.

    Notes
    -----
    A thousand vectors, or a tenth, are held out as queries, and indexes are built from the rest. Half of the queries
    pick an index, the others check it. Time is that of the exact neighbours of the queries, of three searches per
    query and index, of up to two graphs, and of the joins. Memory is that of a second copy of the vectors. For more
    than 300,000 vectors only one graph is built; for more than 200,000 the time of the join is predicted from a sample
    of 100,000. Queries always search all vectors.
    """
    promises = promises or Promises()
    n_asked = k if n_asked is None else n_asked
    if not 1 <= k <= n_asked or n_joined < 1:
        raise ValueError(f"wanted 1 <= k <= n_asked and n_joined >= 1, got {k}, {n_asked} and {n_joined}")
    conditions = Conditions(**options)
    conditions.report("finding exact neighbours", 0, 1)
    hopeless_ms = float("inf") if thorough else promises.p99_ms
    bench = HeldOut(vectors, k, n_asked, hopeless_ms, conditions)
    conditions.report("finding exact neighbours", 1, 1)
    ladders = ladders_for(*bench.shape, n_asked)
    plans = [plan for ladder in ladders for plan in ladder]
    trials, chosen = try_in_turn(
        ladders, promises, bench, thorough=thorough,
        on_trial=lambda plan: conditions.report("measuring indexes", plans.index(plan), len(plans)),
    )  # fmt: skip
    conditions.report("measuring indexes", len(plans), len(plans))
    joins = compare_joins(vectors, k, n_joined, promises.recall, conditions)
    n, d = vectors.shape
    return Tuned(
        promises, n, d, k, n_asked, tuple(trials), chosen, tuple(joins), choose_join(joins, promises.recall)
    )  # fmt: skip


def _cells(measured: Measured | None) -> tuple[str, str, str]:
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
