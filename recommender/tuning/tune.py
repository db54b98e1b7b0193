"""Tuning of a site: its indexes are measured, chosen and stored in its artifact."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Unpack

from recommender.engine import Recommender
from recommender.index.vector_search import VectorSearch
from recommender.lists.drafts import wide_budget
from recommender.progress import Progress
from recommender.ranking.candidate_index import KINDS, vectors_of
from recommender.ranking.candidate_search import Budget
from recommender.tuning.conditions import Conditions, TuningOptions
from recommender.tuning.targets import Targets
from recommender.tuning.tuned import Tuned, tune_vectors

__all__ = ["Tuning", "tune_site"]


@dataclass(frozen=True)
class Tuning:
    """Chosen indexes of a site, from `tune_site`.

    Parameters
    ----------
    targets : Targets
    tuned : mapping of str to Tuned
        Choice for each kind of vectors of the site: "dense", "neural".
    machine : str
        Machine of the measurements.
    """

    targets: Targets
    tuned: Mapping[str, Tuned]
    machine: str

    @property
    def kept(self) -> bool:
        """Whether all targets are met for each kind of vectors."""
        return all(tuned.chosen is not None for tuned in self.tuned.values())

    def record(self) -> dict[str, Any]:
        """Return the choices and measurements as values of JSON."""
        return {
            "targets": asdict(self.targets),
            "machine": self.machine,
            **{kind: tuned.record() for kind, tuned in self.tuned.items()},
        }

    def applied(
        self, site: Recommender, *, n_jobs: int | None = None, progress: Progress | None = None
    ) -> Recommender:
        """Return the site with the chosen indexes, built from all its vectors. Its lists do not change.

        Raises
        ------
        ValueError
            If a target is not met, or if the vectors of `site` differ in shape from those measured.
        """
        sizes = {kind: vectors_of(site.collection, kind).shape for kind in self.tuned}
        if sizes != {kind: (tuned.n, tuned.d) for kind, tuned in self.tuned.items()}:
            raise ValueError(f"wanted the site that was measured, got one with vectors of shapes {sizes}")
        report = Conditions(progress=progress).report
        searches = dict(site.index.searches)
        for kind, tuned in self.tuned.items():
            searches[kind] = VectorSearch.fit(
                vectors_of(site.collection, kind),
                tuned.plan,
                sketches=searches[kind].sketches,
                n_jobs=n_jobs,
                on_progress=lambda done, total: report("building the index", done, total),
            )
        index = site.index.changed(searches=searches, tuned=self.record())
        return site.replaced(site.site.changed(index=index))


def tune_site(
    site: Recommender,
    targets: Targets | None = None,
    *,
    k: int | None = None,
    **options: Unpack[TuningOptions],
) -> Tuning:
    """Choose the indexes of a site; see `tune_vectors`.

    Parameters
    ----------
    site : Recommender
    targets : Targets or None
    k : int or None
        Number of nearest articles by which recall is measured, 1 or more. None for the length of a list. Queries
        search for as many as drafts do, 200 or more, and joins for as many as builds do.
    **options
        n_jobs, seed, progress and clock, see `Conditions`.
    """
    targets, k = targets or Targets(), site.k if k is None else k
    kinds = [kind for kind in KINDS if kind == "dense" or vectors_of(site.collection, kind).any()]
    n_joined = max(Budget.of(site.site.settings.n_candidates, site.collection).by_vectors, 1)
    n_asked = wide_budget(k).by_vectors
    tuned = {
        kind: tune_vectors(
            vectors_of(site.collection, kind), targets, k=k, n_asked=n_asked, n_joined=n_joined, **options
        )
        for kind in kinds
    }
    return Tuning(targets, tuned, _machine())


def _machine() -> str:
    """Return the processor, its number of cores and their load."""
    model = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), model)
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{model}, {os.cpu_count()} cores{load}"
