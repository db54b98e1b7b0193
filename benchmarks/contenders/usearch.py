"""USearch: HNSW over numbers of 8 to 32 bits."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.contenders.contract import Contender, Rows, Sweep, Task, Vectors

__all__ = ["HNSW"]


class HNSW(Contender):
    """``usearch.index.Index`` by cosine, for which its 8-bit numbers are made."""

    name = "usearch"
    package = "usearch"

    @classmethod
    def sweeps(cls, task: Task) -> list[Sweep]:
        """Vary the type of number, links per node, construction effort and search effort."""
        efforts = (16, 32, 64, 128, 256, 512) if task.full else (16, 32, 64, 128, 256)
        links = (12, 16, 32) if task.full else (16,)
        building = (50, 100, 200) if task.full else ((100,) if task.mode == "selfjoin" else (128,))
        return [
            Sweep(
                {"dtype": dtype, "connectivity": m, "expansion_add": effort},
                [{"expansion_search": n} for n in efforts],
            )
            for dtype in ("f32", "bf16", "i8")
            for m in links
            for effort in building
        ]

    def fit(self, vectors: Vectors, **build: Any) -> None:
        """Add all vectors at once."""
        from usearch.index import Index

        self._index: Any = Index(ndim=vectors.shape[1], metric="cos", enable_key_lookups=False, **build)
        self._index.add(np.arange(len(vectors), dtype=np.uint64), vectors, threads=self.threads)

    def tune(self, **search: Any) -> None:
        """Set the search effort."""
        self._index.expansion_search = search["expansion_search"]

    def search(self, queries: Vectors, k: int) -> Rows:
        """Search for all queries in one call; lists may be short."""
        matches = self._index.search(queries, k, threads=self.threads)
        if len(queries) == 1:
            return np.asarray(matches.keys).reshape(1, -1)
        rows: Rows = matches.keys.astype(np.int64)
        rows[np.arange(k) >= matches.counts[:, None]] = -1
        return rows

    def query(self, vector: Vectors) -> Rows:
        """Search for one query."""
        rows: Rows = self._index.search(vector, self.k, threads=1).keys
        return rows
