"""PyNNDescent, the only peer made for the self-join."""

from __future__ import annotations

from typing import Any

from benchmarks.contenders.contract import Contender, Rows, Sweep, Task, Vectors, without_itself

__all__ = ["NeighbourDescent"]


class NeighbourDescent(Contender):
    """``NNDescent`` by the metric for unit vectors. Compilation is not timed."""

    name = "pynndescent"
    package = "pynndescent"
    keeps_vectors = True

    @classmethod
    def sweeps(cls, task: Task) -> list[Sweep]:
        """Vary the width of the graph for the self-join, or of the search for queries."""
        if task.mode == "selfjoin":
            widths = (15, 20, 30, 45, 60, 90) if task.full else (15, 30, 60)
            return [Sweep({"n_neighbors": max(n, task.k + 1)}) for n in widths]
        steps = (0.0, 0.03, 0.06, 0.1, 0.15, 0.2, 0.3) if task.full else (0.0, 0.05, 0.1, 0.2, 0.3)
        graphs = (20, 30, 60) if task.full else (30,)
        return [
            Sweep({"n_neighbors": n, "quantization": codes}, [{"epsilon": step} for step in steps])
            for n in graphs
            for codes in (None, "int8")
        ]

    def fit(self, vectors: Vectors, **build: Any) -> None:
        """Build the graph; for queries also prepare the search."""
        from pynndescent import NNDescent

        self._index = NNDescent(vectors, metric="dot", n_jobs=self.threads, random_state=0, **build)
        if self.mode == "query":
            self._index.prepare()

    def tune(self, **search: Any) -> None:
        """Set the search range."""
        self._search = search

    def search(self, queries: Vectors, k: int) -> Rows:
        """Search for all queries in one call."""
        rows: Rows = self._index.query(queries, k, **self._search)[0]
        return rows

    def self_join(self, vectors: Vectors) -> Rows:
        """Return the graph without the vector itself."""
        rows: Rows = self._index.neighbor_graph[0]
        return without_itself(rows[:, : self.k + 1])
