"""Targets of an index, and which of them a measurement misses."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

__all__ = ["Measured", "Targets"]

_FINEST = 0.001  # smallest share of missed neighbours that recall is compared with


@dataclass(frozen=True)
class Measured:
    """Recall and time of a set of queries.

    Parameters
    ----------
    recall, recall_error : float
        Mean share of the nearest that was found, 0 to 1, and its standard error.
    p50_ms, p99_ms : float
        Median and 99th percentile of the time of a query, in milliseconds.
    n_queries : int
    """

    recall: float
    recall_error: float
    p50_ms: float
    p99_ms: float
    n_queries: int


@dataclass(frozen=True)
class Targets:
    """Requirements that an index must meet.

    Parameters
    ----------
    recall : float
        Mean share of the nearest that is found, above 0 and up to 1.
    p99_ms : float
        99th percentile of the time of a query in milliseconds, above 0.
    ram_mb : float or None
        Largest size of the arrays that queries read, in megabytes (10^6 bytes), above 0. None for no bound.
    """

    recall: float = 0.99
    p99_ms: float = 1.0
    ram_mb: float | None = None

    def __post_init__(self) -> None:
        if not 0 < self.recall <= 1:
            raise ValueError(f"recall must be above 0 and up to 1, got {self.recall}")
        if not 0 < self.p99_ms < inf:
            raise ValueError(f"p99_ms must be above 0, got {self.p99_ms}")
        if self.ram_mb is not None and not 0 < self.ram_mb < inf:
            raise ValueError(f"ram_mb must be above 0, got {self.ram_mb}")

    def missed(self, mb: float, measured: Measured | None = None) -> dict[str, float]:
        """Return the targets that an index of `mb` megabytes misses, and by which factor.

        Recall is compared by the share of misses. Without `measured` only memory is checked.

        Examples
        --------
        >>> slow = Measured(recall=0.98, recall_error=0.001, p50_ms=1.0, p99_ms=3.0, n_queries=500)
        >>> {name: round(times, 3) for name, times in Targets(p99_ms=2.0).missed(10.0, slow).items()}
        {'recall': 2.0, 'p99': 1.5}
        """
        found = {}
        if measured is not None:
            if measured.recall < self.recall:
                found["recall"] = max((1 - measured.recall) / max(1 - self.recall, _FINEST), 1.0)
            if measured.p99_ms > self.p99_ms:
                found["p99"] = measured.p99_ms / self.p99_ms
        if self.ram_mb is not None and mb > self.ram_mb:
            found["ram"] = mb / self.ram_mb
        return found
