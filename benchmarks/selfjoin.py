"""``run selfjoin`` and ``compare selfjoin``: the neighbours of all vectors at once."""

from __future__ import annotations

from benchmarks.compare.command import compare_command, run_command
from benchmarks.compare.tables import table

__all__ = ["NAME", "command", "compare", "table"]

NAME = "selfjoin"
_TEXT = "Find the neighbours of all vectors: time with set-up, memory, and recall from the rows found."

command = run_command("selfjoin", _TEXT)
compare = compare_command("selfjoin", _TEXT)
