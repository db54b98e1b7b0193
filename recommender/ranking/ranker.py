"""Ranking: the best of each query's candidates, first by content and then by everything else.

A block of queries and their candidates go through the same functions, whether it holds a whole site or one draft.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import length_hint

import numpy as np
from numpy.typing import NDArray

from recommender.index.threads import on_all_threads
from recommender.progress import Progress, no_progress
from recommender.ranking.candidates import CandidateMatrix, Candidates, with_copies
from recommender.ranking.candidates_of_rows import CandidateRows
from recommender.ranking.label_mates import label_mates
from recommender.ranking.nearest import Nearest, See, no_nearest
from recommender.ranking.one_per_group import one_per_group
from recommender.ranking.site_sizes import is_small
from recommender.ranking.top_k import IdOrder, top_k
from recommender.ranking.views import View, best_by_content
from recommender.rules.eligibility import QueryColumns
from recommender.rules.site_rules import SiteRules
from recommender.scoring.queries import Queries
from recommender.scoring.scorer import Scorer

__all__ = ["KEPT", "Ranker"]

KEPT = 128
"""Best by content that are scored with everything else, on a site of more than 2,048 articles."""

_ENOUGH = 64  # candidates below which all articles are scored, where rules or near copies took some away
_COPIES = 64  # further members of groups of near copies that are scored with everything else
_BLOCK = 256  # lists made at a time by one thread
_PAIRS = 2**19  # pairs in a block at most, which bounds the memory


@dataclass(frozen=True, eq=False)
class Ranker:
    """Ranks candidates by a scorer.

    Parameters
    ----------
    scorer : Scorer
    rules : SiteRules
    ids : IdOrder
    n_jobs : int or None
        Threads; the result does not depend on it.
    progress : callable
        Called as ``progress(step, done, total)`` with the articles that are ranked.
    round_name : str
        What reports add to the names of their steps.
    gathers : bool
        Whether the vectors of all candidates are copied together first, see `GatheredVectors`: those of a site in files.
    """

    scorer: Scorer
    rules: SiteRules
    ids: IdOrder
    n_jobs: int | None = None
    progress: Progress = no_progress
    round_name: str = ""
    gathers: bool = False

    def nearest(
        self,
        candidates: Candidates,
        views: Sequence[View],
        rows: NDArray[np.int32] | None = None,
        see: See | None = None,
    ) -> list[Nearest]:
        """Return the best by content of each article's candidates, for each view. Signals are computed once.

        `rows` are the articles whose candidates are ranked. None means all. Each thread calls `see` for each block.
        """
        collection, eligibility = self.scorer.collection, self.rules.eligibility
        mine = np.arange(len(collection), dtype=np.int32) if rows is None else rows
        found = [no_nearest(len(mine), view.n_kept + view.n_copies) for view in views]
        order = candidates.order(mine)
        scorer = self.scorer
        if self.gathers and not is_small(len(collection)):
            scorer = scorer.among(eligibility.copies.with_members(candidates.distinct()))

        def rank(blocks: Iterator[slice]) -> None:
            scratch = scorer.scratch()
            for block in blocks:
                places = order[block]
                some_rows = mine[places]
                queries = Queries.of_articles(collection, some_rows)
                columns = eligibility.queries(some_rows)
                proposed = candidates.block(some_rows)
                some = with_copies(proposed, columns, eligibility)
                signals = scorer.signals(queries, some, scratch)
                if see is not None:
                    see(some_rows, proposed, signals[:, :, : proposed.shape[1]])
                for view, nearest in zip(views, found, strict=True):
                    content = self.scorer.content(queries, signals, view.weights)
                    # what is measured under other rules does not depend on these
                    width = some.shape[1] if view.eligibility is eligibility else proposed.shape[1]
                    columns = view.eligibility.queries(some_rows)
                    kept = view.eligibility.allowed(columns, some[:, :width])
                    best = self._best(content[:, :width], kept, columns, view)
                    for whole, part in zip(nearest, best, strict=True):
                        whole[places] = part

        size = max(1, min(_BLOCK, _PAIRS // max(candidates.width, 1)))
        self._on_all_threads("ranking", rank, len(mine), size)
        return found

    def with_mates(
        self, nearest: Nearest, view: View, rows: NDArray[np.int32] | None = None, see: See | None = None
    ) -> Nearest:
        """Return the nearest of articles of a site that is not small and, beside them, their mates.

        See `label_mates`, and `nearest` for `rows` and `see`. All mates are scored with everything else.
        """
        collection = self.scorer.collection
        if is_small(len(collection)):
            return nearest
        mine = np.arange(len(collection), dtype=np.int32) if rows is None else rows
        queries, groups = Queries.of_articles(collection, mine), self.rules.eligibility.columns.group
        mates = label_mates(self.scorer, queries, nearest.rows, groups, self.n_jobs)
        if not mates.shape[1]:
            return nearest
        candidates = CandidateMatrix(mates) if rows is None else CandidateRows(mine, mates)
        among_mates = replace(self, round_name=" by label")
        (more,) = among_mates.nearest(candidates, [view._replace(n_kept=mates.shape[1])], rows, see)
        return nearest.beside(more)

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
                columns = self.rules.eligibility.queries(mine[block])
                some = nearest.block(block)
                best[block], scores[block] = self.ranked_block(queries, columns, some, depth, floor)

        self._on_all_threads("scoring", rank, len(mine), _BLOCK)
        return best, scores

    def _on_all_threads(self, step: str, work: Callable[[Iterator[slice]], None], n: int, size: int) -> None:
        """Run `work` once a thread. The threads share one iterator of blocks, and report those that are done."""
        blocks = iter(range(0, n, size))

        def reported() -> Iterator[slice]:
            for start in blocks:
                yield slice(start, min(start + size, n))
                self.progress(step + self.round_name, n - min(n, size * length_hint(blocks)), n)

        on_all_threads(lambda: work(reported()), self.n_jobs if n > size else 1)

    def nearest_block(
        self, queries: Queries, columns: QueryColumns, candidates: NDArray[np.int32], view: View
    ) -> Nearest:
        """Return the best by content of a block of queries."""
        some = with_copies(candidates, columns, self.rules.eligibility)
        kept = view.eligibility.allowed(columns, some)
        content = self.scorer.content(queries, self.scorer.signals(queries, kept[0], self.scorer.scratch()))
        return self._best(content, kept, columns, view)

    def _best(
        self,
        content: NDArray[np.float32],
        allowed: tuple[NDArray[np.int32], NDArray[np.bool_]],
        columns: QueryColumns,
        view: View,
    ) -> Nearest:
        """Return the best by content of the candidates that are `allowed`, see `Eligibility.allowed`."""
        kept, lost = allowed
        content[kept < 0] = np.nan
        firsts = one_per_group(content, kept, view.eligibility.copies, columns)
        rows, contents, crowded = best_by_content(content, firsts, kept, self.ids, view)
        n_found = (rows[:, : view.n_kept] >= 0).sum(axis=1)
        return Nearest(rows, contents, (lost | crowded) & (n_found < view.enough))

    def ranked_block(
        self, queries: Queries, columns: QueryColumns, nearest: Nearest, depth: int, floor: float
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Return rows and scores of the `depth` best by score among the nearest of a block of queries."""
        places, at = np.nonzero(nearest.rows >= 0)
        logs = self.scorer.logs(queries, places, nearest.rows[places, at])
        found = self.scorer.calibrated(self.scorer.raw(nearest.contents[places, at], logs))
        scores = np.full(nearest.rows.shape, np.nan, dtype=np.float32)
        scores[places, at] = np.where(found >= np.float32(floor), found, np.float32(np.nan))
        scores = one_per_group(scores, nearest.rows, self.rules.eligibility.copies, columns)
        return top_k(scores, nearest.rows, self.ids, depth)

    def merged(
        self,
        one: tuple[NDArray[np.int32], NDArray[np.float32]],
        other: tuple[NDArray[np.int32], NDArray[np.float32]],
        mine: NDArray[np.int32],
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Return the best of two disjoint rankings of the same articles; `mine` are their rows."""
        rows = np.hstack([one[0], other[0]])
        scores = np.where(rows >= 0, np.hstack([one[1], other[1]]), np.float32(np.nan))
        eligibility = self.rules.eligibility
        scores = one_per_group(
            scores, rows, eligibility.copies, eligibility.queries(mine)
        )  # also of both together
        return top_k(scores, rows, self.ids, one[0].shape[1])

    def n_kept(self, depth: int) -> int:
        """Return how many of the best by content are scored with everything else: all on a small site."""
        n = len(self.scorer.collection)
        return n if is_small(n) else max(KEPT, depth)

    def view(self, depth: int, n_kept: int | None = None) -> View:
        """Return the view of the rules and weights for lists of `depth` ranked articles."""
        n, eligibility = len(self.scorer.collection), self.rules.eligibility
        copies = eligibility.copies
        n_copies = copies.n_beside if is_small(n) else min(copies.n_beside, _COPIES)
        n_kept = self.n_kept(depth) if n_kept is None else n_kept
        return View(self.scorer.weights, eligibility, n_kept, n_copies, max(_ENOUGH, depth))

    def one(
        self, query: Queries, columns: QueryColumns, candidates: NDArray[np.int32], depth: int
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Return rows and scores of the list of one query, shape (1, depth) both.

        `candidates` have shape (1, c). Where rules or near copies leave too few of them, all articles that may be listed
        are scored.
        """
        view = self.view(depth)
        nearest = self.nearest_block(query, columns, candidates, view)
        if nearest.starved.any():
            everything = np.flatnonzero(self.rules.eligibility.listable()).astype(np.int32)[None]
            nearest = self.nearest_block(query, columns, everything, view)
        elif candidates.shape[1] < len(self.scorer.collection):
            mates = label_mates(self.scorer, query, nearest.rows, self.rules.eligibility.columns.group)
            if mates.shape[1]:
                whole = view._replace(n_kept=mates.shape[1])
                nearest = nearest.beside(self.nearest_block(query, columns, mates, whole))
        return self.ranked_block(query, columns, nearest, depth, self.rules.ranking_floor)
