"""scikit-learn, the exact search that every Python site has."""

from __future__ import annotations

from typing import Any

from benchmarks.contenders.contract import Contender, Rows, Sweep, Task, Vectors

__all__ = ["BruteForce"]


class BruteForce(Contender):
    """`NearestNeighbors` by brute force.

    By Euclidean distance, which puts unit vectors in the order of their cosines, and for which scikit-learn has a
    fused search; by cosine it would write all distances out and take several times as long.
    """

    name = "scikit-learn"
    package = "scikit-learn"
    exact = True
    keeps_vectors = True

    @classmethod
    def sweeps(cls, task: Task) -> list[Sweep]:
        """Lay out one point: there is nothing to choose."""
        return [Sweep({"metric": "euclidean"})]

    def fit(self, vectors: Vectors, **build: Any) -> None:
        """Keep the vectors."""
        from sklearn.neighbors import NearestNeighbors

        self._index = NearestNeighbors(algorithm="brute", n_jobs=self.threads, **build).fit(vectors)

    def search(self, queries: Vectors, k: int) -> Rows:
        """Call it once for all, without distances."""
        rows: Rows = self._index.kneighbors(queries, k, return_distance=False)
        return rows

    def self_join(self, vectors: Vectors) -> Rows:
        """Call its own self-join."""
        rows: Rows = self._index.kneighbors(n_neighbors=self.k, return_distance=False)
        return rows
