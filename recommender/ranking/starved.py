"""The candidates of articles that rules or near copies left with too few: they are found among what the rules allow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.collection.collection import Collection
from recommender.index.planner import choose_index
from recommender.index.postings import N_QUERY_TERMS, Postings, fit_thresholds, nearest_by_levels
from recommender.ranking.candidate_index import vectors_of
from recommender.ranking.candidate_search import kinds_of
from recommender.ranking.candidates import AllArticles, Candidates
from recommender.ranking.candidates_of_rows import CandidateRows
from recommender.ranking.ranker import KEPT, Ranker
from recommender.ranking.site_sizes import SMALL_SITE
from recommender.rules.eligibility import Eligibility

__all__ = ["ranked_anew"]

Ranked = tuple[NDArray[np.int32], NDArray[np.float32]]


def ranked_anew(ranker: Ranker, rows: NDArray[np.int32], depth: int, floor: float) -> Ranked:
    """Return rows and scores of the best of some starved articles, shape (m, depth) both.

    Articles are taken together that a rule allows the same others, such as those of a language. Up to 2,048 of them, or
    with up to 2,048 others, are scored against all of these. More are searched in an index of these alone. What is allowed
    to every language is searched once for all of them. So the time grows as the site does.

    Parameters
    ----------
    ranker : Ranker
    rows : ndarray of int32, shape (m,)
        Ascending.
    depth : int
    floor : float
        Scores below are left out.
    """
    best = np.full((len(rows), depth), -1, dtype=np.int32)
    scores = np.zeros(best.shape, dtype=np.float32)
    view = ranker.view(depth)
    for classes in _classes(ranker.rules.eligibility, rows):
        searched, common = None, classes.common
        if not _few(classes.places, common):
            searched, common = _searched(ranker, rows[classes.places], common), common[:0]
        for places, own in classes.runs(rows):
            some, others = rows[places], np.sort(np.concatenate([own, common]))
            candidates: Candidates = AllArticles(others)
            if not _few(some, others):
                candidates = _searched(ranker, some, others)
            if searched is not None:
                candidates = _Beside(candidates, searched)
            (near,) = ranker.nearest(candidates, [view], some)
            best[places], scores[places] = ranker.ranked(near, depth, floor, some)
    return best, scores


def _few(rows: NDArray[Any], others: NDArray[Any]) -> bool:
    """Return whether articles are scored against all of some others."""
    return min(len(rows), len(others)) <= SMALL_SITE


@dataclass(frozen=True, eq=False)
class _Beside:
    """Candidates of two kinds, of which an article may be both."""

    one: Candidates
    other: Candidates

    @property
    def width(self) -> int:
        return self.one.width + self.other.width

    def block(self, rows: NDArray[np.int32]) -> NDArray[np.int32]:
        return _distinct([self.one.block(rows), self.other.block(rows)])

    def distinct(self) -> NDArray[np.int32]:
        return np.union1d(self.one.distinct(), self.other.distinct())

    def order(self, rows: NDArray[np.int32]) -> NDArray[np.int32]:
        return np.arange(len(rows), dtype=np.int32)


def _distinct(found: list[NDArray[np.int32]]) -> NDArray[np.int32]:
    united = np.sort(np.hstack(found), axis=1)
    united[:, 1:][united[:, 1:] == united[:, :-1]] = -1
    return united


@dataclass(frozen=True, eq=False)
class _Classes:
    """Starved articles that a rule allows others of their own class, and what it allows to all of them.

    Parameters
    ----------
    places : ndarray of int64, shape (p,)
        Of the starved articles.
    codes : ndarray of int, shape (n,)
        The class of every article.
    listable : ndarray of int32
        What lists may hold, by class and then by row.
    common : ndarray of int32
        Of these what every class is allowed.
    """

    places: NDArray[np.int64]
    codes: NDArray[np.integer[Any]]
    listable: NDArray[np.int32]
    common: NDArray[np.int32]

    def runs(self, rows: NDArray[np.int32]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int32]]]:
        """Yield the places of each class, ascending, and the articles of the class."""
        mine, classes = self.codes[rows[self.places]], self.codes[self.listable]
        order = np.argsort(mine, kind="stable")
        met, starts = np.unique(mine[order], return_index=True)
        for code, places in zip(met.tolist(), np.split(self.places[order], starts[1:]), strict=False):
            first, last = np.searchsorted(classes, [code, code + 1])
            yield places, self.listable[first:last]


def _classes(eligibility: Eligibility, rows: NDArray[np.int32]) -> Iterator[_Classes]:
    """Yield the starved articles by the rule that leaves each the fewest others; without a rule all are in one class."""
    columns = eligibility.columns
    listable = np.flatnonzero(eligibility.listable()).astype(np.int32)
    classes = [] if eligibility.policy.cross_language else [(columns.language, True)]
    classes += [(codes, False) for codes in columns.same]
    sizes = [np.full(len(rows), len(listable))]
    for codes, is_open in classes:
        counts = np.bincount(codes[listable] + 1, minlength=int(codes.max(initial=-1)) + 2)
        size = counts[codes[rows] + 1] + (counts[0] if is_open else 0)
        sizes.append(np.where(codes[rows] >= 0, size, len(listable) if is_open else 0))
    smallest = np.argmin(np.stack(sizes), axis=0)
    none = listable[:0]
    if (smallest == 0).any():
        one_class = np.zeros(len(columns.language), dtype=np.int32)
        yield _Classes(np.flatnonzero(smallest == 0), one_class, listable, none)
    for number, (codes, is_open) in enumerate(classes, 1):
        mine = np.flatnonzero((smallest == number) & (codes[rows] >= 0))
        order = listable[np.argsort(codes[listable], kind="stable")]
        if len(mine):
            yield _Classes(mine, codes, order, listable[codes[listable] < 0] if is_open else none)


def _searched(ranker: Ranker, rows: NDArray[np.int32], others: NDArray[np.int32]) -> CandidateRows:
    """Return the candidates of some articles among others, of which one of each group of near copies is searched."""
    from recommender.index.clustered import ClusteredIndex

    collection = ranker.scorer.collection
    others = np.unique(ranker.rules.eligibility.representative[others])
    others = others[others >= 0].astype(np.int32)
    found = [_by_terms(collection, rows, others, ranker.n_jobs)]
    together = np.union1d(others, rows)
    for kind in kinds_of(collection):
        vectors = np.array(vectors_of(collection, kind)[together])
        recall = choose_index(*vectors.shape).join_recall
        index = ClusteredIndex(recall=recall, n_jobs=ranker.n_jobs, bounded=True)
        near = index.fit(vectors).kneighbors(n_neighbors=KEPT)[1][np.searchsorted(together, rows)]
        found.append(np.where(near >= 0, together[near], -1).astype(np.int32))
    return CandidateRows(rows, _distinct(found))


def _by_terms(
    collection: Collection, rows: NDArray[np.int32], others: NDArray[np.int32], n_jobs: int | None
) -> NDArray[np.int32]:
    """Return those of `others` that share most of the strongest terms of some articles."""
    matrix = collection.sparse.take(others)
    n_columns = int(collection.sparse.indices.max(initial=-1)) + 1
    postings = Postings.of(matrix, n_columns, fit_thresholds(matrix, n_columns))
    postings = postings._replace(rows=others[postings.rows])
    return nearest_by_levels(postings, collection.sparse, rows, (KEPT, N_QUERY_TERMS), n_jobs)
