"""Annoy, a forest of random projections."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.contenders.contract import Contender, Rows, Sweep, Task, Vectors, without_itself

__all__ = ["Trees"]


class Trees(Contender):
    """``AnnoyIndex`` by angle. It builds on all threads and searches on one, as a search holds the GIL."""

    name = "annoy"
    package = "annoy"

    @classmethod
    def sweeps(cls, task: Task) -> list[Sweep]:
        """Vary the number of trees and of vectors compared per search."""
        nodes = (1_000, 2_000, 5_000, 10_000, 20_000, 50_000) if task.full else (1_000, 3_000, 10_000, 30_000)
        trees = (20, 50, 100) if task.full else (50,)
        return [Sweep({"n_trees": n}, [{"search_k": m} for m in nodes]) for n in trees]

    def fit(self, vectors: Vectors, **build: Any) -> None:
        """Add the vectors one by one, the only way, and build."""
        from annoy import AnnoyIndex

        self._index = AnnoyIndex(vectors.shape[1], "angular")
        self._index.set_seed(1)
        for row, vector in enumerate(vectors):
            self._index.add_item(row, vector)
        self._index.build(build["n_trees"], n_jobs=self.threads)

    def tune(self, **search: Any) -> None:
        """Set the number of vectors compared per search."""
        self._search_k = search["search_k"]

    def search(self, queries: Vectors, k: int) -> Rows:
        """Search for each query; there is no batch call."""
        return _padded([self._index.get_nns_by_vector(vector, k, self._search_k) for vector in queries], k)

    def self_join(self, vectors: Vectors) -> Rows:
        """Search for each stored vector."""
        k = self.k + 1
        lists = [self._index.get_nns_by_item(row, k, self._search_k) for row in range(len(vectors))]
        return without_itself(_padded(lists, k))

    def query(self, vector: Vectors) -> Rows:
        """Search for one query."""
        return np.array(self._index.get_nns_by_vector(vector, self.k, self._search_k), dtype=np.int64)


def _padded(lists: list[list[int]], k: int) -> Rows:
    rows = np.full((len(lists), k), -1, dtype=np.int64)
    for row, found in zip(rows, lists, strict=True):
        row[: len(found)] = found
    return rows
