"""The tasks that find the nearest neighbours of all articles by vectors.

Vectors of a large site are put into clusters by one task. A run of clusters then finds the neighbours of its own rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.index import clustered
from recommender.index.cluster_plan import ROUNDS, ClusterPlan, Wanted, plan_clusters
from recommender.index.cluster_runs import RunLists, listed_run, rows_of_runs
from recommender.index.clusters import Clusters
from recommender.index.kernels.large_arrays import large_copy
from recommender.index.quantised import Quantised
from recommender.lists.site import Site
from recommender.progress import no_progress
from recommender.ranking.candidate_index import vectors_of
from recommender.ranking.candidate_search import Budget, joined_of_kind, kinds_of
from recommender.ranking.site_sizes import is_small
from recommender.sharding.joined_collection import joined
from recommender.sharding.part_file import Part
from recommender.sharding.ranking_tasks import SiteNames, site_in
from recommender.sharding.work_folder import WorkFolder

__all__ = ["VectorJoin", "clustered_kinds", "join_vectors", "list_vectors", "plan_vectors", "settled"]

_CODES = ("scale", "sigma", "longest")


class VectorJoin(NamedTuple):
    """What is joined: a site, a kind of its vectors, and which of `ROUNDS` it is."""

    site: SiteNames
    kind: str
    number: int


def clustered_kinds(site: Site) -> list[str]:
    """Return the kinds of vectors that are joined by clusters; all pairs of the others are compared."""
    plans = site.index.plans
    large = len(site.collection) > clustered.SMALL
    return [kind for kind in kinds_of(site.collection) if large and plans[kind].join_recall < 1]


def plan_vectors(folder: WorkFolder, n_jobs: int | None, join: VectorJoin) -> Part:
    """Put the vectors of a large site into clusters."""
    site = site_in(folder, join.site)
    wanted = Wanted(site.index.plans[join.kind].join_recall, _sizes(site, join)[0], 0, bounded=True)
    plan = plan_clusters(large_copy(vectors_of(site.collection, join.kind)), wanted, n_jobs)
    if plan is None:
        raise AssertionError("a bounded plan is always there")
    clusters = plan.clusters
    rows, starts = clusters.probers()
    arrays = {f"clusters_{name}": each for name, each in clusters._asdict().items()}
    arrays |= {"codes": plan.codes.codes, "signs": plan.codes.signs, "sample": plan.sample, "best": plan.best}
    facts = {name: getattr(plan.codes, name) for name in _CODES} | {"n_probes": plan.n_probes}
    return Part(arrays | {"probers_rows": rows, "probers_starts": starts}, facts)


def list_vectors(
    folder: WorkFolder, n_jobs: int | None, join: VectorJoin, planned: str, start: int, stop: int
) -> Part:
    """Find the neighbours of the rows of a run of clusters."""
    site, part = site_in(folder, join.site), folder.read(planned)
    probers = part.arrays["probers_rows"], part.arrays["probers_starts"]
    vectors = vectors_of(site.collection, join.kind)
    found = listed_run(vectors, _plan(part), probers, _sizes(site, join), range(start, stop), n_jobs)
    return Part(found._asdict(), {})


def settled(folder: WorkFolder, join: VectorJoin, planned: str, listed: Sequence[str]) -> bool:
    """Return whether the lists of all runs reach the recall, or are the last that are made."""
    plan = _plan(folder.read(planned))
    recalls = np.zeros(len(plan.sample))
    for name in listed:
        arrays = folder.read(name).arrays
        recalls[arrays["sampled"]] = arrays["recalls"]
    recall = site_in(folder, join.site).index.plans[join.kind].join_recall
    return plan.settles(recalls, recall, last=join.number == len(ROUNDS) - 1, bounded=True)


def join_vectors(
    folder: WorkFolder,
    n_jobs: int | None,
    names: SiteNames,
    listed: dict[str, list[str]],
    sizes: Sequence[int],
) -> Part:
    """Return the nearest of each article by each kind of vectors, and the runs in which articles are ranked.

    `listed` has the runs of clusters by kind. Where there are none, runs of rows have the given sizes.
    """
    of_first = next(iter(listed.values()), [])
    if of_first:
        runs = [np.sort(folder.read(name).arrays["rows"]) for name in of_first]
    else:
        runs = np.split(np.arange(sum(sizes), dtype=np.int32), np.cumsum(sizes)[:-1])
    arrays = {"run_rows": joined(runs), "run_starts": np.cumsum([0, *map(len, runs)])}
    return Part(arrays | _near(folder, n_jobs, names, listed), {})


def _near(
    folder: WorkFolder, n_jobs: int | None, names: SiteNames, listed: dict[str, list[str]]
) -> dict[str, NDArray[np.int32]]:
    site = site_in(folder, names)
    if is_small(len(site.collection)):
        return {}
    found = list[NDArray[np.int32]]()
    for kind in kinds_of(site.collection):
        if kind in listed:
            runs = (RunLists(**folder.read(name).arrays) for name in listed[kind])
            k = _sizes(site, VectorJoin(names, kind, 0))[1]
            found.append(rows_of_runs(vectors_of(site.collection, kind), k, runs, n_jobs))
        else:
            wanted = site.settings.n_candidates
            found.append(joined_of_kind(site.collection, site.index, kind, wanted, n_jobs, no_progress))
    return {f"near_{number}": each for number, each in enumerate(found)}


def _sizes(site: Site, join: VectorJoin) -> tuple[int, int]:
    """Return the candidates of a row that are kept by products of codes, and the length of a list."""
    n, times = len(site.collection), ROUNDS[join.number]
    k = min(Budget.of(site.settings.n_candidates, site.collection).by_vectors, n - 1)
    return times[0] * k + times[1], k


def _plan(part: Part) -> ClusterPlan:
    arrays, facts = part.arrays, part.facts
    codes = Quantised(arrays["codes"], arrays["signs"], *(facts[name] for name in _CODES))
    clusters = Clusters(*(arrays[f"clusters_{name}"] for name in Clusters._fields))
    return ClusterPlan(codes, clusters, facts["n_probes"], arrays["sample"], arrays["best"])
