"""Computes measures from the hits: the relevant entries of each list and their ranks.

Entries without a positive grade contribute nothing to any measure here. Two short rankings of grades per
query are therefore enough: those of its list, with their ranks, and all positive judgements in descending
order (the ideal list).
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
    """Positive grades and their ranks for all queries, sorted by query, then rank.

    Parameters
    ----------
    query : int64 array, shape (n_hits,)
        Index of the query.
    rank : int64 array, shape (n_hits,)
        Rank in the list, from 1.
    grade : int64 array, shape (n_hits,)
        Grade, at least 1.
    """

    query: NDArray[np.int64]
    rank: NDArray[np.int64]
    grade: NDArray[np.int64]

    @classmethod
    def from_lists(cls, lists: list[list[tuple[int, int]]]) -> Grades:
        """Build from one list of (rank, grade) pairs per query."""
        sizes = [len(pairs) for pairs in lists]
        flat = np.array([pair for pairs in lists for pair in pairs], dtype=np.int64).reshape(-1, 2)
        return cls(np.repeat(np.arange(len(lists)), sizes), flat[:, 0], flat[:, 1])

    def down_to(self, measure: Measure) -> Grades:
        """Return the grades within the measure's cut-off that reach its minimum grade."""
        kept = self.grade >= measure.rel
        if measure.cutoff is not None:
            kept &= self.rank <= measure.cutoff
        return Grades(self.query[kept], self.rank[kept], self.grade[kept])


@dataclass(frozen=True, slots=True)
class Hits:
    """Input of the measures: the grades found in the lists (`met`), and those of the ideal lists."""

    n_queries: int
    met: Grades
    ideal: Grades


def calculate(measure: Measure, hits: Hits) -> NDArray[np.float64]:
    """Return the value of the measure for each query, float64, shape (n_queries,), in [0, 1].

    Queries without relevant articles score 0, as in trec_eval.
    """
    return _FORMULAS[measure.name](measure, hits)


def _ndcg(measure: Measure, hits: Hits) -> NDArray[np.float64]:
    # Järvelin and Kekäläinen 2002: gain discounted by log2(rank + 1), divided by the same sum over the ideal
    # list
    def dcg(grades: Grades) -> NDArray[np.float64]:
        grades = grades.down_to(measure)
        gain = np.exp2(grades.grade) - 1 if measure.dcg == "exp-log2" else grades.grade
        return _sum(grades.query, gain / np.log2(grades.rank + 1), hits.n_queries)

    return _share(dcg(hits.met), dcg(hits.ideal))


def _average_precision(measure: Measure, hits: Hits) -> NDArray[np.float64]:
    # mean over relevant articles of the precision at their rank, 0 if not retrieved (Buckley and Voorhees
    # 2000)
    met = hits.met.down_to(measure)
    nth = np.arange(len(met.query)) - np.searchsorted(met.query, met.query) + 1  # among the query's hits
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
    # rounding can make the two sums of a perfect list differ in the last bit
    return np.minimum(np.divide(part, whole, out=np.zeros_like(part), where=whole > 0), 1.0)


_FORMULAS: dict[str, Callable[[Measure, Hits], NDArray[np.float64]]] = {
    "nDCG": _ndcg,
    "AP": _average_precision,
    "RR": _reciprocal_rank,
    "P": lambda measure, hits: _n_met(measure, hits) / (measure.cutoff or 1),
    "R": lambda measure, hits: _share(_n_met(measure, hits), _n_relevant(measure, hits)),
    "Success": lambda measure, hits: np.minimum(_n_met(measure, hits), 1.0),
}
