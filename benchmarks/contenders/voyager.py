"""Voyager of Spotify: HNSW over numbers of 32 or 8 bits."""

from __future__ import annotations

from typing import Any

from benchmarks.contenders.contract import Contender, Rows, Sweep, Task, Vectors

__all__ = ["HNSW"]


class HNSW(Contender):
    """``voyager.Index`` by cosine."""

    name = "voyager"
    package = "voyager"

    @classmethod
    def sweeps(cls, task: Task) -> list[Sweep]:
        """Vary the type of number, links per node, construction effort and search effort."""
        efforts = (16, 32, 64, 128, 256, 512) if task.full else (16, 32, 64, 128, 256)
        links = (12, 16, 32) if task.full else (16,)
        building = (50, 100, 200) if task.full else ((100,) if task.mode == "selfjoin" else (200,))
        storage = ("Float32", "Float8", "E4M3") if task.full else ("Float32", "Float8")
        return [
            Sweep({"storage": stored, "M": m, "ef_construction": effort}, [{"query_ef": n} for n in efforts])
            for stored in storage
            for m in links
            for effort in building
        ]

    def fit(self, vectors: Vectors, **build: Any) -> None:
        """Add all vectors at once."""
        import voyager

        storage = voyager.StorageDataType[build.pop("storage")]
        self._index = voyager.Index(
            voyager.Space.Cosine, vectors.shape[1], random_seed=0, storage_data_type=storage, **build
        )
        self._index.add_items(vectors, num_threads=self.threads)

    def tune(self, **search: Any) -> None:
        """Set the search effort, at least k."""
        self._effort = max(search["query_ef"], self.k + 1)

    def search(self, queries: Vectors, k: int) -> Rows:
        """Search for all queries in one call."""
        rows: Rows = self._index.query(queries, k, num_threads=self.threads, query_ef=self._effort)[0]
        return rows

    def query(self, vector: Vectors) -> Rows:
        """Search for one query."""
        rows: Rows = self._index.query(vector, self.k, query_ef=self._effort)[0]
        return rows
