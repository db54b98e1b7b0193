"""Measurement of a fresh Python process: its cost from start to exit, and its output."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

from benchmarks.machine import ROOT
from recommender import RecommenderError

__all__ = ["Cost", "MeasuringError", "run_python", "run_step"]

_RSS_UNIT = 1 if sys.platform == "darwin" else 1024  # getrusage counts kilobytes, on macOS bytes


class MeasuringError(RecommenderError):
    """A measured process failed."""


class Cost(NamedTuple):
    """Cost of a whole process.

    Attributes
    ----------
    wall_s : float
        Seconds from before its start to after its exit.
    cpu_s : float
        Seconds of processor time, user and system, of all threads.
    peak_rss_bytes : int
        Peak memory, including mapped file pages that were read. On Linux it is at least the memory of the parent
        process at the start, as the kernel counts from before the exec, so the parent must stay small.
    """

    wall_s: float
    cpu_s: float
    peak_rss_bytes: int


def run_python(*arguments: str) -> tuple[Cost, str]:
    """Run ``python ARGUMENTS`` in the root of the repository; return its cost and its standard output.

    Raises
    ------
    MeasuringError
        If its exit code is not 0. Its messages are on standard error.
    """
    start = time.perf_counter()
    with subprocess.Popen([sys.executable, *arguments], cwd=ROOT, stdout=subprocess.PIPE) as process:
        output = process.stdout.read() if process.stdout is not None else b""
        _, status, usage = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise MeasuringError(
            f"wanted exit 0 from python {' '.join(arguments)}, got {process.returncode}; its messages are above"
        )
    cost = Cost(wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * _RSS_UNIT)
    return cost, output.decode()


def run_step(step: str, **settings: Any) -> tuple[Cost, Any]:
    """Run a function of `benchmarks.steps` in a fresh process; return its cost and what it returned."""
    cost, output = run_python("-m", "benchmarks.steps", step, json.dumps(settings))
    return cost, json.loads(output)


def own_peak_rss_bytes() -> int:
    """Return the peak memory of this process, the smallest possible `Cost.peak_rss_bytes` on Linux."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _RSS_UNIT


def as_columns(costs: list[Cost]) -> Mapping[str, list[float]]:
    """Return the costs as a list for each field."""
    return {field: [getattr(cost, field) for cost in costs] for field in Cost._fields}
