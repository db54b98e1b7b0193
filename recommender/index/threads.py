"""Work shared by the threads that joblib grants."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from joblib import effective_n_jobs

__all__ = ["on_all_threads", "slices"]


def on_all_threads(work: Callable[[], Any], n_jobs: int | None) -> list[Any]:
    """Run `work` once on each thread and return the results; the threads share an iterator of tasks.

    joblib sets the number of threads. Its own pool takes 10 ms to start, this one 0.1 ms.
    """
    n_threads = effective_n_jobs(n_jobs)
    if n_threads == 1:
        return [work()]
    with ThreadPoolExecutor(n_threads) as pool:
        return [each.result() for each in [pool.submit(work) for _ in range(n_threads)]]


def slices(n: int, size: int) -> Iterator[slice]:
    """Return an iterator over ``range(n)`` in parts of `size`, for threads to share."""
    return iter([slice(start, min(start + size, n)) for start in range(0, n, size)])
