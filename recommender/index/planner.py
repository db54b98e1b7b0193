"""Choice of an index by the size of a set of vectors, without measurements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["METHODS", "SearchPlan", "choose_index"]

METHODS = ("floats", "codes", "sketches", "graph")
"""Ways to answer a query, exact ones first: float32 vectors, 8-bit codes, 1-bit sketches, a graph."""

# largest n d searched in a millisecond
_QUICK = {"floats": 8e6, "codes": 24e6, "sketches": 140e6, "graph": float("inf")}
_RESCORED = ((2, 0.8), (5, 0.93), (10, 0.97), (20, 0.99))  # candidates per neighbour, and their recall
_BEAMS = ((400, 0.98), (600, 0.99), (800, 0.994), (1200, 0.996))  # of a graph with 32 links, and their recall
_JOINED = 100_000  # largest number of vectors that is joined exactly
_JOIN_RECALL = 0.99
_ENTRIES = 512  # rows of a graph at which a walk may begin


@dataclass(frozen=True)
class SearchPlan:
    """How single queries are answered, and how the neighbours of all vectors are found.

    Parameters
    ----------
    method : str
        One of `METHODS`. "floats" and "codes" read all vectors or all 8-bit codes and are exact for single queries;
        "sketches" reads one bit per dimension.
    n_links, beam : int
        Settings of a graph, see `GraphIndex`.
    rescored : int
        For sketches, the number of candidates per neighbour that are compared by their vectors.
    join_recall : float
        Recall of the join of all rows, whatever the method; below 1 the join is approximate. See `ClusteredIndex`.
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
        """Whether single queries find all of their nearest; the join may still be approximate."""
        return self.method in ("floats", "codes")

    @property
    def parameters(self) -> str:
        """The settings of the method, as text."""
        if self.method == "sketches":
            return f"{self.rescored} times as many compared"
        return f"{self.n_links} links, beam {self.beam}" if self.method == "graph" else ""

    def __str__(self) -> str:
        return f"{self.method}, {self.parameters}" if self.parameters else self.method

    def n_bytes(self, n: int, d: int) -> int:
        """Return the bytes of the arrays that a query reads, for vectors of shape (n, d).

        Vectors are counted only if the method reads all of them; those of a few candidates are read from the file.
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
    """Return a plan for vectors of shape (n, d): exact queries if they take at most a millisecond.

    Above 100,000 vectors the join is approximate, with a recall of .99.

    Parameters
    ----------
    n, d : int
    recall : float
        Share of the 400 nearest that a query should find, above 0; 1 requires an exact method.
    ram_mb : float or None
        Largest `SearchPlan.n_bytes` in megabytes (10^6 bytes); None for no bound. If no method fits, the smallest is
        chosen.

    Notes
    -----
    The bounds were measured on 146,000 LSA vectors of 256 dimensions with AVX-512 VNNI. The 400 nearest of one query
    take, on one core with warm caches: 4.4 ms by vectors, 1.6 ms by codes, .31 to 1.3 ms by sketches at a recall of .81
    to .99, and .29 to .92 ms by a graph of 32 links at .98 to .997. The time of all but the graph grows as n d. The 100
    nearest of every row take 22 s exactly and 5 s at a recall of .99, on two cores, and half of that for half as many
    rows. Recall and time differ on other vectors and machines; `recommender.tuning` measures them.

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
    """Yield a plan of each method that reaches the recall, in the order of `METHODS`."""
    yield SearchPlan("floats", join_recall=join)
    yield SearchPlan("codes", join_recall=join)
    if recall < 1:
        rescored = next((times for times, found in _RESCORED if found >= recall), 2 * _RESCORED[-1][0])
        yield SearchPlan("sketches", rescored=rescored, join_recall=join)
        beam = next((beam for beam, found in _BEAMS if found >= recall), 2 * _BEAMS[-1][0])
        yield SearchPlan("graph", n_links=32, beam=beam, join_recall=join)
