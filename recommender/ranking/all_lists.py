"""The lists of a whole site in two stages: candidates by each kind of vector, then exact scores of those.

On a large site there is a second round, whose candidates are those that the lists of the first lead to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from joblib import Parallel, delayed, effective_n_jobs
from numpy.typing import NDArray

from recommender.index.planner import SearchPlan
from recommender.progress import Progress
from recommender.ranking.attributes import Attribute
from recommender.ranking.candidates import find_candidates
from recommender.ranking.chance import calibrated, chance_level
from recommender.ranking.content import content_scores
from recommender.ranking.context import HUB_NEIGHBOURS, Context
from recommender.ranking.limits import Limits, allowed, stand_in
from recommender.ranking.nearby import nearby
from recommender.ranking.ratios import LOOKED_AT, log_ratios
from recommender.ranking.signals import Scratch, Signals
from recommender.ranking.strangers import scores_of_strangers
from recommender.ranking.top import keep_top
from recommender.ranking.weights import Weights, content_of, leaning

__all__ = ["KEPT", "Ranked", "rank_all"]

_ENOUGH = 64  # candidates, without which a list might be short of what fits
_LARGE = 50_000  # articles, from where on candidates miss more than one in a hundred of the best
_NEARBY = 128  # who stands near those that were found, and is compared too
_ROWS = 256  # lists made at a time by one thread
KEPT = 128
"""Best by content that are ranked with the rest of what is known."""


class Ranked(NamedTuple):
    """The best of all articles, padded with row -1 and score 0, and what was measured on the way."""

    rows: NDArray[np.int32]  # (n, depth)
    scores: NDArray[np.float32]  # (n, depth)
    context: Context
    chance: float


def rank_all(
    signals: Signals,
    attributes: Mapping[str, Attribute],
    id_order: NDArray[np.int32],
    k: int,
    weights: Weights,
    n_candidates: int,
    n_jobs: int | None,
    tell: Progress,
    context: Context | None = None,
    plans: Mapping[str, SearchPlan] | None = None,
    limits: Limits = Limits(),  # noqa: B008 - immutable
    depth: int | None = None,
) -> Ranked:
    """Return the best of each article by (-score, article id) among its candidates: k, or `depth` of them.

    Candidates are found as `plans` say, see `find_candidates`. Where `limits` take so many of them away that fewer than
    64 are left, all articles that are allowed are scored.

    Hubs and likelihood ratios, unless `context` has them, are measured by the default weights and without limits:
    measured by others they would move with every fit, and the fitted weights would no longer suit them.

    Notes
    -----
    Memory ``4 n_candidates`` bytes an article for candidates and 1,024 for the best of them.
    """
    candidates = find_candidates(signals, n_candidates, n_jobs, tell, plans)
    if limits.representative is not None:
        stand_in(candidates, limits.representative)
    work = _Work(signals, leaning(np.diff(signals.sparse.indptr)), id_order, n_jobs)
    tell("ranking", 0, 2)
    wanted = [_Wanted(weights, max(KEPT, depth or k), limits.allows)]
    if context is None and (limits.allows or content_of(weights) != content_of(Weights())):
        wanted.append(_Wanted(Weights(), LOOKED_AT))
    best = work.nearest(candidates, wanted)
    found, measured = best[0], best[-1]
    context = replace(context or _context(attributes, measured, id_order), ages=limits.ages)
    tell("ranking", 1, 2)
    chance = chance_level(
        scores_of_strangers(signals, work.lean, work.by_id, weights, context, limits.language), len(id_order)
    )
    rows, scores = work.ranked(found, depth or k, weights, context, chance, limits.floor)
    if len(rows) > _LARGE:
        more = nearby(rows, found.rows, _representatives(limits, len(rows)), id_order, _NEARBY)
        (near,) = work.nearest(more, [wanted[0]])
        rows, scores = work.merged(
            rows, scores, *work.ranked(near, depth or k, weights, context, chance, limits.floor)
        )
    starved = found.dropped & ((found.rows >= 0).sum(axis=1) < _ENOUGH)
    if starved.any():
        short = np.flatnonzero(starved).astype(np.int32)
        everybody = np.arange(len(rows), dtype=np.int32) if limits.listable is None else limits.listable
        whole = work.nearest_of_all(short, everybody, wanted[0])
        rows[short], scores[short] = work.ranked(
            whole, depth or k, weights, context, chance, limits.floor, short
        )
    tell("ranking", 2, 2)
    return Ranked(rows, scores, context, chance)


class _Nearest(NamedTuple):
    """The best by content, best first, padded with row -1 and score 0; whose candidates were taken away."""

    rows: NDArray[np.int32]
    contents: NDArray[np.float32]
    dropped: NDArray[np.bool_]


class _Wanted(NamedTuple):
    """The best by content under some weights, of those that are allowed."""

    weights: Weights
    n_kept: int
    allows: Callable[[NDArray[Any], NDArray[Any]], NDArray[np.bool_]] | None = None


class _Work(NamedTuple):
    """What all steps of ranking look at."""

    signals: Signals
    lean: NDArray[np.float32]
    id_order: NDArray[np.int32]
    n_jobs: int | None

    @property
    def by_id(self) -> NDArray[np.int32]:
        return np.argsort(self.id_order).astype(np.int32)

    def nearest(self, candidates: NDArray[np.int32], wanted: Sequence[_Wanted]) -> list[_Nearest]:
        """Return the best by content of each article's candidates, for each that is wanted: they are read once."""
        found = [_nobody(len(candidates), each.n_kept) for each in wanted]
        by_id = self.by_id

        def score(blocks: Iterator[slice]) -> None:
            scratch = Scratch(self.signals)
            for block in blocks:
                rows = np.arange(block.start, block.stop)
                planes = self.signals.planes(block.start, block.stop, candidates[block], scratch)
                for each, best in zip(wanted, found, strict=True):
                    some, best.dropped[block] = allowed(candidates[block], rows, each.allows)
                    self._keep(planes, rows, some, each.weights, by_id, best, block)

        _on_all_threads(score, len(candidates), self.n_jobs)
        return found

    def nearest_of_all(self, rows: NDArray[np.int32], others: NDArray[np.int32], wanted: _Wanted) -> _Nearest:
        """Return the best by content of some articles among all `others`."""
        best = _nobody(len(rows), wanted.n_kept)
        by_id = self.by_id

        def score(blocks: Iterator[slice]) -> None:
            scratch = Scratch(self.signals)
            for block in blocks:
                for place in range(block.start, block.stop):
                    me, at = rows[place : place + 1], slice(place, place + 1)
                    some, _ = allowed(np.where(others == me, -1, others)[None], me, wanted.allows)
                    some = some[some >= 0][None]
                    planes = self.signals.planes(int(me[0]), int(me[0]) + 1, some, scratch)
                    self._keep(planes, me, some, wanted.weights, by_id, best, at)

        _on_all_threads(score, len(rows), self.n_jobs, 8)
        return best

    def _keep(
        self, planes: NDArray[np.float32], rows: NDArray[Any], candidates: NDArray[np.int32], weights: Weights,
        by_id: NDArray[np.int32], best: _Nearest, block: slice,
    ) -> None:  # fmt: skip
        content = content_scores(planes, self.lean[rows], weights, has_neural=self.signals.has_neural)
        content[candidates < 0] = np.nan
        keep_top(content, candidates, self.id_order, by_id, best.contents[block], best.rows[block])

    def ranked(
        self, found: _Nearest, depth: int, weights: Weights, context: Context, chance: float, floor: float,
        rows: NDArray[np.int32] | None = None,
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:  # fmt: skip
        """Return rows and scores of the best, when what lies beside their content counts too.

        `rows` are those that `found` is of; None for all.
        """
        by_id = self.by_id
        best = np.full((len(found.rows), depth), -1, dtype=np.int32)
        scores = np.zeros(best.shape, dtype=np.float32)

        def score(blocks: Iterator[slice]) -> None:
            for block in blocks:
                near = found.rows[block]
                pairs, places = np.nonzero(near >= 0)
                mine = pairs + block.start if rows is None else rows[pairs + block.start]
                others = near[pairs, places]
                logs = context.logs(context.attributes, mine, self.lean[mine], others, weights)
                raw = found.contents[block][pairs, places] * np.exp(
                    sum(logs.values(), np.zeros(1, np.float32))
                )
                score = calibrated(raw.astype(np.float32), chance)
                kept = np.full(near.shape, np.nan, dtype=np.float32)
                kept[pairs, places] = np.where(score >= np.float32(floor), score, np.nan)
                keep_top(kept, near, self.id_order, by_id, scores[block], best[block])

        _on_all_threads(score, len(best), self.n_jobs)
        return best, scores

    def merged(
        self, rows: NDArray[np.int32], scores: NDArray[np.float32], more: NDArray[np.int32], theirs: NDArray[np.float32],
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:  # fmt: skip
        """Return the best of two lists of each article that have nobody in common."""
        both = np.hstack([rows, more])
        known = np.where(both >= 0, np.hstack([scores, theirs]), np.float32(np.nan))
        best, kept = np.full(rows.shape, -1, dtype=np.int32), np.zeros(rows.shape, dtype=np.float32)
        keep_top(known, both, self.id_order, self.by_id, kept, best)
        return best, kept


def _representatives(limits: Limits, n: int) -> NDArray[np.int32]:
    return np.arange(n, dtype=np.int32) if limits.representative is None else limits.representative


def _nobody(n: int, n_kept: int) -> _Nearest:
    rows = np.full((n, n_kept), -1, dtype=np.int32)
    return _Nearest(rows, np.zeros(rows.shape, dtype=np.float32), np.zeros(n, dtype=np.bool_))


def _context(attributes: Mapping[str, Attribute], found: _Nearest, id_order: NDArray[np.int32]) -> Context:
    nearest = found.contents[:, :HUB_NEIGHBOURS].sum(axis=1) / HUB_NEIGHBOURS
    by_id = np.argsort(id_order).astype(np.int32)
    hubs = np.maximum(nearest, 0).astype(np.float32)
    return Context(hubs, attributes, log_ratios(attributes, found.rows, by_id))


def _on_all_threads(
    work: Callable[[Iterator[slice]], None], n: int, n_jobs: int | None, n_rows: int = _ROWS
) -> None:
    """Run `work` once a thread; the threads share one iterator of blocks."""
    blocks = iter([slice(start, min(start + n_rows, n)) for start in range(0, n, n_rows)])
    Parallel(n_jobs=n_jobs, prefer="threads")(delayed(work)(blocks) for _ in range(effective_n_jobs(n_jobs)))
