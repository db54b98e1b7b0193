"""hnswlib, the reference HNSW."""

from __future__ import annotations

from typing import Any

from benchmarks.contenders.contract import Contender, Rows, Sweep, Task, Vectors

__all__ = ["HNSW"]


class HNSW(Contender):
    """``hnswlib.Index`` by inner product."""

    name = "hnswlib"
    package = "hnswlib"

    @classmethod
    def sweeps(cls, task: Task) -> list[Sweep]:
        """Vary links per node, construction effort and search effort."""
        efforts = (16, 32, 64, 128, 256, 512) if task.full else (16, 32, 64, 128, 256)
        links = (12, 16, 32) if task.full else (16,)
        building = (50, 100, 200, 400) if task.full else ((100,) if task.mode == "selfjoin" else (200,))
        return [
            Sweep({"M": m, "ef_construction": effort}, [{"ef": n} for n in efforts])
            for m in links
            for effort in building
        ]

    def fit(self, vectors: Vectors, **build: Any) -> None:
        """Add all vectors at once."""
        import hnswlib

        index = hnswlib.Index("ip", vectors.shape[1])
        index.init_index(len(vectors), random_seed=0, **build)
        index.set_num_threads(self.threads)
        index.add_items(vectors, num_threads=self.threads)
        self._index = index

    def tune(self, **search: Any) -> None:
        """Set the search effort, at least k."""
        self._index.set_ef(max(search["ef"], self.k + 1))

    def search(self, queries: Vectors, k: int) -> Rows:
        """Search for all queries in one call."""
        rows: Rows = self._index.knn_query(queries, k, num_threads=self.threads)[0]
        return rows
