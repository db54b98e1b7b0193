"""The tasks that rank the articles of a joined site and make their lists, a run of rows at a time.

On a large site the rows of a run are near each other by vectors. Their candidates are few then, and lie in the memory of
the process; those of rows in the order of the ids are the whole site.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.building import editors_of, lists_of_rows, ranking_of, with_lists
from recommender.index.kernels.large_arrays import large_array, rows_of
from recommender.lists.lists import Lists
from recommender.lists.reserve import Reserve
from recommender.lists.site import Site
from recommender.progress import no_progress
from recommender.ranking.candidate_search import Budget, candidates_near
from recommender.ranking.candidates import AllArticles, Candidates
from recommender.ranking.candidates_of_rows import CandidateRows
from recommender.ranking.second_round import (
    SECOND_ROUND,
    Holders,
    LeftOut,
    followed,
    neighbours_of_neighbours,
)
from recommender.ranking.site_ranking import SiteRanking
from recommender.ranking.site_sizes import is_large, is_small
from recommender.ranking.starved import ranked_anew
from recommender.rules.expiry import Expiry
from recommender.sharding.part_file import Part
from recommender.sharding.work_folder import WorkFolder, open_work_folder
from recommender.store.layout import site_of, site_parts

__all__ = [
    "Ranks", "SiteNames", "gather_lists", "list_articles", "list_run", "n_runs", "rank_further", "rank_rows", "rank_starved",
    "site_in", "turn_lists",
]  # fmt: skip


class SiteNames(NamedTuple):
    """The parts that hold a site without lists: the articles one by one, and what is found among all."""

    alone: str
    together: str


class Ranks(NamedTuple):
    """What articles are ranked by: the site without lists, the neighbours by vectors with the runs, and what has expired."""

    site: SiteNames
    near: str
    expiry: Expiry


def n_runs(folder: WorkFolder, near: str) -> int:
    """Return the number of runs of articles."""
    return len(folder.read(near).arrays["run_starts"]) - 1


def _rows(folder: WorkFolder, ranks: Ranks, run: int) -> NDArray[np.int32]:
    """Return the rows of a run, ascending."""
    arrays = folder.read(ranks.near).arrays
    starts = arrays["run_starts"]
    return np.array(arrays["run_rows"][starts[run] : starts[run + 1]])


def _by_row(folder: WorkFolder, ranks: Ranks, of_runs: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """Return the arrays of all runs as one, in the order of the rows."""
    whole = large_array((sum(map(len, of_runs)), *of_runs[0].shape[1:]), of_runs[0].dtype)
    for run, array in enumerate(of_runs):
        whole[_rows(folder, ranks, run)] = array
    return whole


def rank_rows(folder: WorkFolder, n_jobs: int | None, ranks: Ranks, run: int) -> Part:
    """Rank a run of articles among their candidates."""
    site, rows = site_in(folder, ranks.site), _rows(folder, ranks, run)
    ranking = replace(_ranking(folder, ranks), n_jobs=n_jobs)
    ranker, floor = replace(ranking.ranker, gathers=True), ranking.rules.ranking_floor
    candidates = _candidates(folder, ranks, site, rows, n_jobs)
    view = ranker.view(ranking.depth)
    nearest = ranker.with_mates(ranker.nearest(candidates, [view], rows)[0], view, rows)
    best, scores = ranker.ranked(nearest, ranking.depth, floor, rows)
    arrays = {"rows": best, "scores": scores, "starved": nearest.starved}
    if is_large(len(site.collection)):
        arrays["nearest"] = nearest.rows
    return Part(arrays, {})


def _candidates(
    folder: WorkFolder, ranks: Ranks, site: Site, rows: NDArray[np.int32], n_jobs: int | None
) -> Candidates:
    collection, wanted = site.collection, site.settings.n_candidates
    if is_small(len(collection)):
        return AllArticles(np.arange(len(collection), dtype=np.int32))
    arrays = folder.read(ranks.near).arrays
    near = [rows_of(arrays[name], rows) for name in sorted(arrays) if name.startswith("near_")]
    found = candidates_near(collection, site.index, rows, near, Budget.of(wanted, collection), n_jobs)
    return CandidateRows(rows, found)


def turn_lists(folder: WorkFolder, n_jobs: int | None, ranks: Ranks, ranked: Sequence[str]) -> Part:
    """Return the first of all rankings, and which of them hold each article."""
    lists = _by_row(folder, ranks, [followed(folder.read(name).arrays["rows"]) for name in ranked])
    return Part({"lists": lists} | Holders.of(lists)._asdict(), {})


def rank_further(
    folder: WorkFolder, n_jobs: int | None, ranks: Ranks, own_name: str, turned_name: str, run: int
) -> Part:
    """Rank a run of articles, of which the first ranking is given, among the neighbours of their neighbours as well."""
    own, turned = folder.read(own_name).arrays, folder.read(turned_name).arrays
    rows = _rows(folder, ranks, run)
    ranking = replace(_ranking(folder, ranks), n_jobs=n_jobs)
    ranker, depth, floor = replace(ranking.ranker, gathers=True), ranking.depth, ranking.rules.ranking_floor
    lists, holders = turned["lists"], Holders(turned["starts"], turned["rows"])
    groups = ranking.rules.eligibility.columns.group
    more = neighbours_of_neighbours(
        lists, LeftOut(own["nearest"], groups), SECOND_ROUND, rows, holders, n_jobs
    )
    (near,) = ranker.nearest(CandidateRows(rows, more), [ranker.view(depth)], rows)
    further = ranker.ranked(near, depth, floor, rows)
    best, scores = ranker.merged((own["rows"], own["scores"]), further, rows)
    return Part({"rows": best, "scores": scores, "starved": own["starved"]}, {})


def rank_starved(folder: WorkFolder, n_jobs: int | None, ranks: Ranks, ranked: Sequence[str]) -> Part:
    """Rank those articles anew, of all together, that rules or near copies left with too few candidates."""
    ranking = replace(_ranking(folder, ranks), n_jobs=n_jobs)
    starved = np.flatnonzero(_by_row(folder, ranks, [folder.read(name).arrays["starved"] for name in ranked]))
    if is_small(len(ranking.collection)):
        starved = starved[:0]
    rows = starved.astype(np.int32)
    best, scores = ranked_anew(ranking.ranker, rows, ranking.depth, ranking.rules.ranking_floor)
    return Part({"starved": rows, "rows": best, "scores": scores}, {})


def _with_anew(
    best: tuple[NDArray[np.int32], NDArray[np.float32]],
    again: Mapping[str, NDArray[Any]],
    rows: NDArray[np.int32],
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return the rankings of some rows, which ascend, with those that were ranked anew."""
    mine = np.flatnonzero(np.isin(again["starved"], rows))
    places = np.searchsorted(rows, again["starved"][mine])
    ranked, scores = np.array(best[0]), np.array(best[1])
    ranked[places], scores[places] = again["rows"][mine], again["scores"][mine]
    return ranked, scores


