"""Which index, where nothing was measured: how single queries are answered and how all lists are joined, by size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["METHODS", "SearchPlan", "choose_index"]

METHODS = ("floats", "codes", "sketches", "graph")
"""Ways to answer a query, exact ones first."""

# n d, answered in a millisecond
_QUICK = {"floats": 8e6, "codes": 24e6, "sketches": 140e6, "graph": float("inf")}
_RESCORED = ((2, 0.8), (5, 0.93), (10, 0.97), (20, 0.99))  # sketches compared for each wanted, and the recall
_BEAMS = ((400, 0.98), (600, 0.99), (800, 0.994), (1200, 0.996))  # of a graph of 32 links
_JOINED = 100_000  # vectors joined exactly
_JOIN_RECALL = 0.99
_ENTRIES = 512  # rows of a graph that a walk may begin at


@dataclass(frozen=True)
class SearchPlan:
    """How the vectors of a site are searched.

    Parameters
    ----------
    method : str
        Of `METHODS`: all vectors, exactly; their codes of 8 bits, exactly; their sketches of a bit a dimension; a graph.
    n_links, beam : int
        Of a graph, see `GraphIndex`.
    rescored : int
        Of sketches: so many times as many as are wanted are compared by their vectors.
    join_recall : float
        Share of the neighbours that a join of all rows finds; from 1 on it is exact. See `ClusteredIndex`.
    """

    method: str = "floats"
    n_links: int = 0
    beam: int = 0
    rescored: int = 0
    join_recall: float = 1.0

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise ValueError(f"wanted a method of {', '.join(METHODS)}, got {self.method!r}")

    @property
    def exact(self) -> bool:
        """Whether a query finds all of its nearest."""
        return self.method in ("floats", "codes")

    @property
    def parameters(self) -> str:
        """What there is to say of the method."""
        if self.method == "sketches":
            return f"{self.rescored} times as many compared"
        return f"{self.n_links} links, beam {self.beam}" if self.method == "graph" else ""

    def __str__(self) -> str:
        return f"{self.method}, {self.parameters}" if self.parameters else self.method

    def n_bytes(self, n: int, d: int) -> int:
        """Return the bytes of the arrays that a query reads, for vectors of shape (n, d).

        Of the vectors themselves only where it reads them all: those that are compared are read from the file.
        """
        width = -(-d // 64) * 64
        if self.method == "floats":
            return 4 * n * d
        if self.method == "sketches":
            return n * width // 8 + 4 * d * width
        if self.method == "codes":
            return n * width + 12 * width + 16
        return n * (width + 4 * self.n_links + 4) + min(n, _ENTRIES) * (width + 4) + 12 * width + 4


def choose_index(n: int, d: int, recall: float = 0.9, ram_mb: float | None = None) -> SearchPlan:
    """Return the plan for vectors of shape (n, d) that nobody has tuned: exact as far as that takes a millisecond.

    Parameters
    ----------
    n, d : int
    recall : float
        Share of the 400 nearest that a query is to find, above 0; 1 wants an exact method.
    ram_mb : float or None
        Megabytes (10^6 bytes) that `SearchPlan.n_bytes` may be; None for no bound. Where none is so small: the
        smallest.

    Notes
    -----
    The bounds are from 146,000 LSA vectors of 256 dimensions and two cores with AVX-512 VNNI. For the 400 nearest of one
    query, on one core, warm: all vectors take 4.4 ms, codes 1.6 ms, sketches .31 to 1.3 ms with a recall of .81 to .99,
    a graph of 32 links .29 to .92 ms with .98 to .997. All but the graph read everything, in time that grows as n d. The 100
    nearest of each row: exactly 22 s, at a recall of .99 in 5 s, and half of that for half as many. On other vectors and
    machines recall and times differ: ``recommender tune`` measures them.

    Examples
    --------
    >>> for n in (10_000, 50_000, 146_000, 1_000_000):
    ...     print(choose_index(n, 256))
    floats
    codes
    sketches, 5 times as many compared
    graph, 32 links, beam 400
    """
    plans = list(_plans(recall, 1.0 if n <= _JOINED else _JOIN_RECALL))
    fitting = [plan for plan in plans if ram_mb is None or plan.n_bytes(n, d) <= 1e6 * ram_mb]
    for plan in fitting:
        if n * d <= _QUICK[plan.method]:
            return plan
    return fitting[-1] if fitting else min(plans, key=lambda plan: plan.n_bytes(n, d))


def _plans(recall: float, join: float) -> Iterator[SearchPlan]:
    """Return a plan of each method that reaches a recall."""
    yield SearchPlan("floats", join_recall=join)
    yield SearchPlan("codes", join_recall=join)
    if recall < 1:
        rescored = next((times for times, found in _RESCORED if found >= recall), 2 * _RESCORED[-1][0])
        yield SearchPlan("sketches", rescored=rescored, join_recall=join)
        beam = next((beam for beam, found in _BEAMS if found >= recall), 2 * _BEAMS[-1][0])
        yield SearchPlan("graph", n_links=32, beam=beam, join_recall=join)
