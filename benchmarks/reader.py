"""Measures a reader of stored lists in a process of its own: opening, look-ups, refreshing, memory.

``python -m benchmarks.reader SITE`` prints one JSON object. ``SITE`` may have updates.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path
from typing import Any

N_LOOKUPS = 20_000
HEAVY = ("numba", "scipy", "sklearn", "pandas", "torch")


def measured(path: str) -> dict[str, Any]:
    """Return the figures of this process, which should have done nothing before."""
    from recommender import Recommender

    imported = _own_memory()
    start, cpu_start = time.perf_counter(), time.process_time()
    site = Recommender.load(path)
    opened_s, opened_cpu_s = time.perf_counter() - start, time.process_time() - cpu_start
    step = max(1, len(site) // N_LOOKUPS)
    ids = list(islice(site, 0, None, step))
    random.Random(1).shuffle(ids)  # noqa: S311
    times, cpu_times = [], []
    for article_id in ids[:N_LOOKUPS] * 2:  # once for the pages of files
        start, cpu_start = time.perf_counter(), time.thread_time()
        site[article_id]
        cpu_times.append(time.thread_time() - cpu_start)
        times.append(time.perf_counter() - start)
    times, cpu_times = sorted(times[len(times) // 2 :]), sorted(cpu_times[len(times) // 2 :])
    site.refresh()
    start = time.perf_counter()
    for _ in range(200):
        site.refresh()
    refresh_s = (time.perf_counter() - start) / 200
    return {
        "articles": len(site),
        "version": site.version,
        "updates": site.n_updates,
        "open_ms": round(opened_s * 1e3, 1),
        "open_cpu_ms": round(opened_cpu_s * 1e3, 1),
        "lookup_median_us": round(times[len(times) // 2] * 1e6, 1),
        "lookup_p99_us": round(times[int(0.99 * len(times))] * 1e6, 1),
        "lookup_p99_cpu_us": round(cpu_times[int(0.99 * len(times))] * 1e6, 1),
        "refresh_us": round(refresh_s * 1e6, 1),
        "own_mb_after_import": imported,
        "own_mb": _own_memory(),
        "heavy": [name for name in HEAVY if name in sys.modules],
    }


def _own_memory() -> float:
    """Return the megabytes of this process alone, without pages of files, which all processes share."""
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("RssAnon"):
            return round(int(line.split()[1]) / 1e3, 1)
    return float("nan")


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "--here":
        print(json.dumps(measured(sys.argv[2])))
    else:
        subprocess.run([sys.executable, "-m", "benchmarks.reader", "--here", sys.argv[1]], check=True)
