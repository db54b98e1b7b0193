"""Work shared by the threads that joblib grants."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from joblib import Parallel, delayed, effective_n_jobs

__all__ = ["mapped", "on_all_threads", "slices"]

Part = TypeVar("Part")
Found = TypeVar("Found")


def mapped(work: Callable[[Part], Found], parts: Iterable[Part], n_jobs: int | None) -> Iterator[Found]:
    """Yield what `work` returns for each part, in the order of the parts.

    At most two parts a thread wait for their work, which bounds the memory that they take. One thread does without
    joblib, whose start takes longer than the parts of a small update.
    """
    if effective_n_jobs(n_jobs) == 1:
        yield from map(work, parts)
        return
    workers = Parallel(
        n_jobs=n_jobs, prefer="threads", return_as="generator", pre_dispatch="2*n_jobs", batch_size=1
    )
    yield from workers(delayed(work)(part) for part in parts)


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
