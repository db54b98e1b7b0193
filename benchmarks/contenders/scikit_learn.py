"""scikit-learn: exact search by brute force."""

from __future__ import annotations

from typing import Any

from benchmarks.contenders.contract import Contender, Rows, Sweep, Task, Vectors

__all__ = ["BruteForce"]


class BruteForce(Contender):
    """`NearestNeighbors` by brute force.

    Uses Euclidean distance, which orders unit vectors as cosine does and for which scikit-learn has a fused search.
    With cosine it would store all distances and take several times as long.
    """

    name = "scikit-learn"
    package = "scikit-learn"
    exact = True
    keeps_vectors = True

    @classmethod
    def sweeps(cls, task: Task) -> list[Sweep]:
        """Return a single point, as there are no settings."""
        return [Sweep({"metric": "euclidean"})]

    def fit(self, vectors: Vectors, **build: Any) -> None:
        """Store the vectors."""
        from sklearn.neighbors import NearestNeighbors

        self._index = NearestNeighbors(algorithm="brute", n_jobs=self.threads, **build).fit(vectors)

    def search(self, queries: Vectors, k: int) -> Rows:
        """Search for all queries in one call, without distances."""
        rows: Rows = self._index.kneighbors(queries, k, return_distance=False)
        return rows

    def self_join(self, vectors: Vectors) -> Rows:
        """Run its self-join."""
        rows: Rows = self._index.kneighbors(n_neighbors=self.k, return_distance=False)
        return rows
