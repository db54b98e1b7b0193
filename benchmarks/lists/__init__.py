"""``run lists``: guarantees of lists, and the gain, loss and cost of each rule of a policy."""

from benchmarks.lists.command import NAME, command, measure
from benchmarks.lists.tables import table

__all__ = ["NAME", "command", "measure", "table"]
