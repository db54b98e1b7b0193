"""ScaNN: a tree of partitions, anisotropic codes of 4 bits, and rescoring of the best."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from benchmarks.contenders.contract import Contender, Rows, Sweep, Task, Vectors

__all__ = ["ScaNN"]


class ScaNN(Contender):
    """The searcher of ``scann_ops_pybind`` by dot product, as its documentation advises for these sizes."""

    name = "scann"
    package = "scann"

    @classmethod
    def sweeps(cls, task: Task) -> list[Sweep]:
        """Vary leaves by the root of n, searched leaves, and rescored vectors."""
        share = (0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32) if task.full else (0.01, 0.03, 0.08, 0.2)
        again = (3, 10, 30) if task.full else (5, 15)  # times k
        leaves = [max(2, math.isqrt(task.n) * times) for times in ((1, 2, 4) if task.full else (1, 2))]
        return [
            Sweep(
                {"num_leaves": n, "soar_lambda": spill},
                [
                    {
                        "leaves_to_search": max(1, round(n * part)),
                        "pre_reorder_num_neighbors": times * (task.k + 1),
                    }
                    for part in share
                    for times in again
                ],
            )
            for n in leaves
            for spill in ((None, 1.5) if task.full else (None,))
        ]

    def fit(self, vectors: Vectors, **build: Any) -> None:
        """Train the tree and the codes, and store the vectors for rescoring."""
        from scann import scann_ops_pybind

        leaves = build["num_leaves"]
        self._index = (
            scann_ops_pybind.builder(vectors, self.k + 1, "dot_product")
            .tree(
                num_leaves=leaves,
                num_leaves_to_search=leaves,
                training_sample_size=min(len(vectors), 250_000),
                soar_lambda=build["soar_lambda"],
            )
            .score_ah(2, anisotropic_quantization_threshold=0.2)
            .reorder(10 * (self.k + 1))
            .set_n_training_threads(self.threads)
            .build()
        )
        self._index.set_num_threads(self.threads)

    def tune(self, **search: Any) -> None:
        """Set the number of searched leaves and rescored vectors."""
        self._effort = search

    def search(self, queries: Vectors, k: int) -> Rows:
        """Search for all queries on several threads."""
        found, scores = self._index.search_batched_parallel(queries, final_num_neighbors=k, **self._effort)
        rows: Rows = np.where(np.isnan(scores), -1, found.astype(np.int64))
        return rows

    def query(self, vector: Vectors) -> Rows:
        """Search for one query."""
        rows: Rows = self._index.search(vector, final_num_neighbors=self.k, **self._effort)[0]
        return rows
