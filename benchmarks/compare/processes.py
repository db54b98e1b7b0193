"""A child that builds and searches, watched: what it told, and why it ended where it did not finish."""

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

_WARM_UP_S = 300  # for what is compiled before the clock starts
_GRACE_S = 15  # for reading, writing, and queries asked before the clock starts
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
    """Run a child, and return what it tells as it tells it; the last is ``over time`` or ``failed`` if it did not finish.

    Setting up may take ``job.limit_s``, and so may setting up and one search together; the child is ended after that.
    """
    command = [sys.executable, "-m", "benchmarks.compare.child", json.dumps(job)]
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(
            command, cwd=ROOT, env=environment(job.threads), stdout=subprocess.PIPE, stderr=said, text=True
        ) as child,
    ):
        watch = _Watch(child)
        watch.allow(_WARM_UP_S + job.limit_s)
        left_s = job.limit_s
        for line in child.stdout or ():
            told = json.loads(line)
            if told["event"] == "built" and job.mode == "selfjoin":
                left_s -= told["setup_s"]
            watch.allow(_GRACE_S + left_s)
            yield told
        watch.stop()
        if watch.ended:
            yield {"event": "over time"}
        elif child.wait():
            said.seek(0)
            last = said.read().decode(errors="replace").strip().splitlines()[-3:]
            yield {"event": "failed", "error": " / ".join([f"exit {child.returncode}", *last])}


def environment(threads: int) -> dict[str, str]:
    """Return the variables that a child runs with: its number of threads, and the kernels of matrix products it is to use.

    Some wheels bring an OpenBLAS that is older than the processor, and pick kernels for one of long ago (faiss 1.15
    on AMD Zen 5: half the speed). All get the kernels that NumPy's own chooses here.
    """
    chosen = {"OPENBLAS_CORETYPE": kernel} if (kernel := _kernel()) else {}
    return _without_openblas() | dict.fromkeys(_THREADS, str(threads)) | chosen


@cache
def _kernel() -> str:
    told = subprocess.run(
        [sys.executable, "-c", _ASK_KERNEL],
        env=_without_openblas(),
        capture_output=True,
        text=True,
        check=True,
    )
    return told.stdout.strip()


def _without_openblas() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("OPENBLAS_")}


class _Watch:
    """Ends a process that takes longer than it is allowed."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._timer = Timer(0, self._end)
        self.ended = False

    def allow(self, seconds: float) -> None:
        """Give it so many seconds from now."""
        self._timer.cancel()
        self._timer = Timer(seconds, self._end)
        self._timer.daemon = True
        self._timer.start()

    def stop(self) -> None:
        """Watch no longer."""
        self._timer.cancel()

    def _end(self) -> None:
        self.ended = True
        self._process.kill()
