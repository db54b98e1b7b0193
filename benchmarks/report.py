"""Results as Markdown. The text depends on the results only, not on the time or the machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.measurements import MEASUREMENTS
from benchmarks.results import Result

__all__ = ["report"]


def report(results: Sequence[Result]) -> str:
    """Return a section for each measurement with its runs in order of start, and the machines.

    Raises
    ------
    KeyError
        If a result belongs to an unknown measurement.
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
