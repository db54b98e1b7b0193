"""The results folder: one JSON file per run, never changed after it was written."""

from __future__ import annotations

import json
import os
import statistics
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

from benchmarks.machine import commit, machine, versions
from recommender import RecommenderError
from recommender.errors import InputError, Problem

__all__ = ["DEFAULT_FOLDER", "Result", "new_result", "origin", "read_results", "spread", "write_result"]

Result: TypeAlias = dict[str, Any]
"""A run as JSON: the fields of `new_result`, and the measurement's own ``settings`` and ``figures``."""

DEFAULT_FOLDER = Path("benchmarks/results")
SCHEMA = 1
_FIELDS = ("schema", "measurement", "started", "commit", "machine", "versions", "seed", "settings", "figures")


def new_result(measurement: str, seed: int, settings: dict[str, Any]) -> Result:
    """Return a result without ``figures``. Called before measuring, so that time, load and commit are those of the start."""
    return {
        "schema": SCHEMA,
        "measurement": measurement,
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        **commit(),
        "machine": machine(),
        "load_average_before": list(os.getloadavg()),
        "versions": versions(),
        "seed": seed,
        "settings": settings,
    }


def origin(result: Result) -> list[str]:
    """Return the cells that identify a run: commit, with a plus if the tree differed from it, and start in UTC."""
    commit = (result["commit"] or "-")[:9] + ("+" if result["dirty"] else "")
    return [commit, result["started"][:16].replace("T", " ")]


def spread(values: Sequence[float]) -> dict[str, Any]:
    """Return the values with their minimum, median and maximum.

    Examples
    --------
    >>> spread([3.0, 1.0, 2.0])
    {'min': 1.0, 'median': 2.0, 'max': 3.0, 'raw': [3.0, 1.0, 2.0]}
    """
    return {
        "min": min(values),
        "median": statistics.median(values),
        "max": max(values),
        "raw": list(values),
    }


def write_result(folder: Path, result: Result, label: str) -> Path:
    """Write a result as ``MEASUREMENT-LABEL-TIME.json``; return the path.

    Raises
    ------
    RecommenderError
        If the file exists or cannot be written.
    """
    moment = datetime.fromisoformat(result["started"])
    path = folder / f"{result['measurement']}-{label}-{moment:%Y%m%dT%H%M%SZ}.json"
    result = result | {"load_average_after": list(os.getloadavg())}  # shows other processes
    text = json.dumps(result, indent=1, ensure_ascii=False) + "\n"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise RecommenderError(
            f"{path}: cannot be written ({error.strerror}); choose another --out"
        ) from error
    return path


def read_results(folder: Path) -> list[Result]:
    """Return the results in a folder, in the order of the files' names.

    Raises
    ------
    InputError
        If the folder does not exist, or listing every file that is not a result.
    """
    if not folder.is_dir():
        raise InputError(
            Problem("wanted a folder of results", "no such folder", "run a measurement", source=str(folder))
        )
    results, problems = [], []
    for path in sorted(folder.glob("*.json")):
        try:
            results.append(_checked(json.loads(path.read_text(encoding="utf-8"))))
        except (OSError, ValueError) as error:
            problems.append(Problem("no result of a run", str(error), "move the file away", source=str(path)))
    if problems:
        raise InputError(problems)
    return results


def _checked(result: object) -> Result:
    if not isinstance(result, dict):
        raise ValueError("no JSON object")
    missing = [field for field in _FIELDS if field not in result]
    if missing:
        raise ValueError(f"no {', '.join(missing)}")
    if result["schema"] != SCHEMA:
        raise ValueError(f"schema {result['schema']}, wanted {SCHEMA}")
    return result
