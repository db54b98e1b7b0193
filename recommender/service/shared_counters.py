"""Counters that the processes of a service share: each counts in a file of its own, and any of them sums all."""

from __future__ import annotations

import mmap
import os
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from recommender.errors import RecommenderError
from recommender.index.kernels.large_arrays import take_room

__all__ = ["BUCKETS_S", "METHODS", "STATUSES", "Counted", "SharedCounters"]

BUCKETS_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper ends of the buckets of durations, in seconds."""

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "other")
STATUSES = (200, 201, 204, 304, 400, 401, 403, 404, 405, 408, 409, 413, 415, 422, 429, 500, 503, 504, 0)
"""Statuses that are counted. 0 stands for any other."""

_SIZE = 8  # bytes of a number
_METHOD = {name: at for at, name in enumerate(METHODS)}
_STATUS = {each: at for at, each in enumerate(STATUSES)}
_N_STATUSES = len(METHODS) * len(STATUSES)
_N_DURATIONS = len(BUCKETS_S) + 2  # of each bucket and of those above, and their sum
_PER_ROUTE = _N_STATUSES + _N_DURATIONS


class Counted(NamedTuple):
    """The numbers of one route: by method and status, by bucket of durations (not summed), and all seconds."""

    route: str
    requests: dict[tuple[str, int], int]
    durations: list[int]
    seconds: float


class SharedCounters:
    """How many requests there were of each route, method and status, and how long they took.

    Parameters
    ----------
    routes : sequence of str
        Their names, the same in each process.
    folder : Path or None
        What the processes of the service share. The files of processes that have ended stay, so that no sum falls.
    """

    def __init__(self, routes: Sequence[str], folder: Path | None = None) -> None:
        self.routes, self._folder = tuple(routes), folder
        self._starts = {name: at * _PER_ROUTE for at, name in enumerate(self.routes)}
        n_bytes = max(len(self.routes), 1) * _PER_ROUTE * _SIZE
        if folder is None:
            self._map = mmap.mmap(-1, n_bytes)
        else:
            self._map = _mapped(folder / f"counters-{os.getpid()}-{os.urandom(4).hex()}", n_bytes)
        self._numbers = memoryview(self._map).cast("d")

    def add(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request."""
        start, numbers = self._starts[route], self._numbers
        numbers[
            start
            + _METHOD.get(method, len(METHODS) - 1) * len(STATUSES)
            + _STATUS.get(status, len(STATUSES) - 1)
        ] += 1
        durations = start + _N_STATUSES
        numbers[durations + bisect_left(BUCKETS_S, seconds)] += 1
        numbers[durations + _N_DURATIONS - 1] += seconds

    def sums(self) -> Iterator[Counted]:
        """Yield the numbers of each route, summed over all processes of the service."""
        sums = [sum(each) for each in zip(*self._all(), strict=True)]
        for route, start in self._starts.items():
            of_statuses = sums[start : start + _N_STATUSES]
            durations = sums[start + _N_STATUSES : start + _PER_ROUTE]
            requests = {
                (method, status): int(of_statuses[row * len(STATUSES) + column])
                for row, method in enumerate(METHODS)
                for column, status in enumerate(STATUSES)
                if of_statuses[row * len(STATUSES) + column]
            }
            yield Counted(route, requests, list(map(int, durations[:-1])), durations[-1])

    def _all(self) -> Iterator[Sequence[float]]:
        if self._folder is None:
            yield self._numbers.tolist()
            return
        for file in sorted(self._folder.glob("counters-*")):
            content = file.read_bytes()
            if len(content) == len(self._map):
                yield memoryview(content).cast("d").tolist()


def _mapped(path: Path, n_bytes: int) -> mmap.mmap:
    """Return the mapping of a new file. Raises RecommenderError if the disk has no room for it."""
    try:
        with path.open("w+b") as file:
            take_room(file.fileno(), n_bytes)
            return mmap.mmap(file.fileno(), n_bytes)
    except OSError as error:
        what = f"no room for the counters of the service ({error.strerror or error})"
        raise RecommenderError(
            f"{path.parent}: {what}; make room there, or name another folder in TMPDIR"
        ) from error
