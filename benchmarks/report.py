"""Results in, Markdown out: no clock, no machine, no other file, so the same results give the same text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.measurements import MEASUREMENTS
from benchmarks.results import Result

__all__ = ["report"]


def report(results: Sequence[Result]) -> str:
    """Return a section for each measurement, its runs by start, and the machines they ran on.

    Raises
    ------
    KeyError
        If a result is not of a known measurement.
    """
    if not results:
        return "No results yet.\n"
    ordered = sorted(results, key=lambda result: (result["started"], result["measurement"]))
    sections = []
    for name in sorted({result["measurement"] for result in ordered}):
        runs = [result for result in ordered if result["measurement"] == name]
        sections.append(f"## {name}\n\n{MEASUREMENTS[name].table(runs)}")
    machines = list(dict.fromkeys(_machine_line(result) for result in ordered))
    sections.append("## Measured on\n\n" + "".join(f"- {line}\n" for line in machines))
    return "\n".join(sections)


def _machine_line(result: Result) -> str:
    machine: dict[str, Any] = result["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in result["versions"].items() if version)
    memory = f"{machine['memory_bytes'] / 2**30:.0f} GiB"
    return f"{machine['cpu']}, {machine['usable_cores']} cores, {memory}, {machine['os']}; {versions}"
