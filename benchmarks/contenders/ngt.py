"""NGT of Yahoo Japan: a neighbourhood graph, with or without optimised edges. Its wheel has no quantised graph."""

from __future__ import annotations

import tempfile
from typing import Any

from benchmarks.contenders.contract import Contender, Rows, Sweep, Task, Vectors

__all__ = ["NGT"]


class NGT(Contender):
    """``ngtpy.Index`` by cosine of unit vectors."""

    name = "ngt"
    package = "ngt"

    @classmethod
    def sweeps(cls, task: Task) -> list[Sweep]:
        """Vary edges per node, their optimisation (ONNG), and the search range."""
        steps = (0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3) if task.full else (0.02, 0.06, 0.12, 0.2)
        edges = (10, 20, 40) if task.full else (20,)
        graphs = ("anng", "onng") if task.full or task.mode == "query" else ("anng",)
        return [
            Sweep({"graph": graph, "edges": n}, [{"epsilon": step} for step in steps])
            for graph in graphs
            for n in edges
        ]

    def fit(self, vectors: Vectors, **build: Any) -> None:
        """Insert all vectors at once. The index is on disk only while its edges are optimised."""
        import ngtpy

        self._folder = tempfile.TemporaryDirectory(prefix="benchmarks-")
        made, optimised = f"{self._folder.name}/anng", f"{self._folder.name}/onng"
        ngtpy.create(
            made,
            vectors.shape[1],
            edge_size_for_creation=build["edges"],
            distance_type="Normalized Cosine",
        )
        index = ngtpy.Index(made)
        index.batch_insert(vectors, self.threads)
        if build["graph"] == "onng":
            index.save()
            index.close()
            optimiser = ngtpy.Optimizer(
                num_of_outgoings=min(10, build["edges"]), num_of_incomings=6 * build["edges"]
            )
            optimiser.set_processing_modes(
                search_parameter_optimization=False,
                prefetch_parameter_optimization=False,
                accuracy_table_generation=False,
            )
            optimiser.execute(made, optimised)
            index = ngtpy.Index(optimised, read_only=True)
        self._index = index

    def tune(self, **search: Any) -> None:
        """Set the search range."""
        self._index.set(**search)

    def search(self, queries: Vectors, k: int) -> Rows:
        """Search for all queries in one call, on the threads of OpenMP."""
        import ngtpy

        results = ngtpy.BatchResults()
        self._index.batch_search(queries, results, k, with_distance=False)
        rows: Rows = results.get_ids()
        return rows

    def query(self, vector: Vectors) -> Rows:
        """Search for one query."""
        rows: Rows = self._index.search(vector, self.k, with_distance=False)
        return rows
