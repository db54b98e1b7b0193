"""What is promised of an index, and whether what was measured keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

__all__ = ["Measured", "Promises"]

_FINEST = 0.001  # share of the nearest below which it does not matter by how many times more are missed


@dataclass(frozen=True)
class Measured:
    """What some queries found and took.

    Parameters
    ----------
    recall, recall_error : float
        Mean share of the nearest that was found, 0 to 1, and its standard error.
    p50_ms, p99_ms : float
        Milliseconds that half of the queries took at most, and 99 of 100.
    n_queries : int
    """

    recall: float
    recall_error: float
    p50_ms: float
    p99_ms: float
    n_queries: int


@dataclass(frozen=True)
class Promises:
    """What an index is to keep.

    Parameters
    ----------
    recall : float
        Share of the nearest that is found in the mean, above 0 and up to 1.
    p99_ms : float
        Milliseconds that 99 of 100 queries take at most, above 0.
    ram_mb : float or None
        Megabytes (10^6 bytes) of arrays that queries read, above 0; None for no bound.
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

    def broken(self, mb: float, measured: Measured | None = None) -> dict[str, float]:
        """Return how many times worse than promised an index of `mb` megabytes is, for each promise that it breaks.

        Of recall it is the misses that are compared. Without `measured` memory alone is told.

        Examples
        --------
        >>> slow = Measured(recall=0.98, recall_error=0.001, p50_ms=1.0, p99_ms=3.0, n_queries=500)
        >>> {name: round(times, 3) for name, times in Promises(p99_ms=2.0).broken(10.0, slow).items()}
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
