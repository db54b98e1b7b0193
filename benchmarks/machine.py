"""Origin of figures: the machine, the versions, the commit."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

__all__ = ["ROOT", "commit", "machine", "versions"]

ROOT = Path(__file__).resolve().parent.parent
_PACKAGES = ("recommender", "numpy", "scipy", "scikit-learn", "numba", "joblib", "orjson", "lxml")
_OPTIONAL = ("bm25s", "torch", "sentence-transformers")
_MEASURED = ("recommender", "benchmarks", "pyproject.toml", ":!benchmarks/results")


def machine() -> dict[str, Any]:
    """Return processor, cores (all, and those this process may use), memory in bytes, operating system."""
    return {
        "cpu": _cpu_model(),
        "cores": os.cpu_count(),
        "usable_cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_bytes": os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"),
        "os": platform.platform(),
    }


def versions() -> dict[str, str | None]:
    """Return the versions of Python and of the packages measured; None for one that is not installed."""
    return {"python": platform.python_version()} | {name: _version(name) for name in (*_PACKAGES, *_OPTIONAL)}


def commit() -> dict[str, Any]:
    """Return the commit, and whether the measured files differ from it; None for both without git."""
    head = _git("rev-parse", "HEAD")
    changed = _git("status", "--porcelain", "--", *_MEASURED)
    return {"commit": head, "dirty": None if changed is None else bool(changed)}


def _cpu_model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, "") or platform.processor() or platform.machine()


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()
