"""The indexes of a site: measured on its own vectors, and put into its artifact."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from recommender.engine import Recommender
from recommender.progress import Progress, no_progress
from recommender.ranking.drafts import n_by_vectors
from recommender.ranking.nearest import KINDS, index_arrays, is_index_array, plans_of
from recommender.tuning.held_out import Clock
from recommender.tuning.promises import Promises
from recommender.tuning.tuned import Tuned, tune_vectors

__all__ = ["Tuning", "tune_site"]


@dataclass(frozen=True)
class Tuning:
    """The indexes of a site, made by `tune_site`.

    Parameters
    ----------
    promises : Promises
    tuned : mapping of str to Tuned
        For each kind of vectors that the site has: "dense", "neural".
    machine : str
        What it was measured on.
    """

    promises: Promises
    tuned: Mapping[str, Tuned]
    machine: str

    @property
    def kept(self) -> bool:
        """Whether all promises are kept for each kind of vectors."""
        return all(tuned.chosen is not None for tuned in self.tuned.values())

    def record(self) -> dict[str, Any]:
        """Return all of it as JSON can hold it."""
        return {
            "promises": asdict(self.promises),
            "machine": self.machine,
            **{kind: tuned.record() for kind, tuned in self.tuned.items()},
        }

    def applied(
        self, site: Recommender, *, n_jobs: int | None = None, progress: Progress | None = None
    ) -> Recommender:
        """Return the site with the chosen indexes, made of all its vectors; its lists stay as they are.

        Raises
        ------
        ValueError
            If a promise is not kept, or the vectors of `site` are not as many as were measured.
        """
        sizes = {kind: site.arrays[kind].shape for kind in self.tuned}
        if sizes != {kind: (tuned.n, tuned.d) for kind, tuned in self.tuned.items()}:
            raise ValueError(f"wanted the site that was measured, got one with vectors of {sizes}")
        plans = plans_of(site.facts) | {kind: tuned.plan for kind, tuned in self.tuned.items()}
        tell = progress or no_progress
        arrays = {name: site.arrays[name] for name in site.arrays if not is_index_array(name)}
        for kind, plan in plans.items():
            arrays |= index_arrays(
                plan,
                kind,
                site.arrays[kind],
                n_jobs,
                lambda done, total: tell("making the index", done, total),
            )
        said = {kind: asdict(plan) for kind, plan in plans.items()}
        return site.replaced(arrays, {**site.facts, "index": said | {"tuned": self.record()}})


def tune_site(
    site: Recommender,
    promises: Promises | None = None,
    *,
    k: int | None = None,
    n_jobs: int | None = None,
    seed: int = 0,
    progress: Progress | None = None,
    clock: Clock = time.perf_counter,
) -> Tuning:
    """Choose the indexes of a site; see `tune_vectors`.

    Parameters
    ----------
    site : Recommender
    promises : Promises or None
    k : int or None
        Nearest that recall is about, 1 or more; None for as many as a list is long. Queries ask for as many as drafts
        do, 400 or more, and joins for as many as builds do.
    n_jobs, seed, progress, clock
        As for `tune_vectors`.
    """
    promises, k = promises or Promises(), site.facts["k"] if k is None else k
    kinds = [kind for kind in KINDS if kind == "dense" or site.arrays[kind].any()]
    n_joined = max(site.facts["n_candidates"] // 2, 1)
    tuned = {
        kind: tune_vectors(
            site.arrays[kind], promises, k=k, n_asked=n_by_vectors(k), n_joined=n_joined, n_jobs=n_jobs, seed=seed,
            progress=progress, clock=clock,
        )
        for kind in kinds
    }  # fmt: skip
    return Tuning(promises, tuned, _machine())


def _machine() -> str:
    """Return the processor, how many of its cores there are, and how busy they were."""
    model = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), model)
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{model}, {os.cpu_count()} cores{load}"
