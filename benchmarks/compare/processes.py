"""Runs a child that builds and searches: its events, and the reason if it did not finish."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from threading import Timer
from typing import Any

from benchmarks.compare.child import Job
from benchmarks.machine import ROOT

__all__ = ["environment", "events"]

_WARM_UP_S = 300  # for compilation before timing
_GRACE_S = 15  # for reading, writing, and untimed queries
_ASK_KERNEL = """
import numpy, threadpoolctl
print(next((pool["architecture"] for pool in threadpoolctl.threadpool_info() if "architecture" in pool), ""))
"""
_THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "NUMBA_NUM_THREADS",
)


def events(job: Job) -> Iterator[dict[str, Any]]:
    """Run a child and yield its events; the last is ``over time`` or ``failed`` if it did not finish.

    Set-up may take ``job.limit_s``, as may set-up and one search together; after that the child is ended.
    """
    command = [sys.executable, "-m", "benchmarks.compare.child", json.dumps(job)]
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(
            command, cwd=ROOT, env=environment(job.threads), stdout=subprocess.PIPE, stderr=errors, text=True
        ) as child,
    ):
        watch = _Watch(child)
        watch.allow(_WARM_UP_S + job.limit_s)
        left_s = job.limit_s
        for line in child.stdout or ():
            event = json.loads(line)
            if event["event"] == "built" and job.mode == "selfjoin":
                left_s -= event["setup_s"]
            watch.allow(_GRACE_S + left_s)
            yield event
        watch.stop()
        if watch.ended:
            yield {"event": "over time"}
        elif child.wait():
            errors.seek(0)
            last = errors.read().decode(errors="replace").strip().splitlines()[-3:]
            yield {"event": "failed", "error": " / ".join([f"exit {child.returncode}", *last])}


def environment(threads: int) -> dict[str, str]:
    """Return the environment of a child: its number of threads, and the BLAS kernels to use.

    Some wheels contain an OpenBLAS older than the processor, which picks kernels for an old one (faiss 1.15 on AMD Zen
    5: half the speed). All children use the kernels that the OpenBLAS of NumPy chooses.
    """
    chosen = {"OPENBLAS_CORETYPE": kernel} if (kernel := _kernel()) else {}
    return _without_openblas() | dict.fromkeys(_THREADS, str(threads)) | chosen


@cache
def _kernel() -> str:
    done = subprocess.run(
        [sys.executable, "-c", _ASK_KERNEL],
        env=_without_openblas(),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def _without_openblas() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("OPENBLAS_")}


class _Watch:
    """Ends a process after a time limit."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._timer = Timer(0, self._end)
        self.ended = False

    def allow(self, seconds: float) -> None:
        """Set the limit to this many seconds from now."""
        self._timer.cancel()
        self._timer = Timer(seconds, self._end)
        self._timer.daemon = True
        self._timer.start()

    def stop(self) -> None:
        """Remove the limit."""
        self._timer.cancel()

    def _end(self) -> None:
        self.ended = True
        self._process.kill()
