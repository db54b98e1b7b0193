"""The candidates of articles that rules or near copies left with too few: they are found among what the rules allow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.collection.collection import Collection
from recommender.index.planner import choose_index
from recommender.index.postings import N_QUERY_TERMS, Postings, fit_thresholds, nearest_by_squares
from recommender.ranking.candidate_index import vectors_of
from recommender.ranking.candidate_search import kinds_of
from recommender.ranking.candidates import AllArticles
from recommender.ranking.candidates_of_rows import CandidateRows
from recommender.ranking.ranker import KEPT, Ranker
from recommender.ranking.site_sizes import SMALL_SITE
from recommender.rules.eligibility import Eligibility

__all__ = ["ranked_anew"]

Ranked = tuple[NDArray[np.int32], NDArray[np.float32]]


def ranked_anew(ranker: Ranker, rows: NDArray[np.int32], depth: int, floor: float) -> Ranked:
    """Return rows and scores of the best of some starved articles, shape (m, depth) both.

    Articles are taken together that a rule allows the same others, such as those of a language. Up to 2,048 of them, or
    with up to 2,048 others, are scored against all of these. More are searched in an index of these alone, so the time
    grows as the site does.

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
    for places, others in _together(ranker.rules.eligibility, rows):
        some = rows[places]
        if min(len(some), len(others)) <= SMALL_SITE:
            (near,) = ranker.nearest(AllArticles(others), [view], some)
        else:
            (near,) = ranker.nearest(_searched(ranker, some, others), [view], some)
        best[places], scores[places] = ranker.ranked(near, depth, floor, some)
    return best, scores


def _together(
    eligibility: Eligibility, rows: NDArray[np.int32]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int32]]]:
    """Yield places in `rows`, and the listable articles among which are all that the rules allow these.

    Of the rules that give each article a class of others, the one that leaves the fewest counts.
    """
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
    unclassed = np.flatnonzero(smallest == 0)
    if len(unclassed):
        yield unclassed, listable
    for number, (codes, is_open) in enumerate(classes, 1):
        mine = np.flatnonzero(smallest == number)
        order = listable[np.argsort(codes[listable], kind="stable")]
        classes_met = np.unique(codes[rows[mine]])
        for code in classes_met[classes_met >= 0].tolist():
            places = mine[codes[rows[mine]] == code]
            parts = [_run(codes, order, each) for each in ([-1, code] if is_open else [code])]
            yield places, np.sort(np.concatenate(parts))


def _run(codes: NDArray[np.integer[Any]], order: NDArray[np.int32], code: int) -> NDArray[np.int32]:
    """Return the articles of a class, from all of them by class."""
    first, last = np.searchsorted(codes[order], [code, code + 1])
    return order[first:last]


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
        index = ClusteredIndex(recall=choose_index(*vectors.shape).join_recall, n_jobs=ranker.n_jobs)
        near = index.fit(vectors).kneighbors(n_neighbors=KEPT)[1][np.searchsorted(together, rows)]
        found.append(np.where(near >= 0, together[near], -1).astype(np.int32))
    united = np.sort(np.hstack(found), axis=1)
    united[:, 1:][united[:, 1:] == united[:, :-1]] = -1
    return CandidateRows(rows, united)


def _by_terms(
    collection: Collection, rows: NDArray[np.int32], others: NDArray[np.int32], n_jobs: int | None
) -> NDArray[np.int32]:
    """Return those of `others` that share most of the strongest terms of some articles."""
    matrix = collection.sparse.take(others)
    n_columns = int(collection.sparse.indices.max(initial=-1)) + 1
    postings = Postings.of(matrix, n_columns, fit_thresholds(matrix, n_columns))
    postings = postings._replace(rows=others[postings.rows])
    return nearest_by_squares(postings.squared(), collection.sparse, rows, (KEPT, N_QUERY_TERMS), n_jobs)
