"""A measured process that builds one index and searches it with each setting in turn.

``python -m benchmarks.compare.child JSON`` prints a JSON line for each event as soon as it is over, so that earlier
searches count even if the next takes too long. The rows of each search go to a file.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_info

from benchmarks.compare.memory import forget_peak, held_bytes, peak_bytes
from benchmarks.contenders.contract import Contender, Mode, Rows, Task, Vectors
from benchmarks.contenders.registry import CONTENDERS

__all__ = ["Job"]

_WARM_QUERIES = 100


class Job(NamedTuple):
    """Job of a child, as JSON: files to map, contender, sweep of its grid, and searches of the sweep."""

    contender: str
    mode: Mode
    vectors: str
    queries: str
    k: int
    threads: int
    full: bool
    sweep: int
    searches: list[int]
    limit_s: float
    out: str


def run(job: Job, report: Callable[..., None]) -> None:
    """Warm up, build and search; `report` is called for each event."""
    contender = CONTENDERS[job.contender]
    vectors, queries = _mapped(job.vectors), np.array(_mapped(job.queries))
    task = Task(job.mode, len(vectors), vectors.shape[1], job.k, job.full)
    _warm_up(contender, job, task, np.array(vectors[: contender.warm_up_rows]))
    report("ready", blas=_blas())
    before = held_bytes()
    forget_peak()
    sweep = contender.sweeps(task)[job.sweep]
    index = contender(job.mode, job.k, job.threads)
    start = time.perf_counter()
    index.fit(vectors, **sweep.build)
    report("built", setup_s=time.perf_counter() - start, memory_bytes=peak_bytes() - before)
    for number in job.searches:
        try:
            index.tune(**sweep.searches[number])
            figures, rows = (
                _join(index, vectors) if job.mode == "selfjoin" else _ask(index, queries, job.k, job.limit_s)
            )
        except Exception as error:  # any error of a library is reported, and the next search is tried
            report("failed", search=number, error=f"{type(error).__name__}: {error}")
            continue
        figures["memory_bytes"] = peak_bytes() - before
        if job.mode == "query":
            kept = vectors.nbytes if index.keeps_vectors else 0
            figures["index_bytes"] = held_bytes() - before + kept
        np.save(Path(job.out) / f"{number}.npy", rows)
        report("searched", search=number, **figures)


def _warm_up(contender: type[Contender], job: Job, task: Task, some: Vectors) -> None:
    """Run everything that will be timed on few vectors, so that compilation and loading are not timed."""
    small = contender.sweeps(task._replace(n=len(some)))[job.sweep]
    index = contender(job.mode, job.k, job.threads)
    index.fit(some, **small.build)
    index.tune(**small.searches[-1])
    if job.mode == "selfjoin":
        index.self_join(some)
    else:
        index.query(some[0])


def _join(index: Contender, vectors: Vectors) -> tuple[dict[str, Any], Rows]:
    start = time.perf_counter()
    rows = index.self_join(vectors)
    return {"search_s": time.perf_counter() - start}, rows


def _ask(index: Contender, queries: Vectors, k: int, limit_s: float) -> tuple[dict[str, Any], Rows]:
    """Search for one query after another until the time limit."""
    for vector in queries[:_WARM_QUERIES]:
        index.query(vector)
    clock, spent = time.perf_counter_ns, np.empty(len(queries), dtype=np.int64)
    rows: NDArray[np.int64] = np.full((len(queries), k), -1, dtype=np.int64)
    end = clock() + round(limit_s * 1e9)
    asked = 0
    for asked, vector in enumerate(queries, 1):
        start = clock()
        found = index.query(vector)
        stop = clock()
        spent[asked - 1] = stop - start
        rows[asked - 1, : len(found)] = found
        if stop > end:
            break
    p50, p95, p99 = np.percentile(spent[:asked], (50, 95, 99)) / 1000
    mean = spent[:asked].mean() / 1000
    return {"p50_us": p50, "p95_us": p95, "p99_us": p99, "mean_us": mean, "n_asked": asked}, rows[:asked]


def _mapped(path: str) -> Vectors:
    """Return a copy-on-write mapping of a file with all pages read, as some libraries refuse read-only arrays."""
    array: Vectors = np.load(path, mmap_mode="c").view(np.ndarray)
    array[:, :: 4096 // array.itemsize].sum()
    return array


def _blas() -> list[str]:
    """Return the BLAS kernels that the loaded libraries chose for this processor."""
    found = (pool for pool in threadpool_info() if pool["user_api"] == "blas")
    return sorted(
        {f"{pool['internal_api']} {pool['version']} {pool.get('architecture', '')}".strip() for pool in found}
    )


def main() -> int:
    """Run the job given by the argument."""
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as events:  # output of libraries goes to standard error
        os.dup2(2, 1)

        def report(event: str, **fields: Any) -> None:
            events.write(json.dumps({"event": event, **fields}) + "\n")
            events.flush()

        try:
            run(Job(*json.loads(sys.argv[1])), report)
        except Exception as error:  # any error of a library is reported as the result of this contender
            report("failed", error=f"{type(error).__name__}: {error}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
