"""Ranking: the best of each query's candidates, first by content and then by everything else.

A block of queries and their candidates go through the same functions, whether it holds a whole site or one draft.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from joblib import Parallel, delayed, effective_n_jobs
from numpy.typing import NDArray

from recommender.ranking.candidates import Candidates
from recommender.ranking.site_sizes import is_small
from recommender.ranking.top_k import IdOrder, top_k
from recommender.rules.eligibility import Eligibility, QueryColumns
from recommender.rules.site_rules import SiteRules
from recommender.scoring.queries import Queries
from recommender.scoring.scorer import Scorer
from recommender.scoring.signals import Scratch
from recommender.scoring.weights import Weights

__all__ = ["KEPT", "Nearest", "Ranker", "View"]

KEPT = 128
"""Best by content that are scored with everything else, on a site of more than 2,048 articles."""

_ENOUGH = 64  # candidates below which all articles are scored, where rules took some away
_BLOCK = 256  # lists made at a time by one thread
_PAIRS = 2**19  # pairs in a block at most, which bounds the memory


class Nearest(NamedTuple):
    """The best by content, best first, padded with row -1 and score 0.

    Attributes
    ----------
    rows : ndarray of int32, shape (m, n_kept)
    contents : ndarray of float32, shape (m, n_kept)
    dropped : ndarray of bool, shape (m,)
        Whether rules took candidates away.
    """

    rows: NDArray[np.int32]
    contents: NDArray[np.float32]
    dropped: NDArray[np.bool_]

    @property
    def starved(self) -> NDArray[np.bool_]:
        """Which queries have too few candidates because of rules."""
        return np.asarray(self.dropped & ((self.rows >= 0).sum(axis=1) < _ENOUGH))


class View(NamedTuple):
    """The best by content under some weights, of articles that rules allow. None allows all."""

    weights: Weights
    n_kept: int
    eligibility: Eligibility | None = None


@dataclass(frozen=True, eq=False)
class Ranker:
    """Ranks candidates by a scorer.

    Parameters
    ----------
    scorer : Scorer
    ids : IdOrder
    n_jobs : int or None
        Threads; the result does not depend on it.
    """

    scorer: Scorer
    ids: IdOrder
    n_jobs: int | None = None

    def nearest(
        self, candidates: Candidates, views: Sequence[View], rows: NDArray[np.int32] | None = None
    ) -> list[Nearest]:
        """Return the best by content of each article's candidates, for each view. Signals are computed once.

        `rows` are the articles whose candidates are ranked. None means all.
        """
        collection = self.scorer.collection
        mine = np.arange(len(collection), dtype=np.int32) if rows is None else rows
        found = [_empty(len(mine), view.n_kept) for view in views]

        def rank(blocks: Iterator[slice]) -> None:
            scratch = self.scorer.scratch()
            for block in blocks:
                queries = Queries.of_articles(collection, mine[block])
                some = candidates.block(mine[block])
                signals = self.scorer.signals(queries, some, scratch)
                for view, nearest in zip(views, found, strict=True):
                    kept = some
                    if view.eligibility is not None:
                        columns = view.eligibility.queries(mine[block])
                        kept, nearest.dropped[block] = view.eligibility.allowed(columns, some)
                    content = self.scorer.content(queries, signals, view.weights)
                    content[kept < 0] = np.nan
                    nearest.rows[block], nearest.contents[block] = top_k(content, kept, self.ids, view.n_kept)

        _on_all_threads(rank, len(mine), self.n_jobs, max(1, min(_BLOCK, _PAIRS // max(candidates.width, 1))))
        return found

    def ranked(
        self, nearest: Nearest, depth: int, floor: float, rows: NDArray[np.int32] | None = None
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Return rows and scores of the `depth` best by score among the nearest of each article.

        `rows` are the articles that `nearest` belongs to. None means all.
        """
        collection = self.scorer.collection
        mine = np.arange(len(nearest.rows), dtype=np.int32) if rows is None else rows
        best = np.full((len(mine), depth), -1, dtype=np.int32)
        scores = np.zeros(best.shape, dtype=np.float32)

        def rank(blocks: Iterator[slice]) -> None:
            for block in blocks:
                queries = Queries.of_articles(collection, mine[block])
                some = Nearest(nearest.rows[block], nearest.contents[block], nearest.dropped[block])
                best[block], scores[block] = self.ranked_block(queries, some, depth, floor)

        _on_all_threads(rank, len(mine), self.n_jobs, _BLOCK)
        return best, scores

    def nearest_block(
        self, queries: Queries, candidates: NDArray[np.int32], n_kept: int, scratch: Scratch
    ) -> Nearest:
        """Return the best by content of a block of queries."""
        content = self.scorer.content(queries, self.scorer.signals(queries, candidates, scratch))
        content[candidates < 0] = np.nan
        return Nearest(*top_k(content, candidates, self.ids, n_kept), np.zeros(len(queries), np.bool_))

    def ranked_block(
        self, queries: Queries, nearest: Nearest, depth: int, floor: float
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Return rows and scores of the `depth` best by score among the nearest of a block of queries."""
        places, at = np.nonzero(nearest.rows >= 0)
        logs = self.scorer.logs(queries, places, nearest.rows[places, at])
        found = self.scorer.calibrated(self.scorer.raw(nearest.contents[places, at], logs))
        scores = np.full(nearest.rows.shape, np.nan, dtype=np.float32)
        scores[places, at] = np.where(found >= np.float32(floor), found, np.float32(np.nan))
        return top_k(scores, nearest.rows, self.ids, depth)

    def merged(
        self,
        one: tuple[NDArray[np.int32], NDArray[np.float32]],
        other: tuple[NDArray[np.int32], NDArray[np.float32]],
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Return the best of two disjoint rankings of the same queries."""
        rows = np.hstack([one[0], other[0]])
        scores = np.where(rows >= 0, np.hstack([one[1], other[1]]), np.float32(np.nan))
        return top_k(scores, rows, self.ids, one[0].shape[1])

    def n_kept(self, depth: int) -> int:
        """Return how many of the best by content are scored with everything else: all on a small site."""
        n = len(self.scorer.collection)
        return n if is_small(n) else max(KEPT, depth)

    def one(
        self,
        query: Queries,
        columns: QueryColumns,
        rules: SiteRules,
        candidates: NDArray[np.int32],
        depth: int,
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Return rows and scores of the list of one query, shape (1, depth) both.

        `candidates` have shape (1, c) and represent themselves. Where rules leave too few of them, all articles that
        may be listed are scored.
        """
        n_kept, scratch = self.n_kept(depth), self.scorer.scratch()
        kept, dropped = rules.eligibility.allowed(columns, candidates)
        nearest = self.nearest_block(query, kept, n_kept, scratch)._replace(dropped=dropped)
        if nearest.starved.any():
            everything = np.flatnonzero(rules.eligibility.listable()).astype(np.int32)[None]
            kept, _ = rules.eligibility.allowed(columns, everything)
            nearest = self.nearest_block(query, kept, n_kept, scratch)
        return self.ranked_block(query, nearest, depth, rules.ranking_floor)


def _empty(n: int, n_kept: int) -> Nearest:
    rows = np.full((n, n_kept), -1, dtype=np.int32)
    return Nearest(rows, np.zeros(rows.shape, dtype=np.float32), np.zeros(n, dtype=np.bool_))


def _on_all_threads(work: Callable[[Iterator[slice]], None], n: int, n_jobs: int | None, size: int) -> None:
    """Run `work` once a thread. The threads share one iterator of blocks."""
    blocks = iter([slice(start, min(start + size, n)) for start in range(0, n, size)])
    Parallel(n_jobs=n_jobs, prefer="threads")(delayed(work)(blocks) for _ in range(effective_n_jobs(n_jobs)))
