"""``run query`` and ``compare query``: one vector at a time, through Python, from a warm index."""

from __future__ import annotations

from benchmarks.compare.command import compare_command, run_command
from benchmarks.compare.tables import table

__all__ = ["NAME", "command", "compare", "table"]

NAME = "query"
_TEXT = "Ask held-out queries one at a time: p50, p95, p99, time to build, size, and recall worked out from the rows."

command = run_command("query", _TEXT)
compare = compare_command("query", _TEXT)
