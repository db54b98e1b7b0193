"""Choice of the index for a set of vectors, with the trials and the reason."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, Unpack

import numpy as np
from numpy.typing import NDArray

from recommender.index.planner import SearchPlan
from recommender.tuning.conditions import Conditions, TuningOptions
from recommender.tuning.held_out_queries import HeldOut
from recommender.tuning.joins import Join, choose_join, compare_joins
from recommender.tuning.targets import Targets
from recommender.tuning.trials import Trial, ladders_for, nearest_to, try_in_turn
from recommender.tuning.tuned_text import join_table, trial_table, why_chosen, why_none

__all__ = ["Tuned", "tune_vectors"]


@dataclass(frozen=True)
class Tuned:
    """Measurements and choices of `tune_vectors`.

    Parameters
    ----------
    targets : Targets
    n, d : int
        Shape of the vectors.
    k, n_asked : int
        Number of nearest vectors by which recall is measured, and number that a query searches for.
    trials : tuple of Trial
        In the order of the measurements.
    chosen : Trial or None
        The first that meets all targets on fresh queries; None if none does.
    joins : tuple of Join
    join : Join
        The chosen one.
    """

    targets: Targets
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
        """The chosen trial, or else the one nearest to meeting all targets."""
        return self.chosen or nearest_to(self.targets, self.trials)

    @property
    def plan(self) -> SearchPlan:
        """Plan of the chosen index and join; ValueError if no index meets all targets."""
        if self.chosen is None:
            raise ValueError(self.why)
        return replace(self.chosen.plan, join_recall=self.join.asked)

    @property
    def why(self) -> str:
        """The reason of the choice, in a sentence."""
        if self.chosen:
            return why_chosen(self.chosen, self.targets, self.k)
        return why_none(self.nearest, self.targets, self.k)

    def rows(self) -> list[tuple[str, ...]]:
        """Return a table of the trials, heading first; a trial with fresh queries has a second row."""
        return trial_table(self.trials, self.chosen, self.targets)

    def join_rows(self) -> list[tuple[str, ...]]:
        """Return a table of the joins, heading first."""
        return join_table(self.joins, self.join)

    def record(self) -> dict[str, Any]:
        """Return the choices and measurements as values of JSON."""
        trials = [
            {**asdict(trial), "missed": trial.missed(self.targets), "chosen": trial is self.chosen}
            for trial in self.trials
        ]
        return {
            "n": self.n, "d": self.d, "k": self.k, "n_asked": self.n_asked, "why": self.why,
            "plan": asdict(self.plan) if self.chosen else None,
            "measured": asdict(self.chosen.checked) if self.chosen and self.chosen.checked else None,
            "trials": trials,
            "joins": [asdict(join) | {"chosen": join is self.join} for join in self.joins],
        }  # fmt: skip


def tune_vectors(
    vectors: NDArray[np.float32],
    targets: Targets | None = None,
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
    targets : Targets or None
        None for ``Targets()``.
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
    targets = targets or Targets()
    n_asked = k if n_asked is None else n_asked
    if not 1 <= k <= n_asked or n_joined < 1:
        raise ValueError(f"wanted 1 <= k <= n_asked and n_joined >= 1, got {k}, {n_asked} and {n_joined}")
    conditions = Conditions(**options)
    conditions.report("finding exact neighbours", 0, 1)
    hopeless_ms = float("inf") if thorough else targets.p99_ms
    bench = HeldOut(vectors, k, n_asked, hopeless_ms, conditions)
    conditions.report("finding exact neighbours", 1, 1)
    ladders = ladders_for(*bench.shape, n_asked)
    plans = [plan for ladder in ladders for plan in ladder]
    trials, chosen = try_in_turn(
        ladders, targets, bench, thorough=thorough,
        on_trial=lambda plan: conditions.report("measuring indexes", plans.index(plan), len(plans)),
    )  # fmt: skip
    conditions.report("measuring indexes", len(plans), len(plans))
    joins = compare_joins(vectors, k, n_joined, targets.recall, conditions)
    n, d = vectors.shape
    return Tuned(
        targets, n, d, k, n_asked, tuple(trials), chosen, tuple(joins), choose_join(joins, targets.recall)
    )  # fmt: skip
