"""Queries held out from the vectors, with which each index is measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from recommender.index.exact import ExactIndex
from recommender.index.kernels.array_layout import read_only
from recommender.index.planner import SearchPlan
from recommender.index.sketches import Sketches
from recommender.index.vector_search import VectorSearch
from recommender.tuning.conditions import Conditions
from recommender.tuning.targets import Measured

__all__ = ["HeldOut"]

Search = Callable[[NDArray[np.float32], int], NDArray[np.int32]]
"""Takes a unit vector and n. Returns up to n rows of the nearest vectors, in no order."""

_NO_SKETCHES = Sketches(np.empty((0, 0), np.uint64), np.empty((0, 0), np.float32))
_HELD_OUT = 1_000  # queries: half of them pick an index, half check it
_SHARE = 10  # at most one vector in this many is held out
_ROUNDS = 3  # searches per query; the median time counts, which excludes delays by other processes
_FEW = 20  # queries after which a hopelessly slow index is recognised
_PATIENCE = 4.0  # seconds, the longest first round
_SAME = 2e-6  # tolerance of similarities, for float32 sums in different orders


class HeldOut:
    """Measures indexes of all vectors except a thousand, or a tenth, which are the queries.

    If that leaves fewer than two queries, all vectors are indexed and all are queries.

    Parameters
    ----------
    vectors : ndarray of float32, shape (n, d)
        Unit rows. Zero rows are indexed but are not queries.
    k : int
        Number of nearest vectors by which recall is measured.
    n_asked : int
        Number of nearest vectors that a query searches for, at least k.
    hopeless_ms : float
        Largest median time of the first queries in milliseconds; a slower index is not measured further.
    conditions : Conditions
    """

    def __init__(
        self,
        vectors: NDArray[np.float32],
        k: int,
        n_asked: int,
        hopeless_ms: float = float("inf"),
        conditions: Conditions | None = None,
    ) -> None:
        self.k, self.n_asked, self.hopeless_ms = k, n_asked, hopeless_ms
        self.conditions = conditions or Conditions()
        self.clock = self.conditions.clock
        shuffled = np.random.default_rng(self.conditions.seed).permutation(
            np.flatnonzero(vectors.any(axis=1))
        )
        held_out = shuffled[: min(_HELD_OUT, len(vectors) // _SHARE)]
        if len(held_out) < 2:
            self.vectors, queries = vectors, vectors[shuffled]
            self.halves = (queries, queries)
        else:
            rest = np.ones(len(vectors), dtype=bool)
            rest[held_out] = False
            self.vectors, queries = vectors[rest], vectors[held_out]
            self.halves = (queries[: len(held_out) // 2], queries[len(held_out) // 2 :])
        self._k_found = min(k, len(self.vectors))
        self._bars = tuple(map(self._bar, self.halves))
        self._search = VectorSearch(SearchPlan(), _NO_SKETCHES)
        self._built_for: tuple[str, int] = ("", 0)

    @property
    def shape(self) -> tuple[int, int]:
        """Shape of the indexed vectors."""
        return self.vectors.shape[0], self.vectors.shape[1]

    def mb(self, plan: SearchPlan) -> float:
        """Return the megabytes of the arrays that a query reads."""
        return plan.n_bytes(*self.shape) / 1e6

    def build(self, plan: SearchPlan) -> float:
        """Build the arrays of an index, which replace the previous ones; return the seconds, 0 if already built."""
        built_for = (plan.method, plan.n_links)
        if built_for == self._built_for:
            return 0.0
        started = self.clock()
        sketches = None if plan.method == "sketches" else _NO_SKETCHES
        self._search = VectorSearch.fit(self.vectors, plan, sketches=sketches, n_jobs=self.conditions.n_jobs)
        self._built_for = built_for
        return self.clock() - started

    def search(self, plan: SearchPlan) -> Search:
        """Return the search of the index that was built."""
        search, vectors = replace(self._search, plan=plan), read_only(self.vectors)
        return lambda query, n: search.nearest(query, vectors, n)

    def measure(self, plan: SearchPlan, *, fresh: bool) -> Measured:
        """Measure recall and time of single queries: those that pick, or with `fresh` those that check."""
        search = self.search(plan)
        queries, bars = self.halves[fresh], self._bars[fresh]
        if not len(queries):
            return Measured(1.0, 0.0, 0.0, 0.0, 0)
        search(queries[0], self.n_asked)  # compiles, and opens files
        recalls, first = self._first_round(search, queries, bars)
        rounds = [first, *(self._round(search, queries[: len(first)]) for _ in range(_ROUNDS - 1))]
        p50, p99 = np.percentile(1e3 * np.median(rounds, axis=0), [50, 99])
        error = recalls.std() / np.sqrt(len(recalls))
        return Measured(float(recalls.mean()), float(error), float(p50), float(p99), len(recalls))

    def _first_round(
        self, search: Search, queries: NDArray[np.float32], bars: NDArray[np.float32]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return recall and seconds of each query; of the first ones only if the index is too slow."""
        recalls: list[float] = []
        seconds: list[float] = []
        for query, bar in zip(queries, bars, strict=True):
            started = self.clock()
            rows = search(query, self.n_asked)
            seconds.append(self.clock() - started)
            n_found = int((self.vectors[rows] @ query >= bar - _SAME).sum())
            recalls.append(min(n_found, self._k_found) / self._k_found)
            if len(seconds) >= _FEW and (
                1e3 * np.median(seconds[:_FEW]) > self.hopeless_ms or sum(seconds) > _PATIENCE
            ):
                break
        return np.array(recalls), np.array(seconds)

    def _round(self, search: Search, queries: NDArray[np.float32]) -> NDArray[np.float64]:
        seconds = np.empty(len(queries))
        for number, query in enumerate(queries):
            started = self.clock()
            search(query, self.n_asked)
            seconds[number] = self.clock() - started
        return seconds

    def _bar(self, queries: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the similarity of the k-th nearest vector of each query."""
        if not len(queries):
            return np.zeros(0, dtype=np.float32)
        index = ExactIndex(n_jobs=self.conditions.n_jobs).fit(self.vectors)
        return np.asarray(1.0 - index.kneighbors(queries, self._k_found)[0][:, -1])