def list_run(folder: WorkFolder, n_jobs: int | None, ranks: Ranks, ranked: str, anew: str, run: int) -> Part:
    """Make the lists of a run of articles, where those of others play no part."""
    own, rows = folder.read(ranked).arrays, _rows(folder, ranks, run)
    best = _with_anew((own["rows"], own["scores"]), folder.read(anew).arrays, rows)
    ranking = replace(_ranking(folder, ranks), n_jobs=n_jobs)
    lists, reserve = lists_of_rows(site_in(folder, ranks.site), ranking, best, rows)
    arrays = {name: getattr(lists, name) for name in ("rows", "scores", "sources")}
    return Part(arrays | {f"reserve_{name}": each for name, each in reserve._asdict().items()}, {})


def gather_lists(folder: WorkFolder, n_jobs: int | None, ranks: Ranks, listed: Sequence[str]) -> Part:
    """Put the lists of all runs together."""
    parts = [folder.read(name).arrays for name in listed]
    whole = {name: _by_row(folder, ranks, [part[name] for part in parts]) for name in parts[0]}
    site = site_in(folder, ranks.site).changed(
        lists=Lists(whole["rows"], whole["scores"], whole["sources"]),
        reserve=Reserve(*(whole[f"reserve_{name}"] for name in Reserve._fields)), expiry=ranks.expiry,
    )  # fmt: skip
    return _lists_part(site)


def list_articles(
    folder: WorkFolder, n_jobs: int | None, ranks: Ranks, ranked: Sequence[str], anew: str
) -> Part:
    """Make the lists of all articles together."""
    site, ranking = site_in(folder, ranks.site), replace(_ranking(folder, ranks), n_jobs=n_jobs)
    parts = [folder.read(name).arrays for name in ranked]
    rows, scores = (_by_row(folder, ranks, [part[name] for part in parts]) for name in ("rows", "scores"))
    best = _with_anew((rows, scores), folder.read(anew).arrays, np.arange(len(rows), dtype=np.int32))
    return _lists_part(with_lists(site, ranking, best, ranks.expiry, no_progress))


def _lists_part(site: Site) -> Part:
    arrays, facts = site_parts(site)
    return Part({name: array for name, array in arrays.items() if name.startswith("lists_")}, facts)


def site_in(folder: WorkFolder, names: SiteNames) -> Site:
    """Return the site that two parts hold, memory-mapped. A process keeps the last one."""
    return _site_in(folder.url, names)


@lru_cache(maxsize=1)
def _site_in(url: str, names: SiteNames) -> Site:
    alone, together = (open_work_folder(url).read(name) for name in names)
    return site_of({**alone.arrays, **together.arrays}, together.facts)


def _ranking(folder: WorkFolder, ranks: Ranks) -> SiteRanking:
    return _ranking_in(folder.url, ranks)


@lru_cache(maxsize=1)
def _ranking_in(url: str, ranks: Ranks) -> SiteRanking:
    site = _site_in(url, ranks.site)
    return ranking_of(site, editors_of(site), ranks.expiry, 1)
