"""Queries held out from the vectors, asked of each index one at a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.encoders.vocabulary import read_only
from recommender.index.exact import ExactIndex
from recommender.index.planner import SearchPlan
from recommender.ranking.nearest import Search, index_arrays, open_search
from recommender.ranking.sketches import Sketches
from recommender.tuning.promises import Measured

__all__ = ["Clock", "HeldOut"]

Clock = Callable[[], float]
"""Returns seconds, as `time.perf_counter` does."""

_HELD_OUT = 1_000  # queries, half of them to pick by and half to check by
_SHARE = 10  # of so many vectors one is held out at most
_ROUNDS = (
    3  # times that each query is asked; the middle one counts, which leaves out what else the machine does
)
_FEW = 20  # queries after which one knows that an index is hopeless
_PATIENCE = 4.0  # seconds for a round, of what is only looked at
_SAME = 2e-6  # of similarities: what is as near as the k-th counts, however float32 was added up


class HeldOut:
    """Measures indexes of all vectors but a thousand, or a tenth, with those as the queries.

    Where that leaves fewer than two queries, all vectors stay and ask for themselves.

    Parameters
    ----------
    vectors : ndarray of float32, shape (n, d)
        Unit rows; zero rows stay, and ask nothing.
    k : int
        Nearest that recall is about.
    n_asked : int
        Nearest that a query asks for, at least k.
    hopeless_ms : float
        An index of which half of the first queries take longer is asked no more.
    n_jobs : int or None
        Threads that build; each query takes one.
    seed : int
        Of the choice of queries.
    clock : callable
        See `Clock`.
    """

    def __init__(
        self,
        vectors: NDArray[np.float32],
        k: int,
        n_asked: int,
        *,
        hopeless_ms: float,
        n_jobs: int | None = None,
        seed: int = 0,
        clock: Clock = time.perf_counter,
    ) -> None:
        self.k, self.n_asked, self.hopeless_ms, self.n_jobs, self.clock = (
            k, n_asked, hopeless_ms, n_jobs, clock,
        )  # fmt: skip
        some = np.random.default_rng(seed).permutation(np.flatnonzero(vectors.any(axis=1)))
        held = some[: min(_HELD_OUT, len(vectors) // _SHARE)]
        if len(held) < 2:
            self.vectors, queries = vectors, vectors[some]
            self.halves = (queries, queries)
        else:
            rest = np.ones(len(vectors), dtype=bool)
            rest[held] = False
            self.vectors, queries = vectors[rest], vectors[held]
            self.halves = (queries[: len(held) // 2], queries[len(held) // 2 :])
        self._k_found = min(k, len(self.vectors))
        self._bars = tuple(map(self._bar, self.halves))
        self._made: dict[str, NDArray[Any]] = {}
        self._made_for: tuple[str, int] = ("", 0)

    @property
    def shape(self) -> tuple[int, int]:
        """Shape of the vectors that are searched."""
        return self.vectors.shape[0], self.vectors.shape[1]

    def mb(self, plan: SearchPlan) -> float:
        """Return the megabytes of the arrays that a query reads."""
        return plan.n_bytes(*self.shape) / 1e6

    def build(self, plan: SearchPlan) -> float:
        """Make the arrays of an index, one at a time; return the seconds that took, 0 if they are there."""
        made_for = (plan.method, plan.n_links)
        if made_for == self._made_for:
            return 0.0
        started = self.clock()
        if plan.method == "sketches":
            made = Sketches.of(self.vectors)._asdict()
            self._made = {f"dense_sketches_{name}": array for name, array in made.items()}
        else:
            self._made = index_arrays(plan, "dense", self.vectors, self.n_jobs)
        self._made_for = made_for
        return self.clock() - started

    def measure(self, plan: SearchPlan, *, fresh: bool) -> Measured:
        """Ask the queries of a half one at a time, in rounds."""
        arrays = {name: read_only(array) for name, array in self._made.items()}
        search = open_search(plan, "dense", read_only(self.vectors), arrays)
        queries, bars = self.halves[fresh], self._bars[fresh]
        if not len(queries):
            return Measured(1.0, 0.0, 0.0, 0.0, 0)
        search(queries[0], self.n_asked)  # compiles, and opens what is opened once
        recalls, first = self._first_round(search, queries, bars)
        rounds = [first, *(self._round(search, queries[: len(first)]) for _ in range(_ROUNDS - 1))]
        p50, p99 = np.percentile(1e3 * np.median(rounds, axis=0), [50, 99])
        error = recalls.std() / np.sqrt(len(recalls))
        return Measured(float(recalls.mean()), float(error), float(p50), float(p99), len(recalls))

    def _first_round(
        self, search: Search, queries: NDArray[np.float32], bars: NDArray[np.float32]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the recall and the seconds of each query, of the first ones alone where that is enough."""
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
        """Return the similarity of the k-th nearest of each query."""
        if not len(queries):
            return np.zeros(0, dtype=np.float32)
        index = ExactIndex(n_jobs=self.n_jobs).fit(self.vectors)
        return np.asarray(1.0 - index.kneighbors(queries, self._k_found)[0][:, -1])
