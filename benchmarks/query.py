"""``run query`` and ``compare query``: single queries through Python to a warm index."""

from __future__ import annotations

from benchmarks.compare.command import compare_command, run_command
from benchmarks.compare.tables import table

__all__ = ["NAME", "command", "compare", "table"]

NAME = "query"
_TEXT = "Search for held-out queries one at a time: p50, p95, p99, build time, size, and recall from the rows found."

command = run_command("query", _TEXT)
compare = compare_command("query", _TEXT)
