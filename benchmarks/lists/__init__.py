"""``run lists``: whether lists keep what they promise, what each rule of a policy gains and loses, and what it costs."""

from benchmarks.lists.command import NAME, command, measure
from benchmarks.lists.tables import table

__all__ = ["NAME", "command", "measure", "table"]
