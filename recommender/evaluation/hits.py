"""Judgements laid over lists: only the hits are kept, and every measure is a sum over them.

An entry without a positive grade adds nothing to any measure here, so for each query two short rankings of grades
say it all: those met in its list, with their ranks, and all its judgements from the highest down (the ideal list).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.evaluation.measures import Measure

__all__ = ["Grades", "Hits", "calculate"]


@dataclass(frozen=True, slots=True)
class Grades:
    """Positive grades at ranks, for all queries: sorted by query, then rank.

    Parameters
    ----------
    query : int64 array, shape (n_hits,)
        Position of the query.
    rank : int64 array, shape (n_hits,)
        From 1.
    grade : int64 array, shape (n_hits,)
        1 or more.
    """

    query: NDArray[np.int64]
    rank: NDArray[np.int64]
    grade: NDArray[np.int64]

    @classmethod
    def from_lists(cls, lists: list[list[tuple[int, int]]]) -> Grades:
        """Return the grades of the (rank, grade) pairs of each query."""
        sizes = [len(pairs) for pairs in lists]
        flat = np.array([pair for pairs in lists for pair in pairs], dtype=np.int64).reshape(-1, 2)
        return cls(np.repeat(np.arange(len(lists)), sizes), flat[:, 0], flat[:, 1])

    def down_to(self, measure: Measure) -> Grades:
        """Return the grades within the measure's cut-off and relevant to it."""
        kept = self.grade >= measure.rel
        if measure.cutoff is not None:
            kept &= self.rank <= measure.cutoff
        return Grades(self.query[kept], self.rank[kept], self.grade[kept])


@dataclass(frozen=True, slots=True)
class Hits:
    """What the measures read: grades met in the lists, and grades there were to meet."""

    n_queries: int
    met: Grades
    ideal: Grades


def calculate(measure: Measure, hits: Hits) -> NDArray[np.float64]:
    """Return the value of the measure for each query, float64, shape (n_queries,), in [0, 1].

    A query without anything relevant to find has 0, as in trec_eval.
    """
    return _FORMULAS[measure.name](measure, hits)


def _ndcg(measure: Measure, hits: Hits) -> NDArray[np.float64]:
    # Järvelin and Kekäläinen 2002, discounted by log2(rank + 1), over the same sum of the ideal list
    def dcg(grades: Grades) -> NDArray[np.float64]:
        grades = grades.down_to(measure)
        gain = np.exp2(grades.grade) - 1 if measure.dcg == "exp-log2" else grades.grade
        return _sum(grades.query, gain / np.log2(grades.rank + 1), hits.n_queries)

    return _share(dcg(hits.met), dcg(hits.ideal))


def _average_precision(measure: Measure, hits: Hits) -> NDArray[np.float64]:
    # mean over the relevant of the precision at the rank of each, 0 for those not met (Buckley and Voorhees 2000)
    met = hits.met.down_to(measure)
    nth = np.arange(len(met.query)) - np.searchsorted(met.query, met.query) + 1  # of its query's hits
    return _share(_sum(met.query, nth / met.rank, hits.n_queries), _n_relevant(measure, hits))


def _reciprocal_rank(measure: Measure, hits: Hits) -> NDArray[np.float64]:
    # Kantor and Voorhees 2000
    met = hits.met.down_to(measure)
    values = np.zeros(hits.n_queries)
    np.maximum.at(values, met.query, 1 / met.rank)
    return values


def _n_met(measure: Measure, hits: Hits) -> NDArray[np.float64]:
    met = hits.met.down_to(measure)
    return _sum(met.query, np.ones(len(met.query)), hits.n_queries)


def _n_relevant(measure: Measure, hits: Hits) -> NDArray[np.float64]:
    relevant = hits.ideal.query[hits.ideal.grade >= measure.rel]
    return np.bincount(relevant, minlength=hits.n_queries).astype(np.float64)


def _sum(query: NDArray[np.int64], values: NDArray[np.float64], n_queries: int) -> NDArray[np.float64]:
    return np.bincount(query, values, minlength=n_queries).astype(np.float64)


def _share(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    # the two sums of a perfect list may differ in the last bit
    return np.minimum(np.divide(part, whole, out=np.zeros_like(part), where=whole > 0), 1.0)


_FORMULAS: dict[str, Callable[[Measure, Hits], NDArray[np.float64]]] = {
    "nDCG": _ndcg,
    "AP": _average_precision,
    "RR": _reciprocal_rank,
    "P": lambda measure, hits: _n_met(measure, hits) / (measure.cutoff or 1),
    "R": lambda measure, hits: _share(_n_met(measure, hits), _n_relevant(measure, hits)),
    "Success": lambda measure, hits: np.minimum(_n_met(measure, hits), 1.0),
}
