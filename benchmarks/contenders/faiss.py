"""Faiss: exact search, inverted lists, and HNSW."""

from __future__ import annotations

import math
from typing import Any

from benchmarks.contenders.contract import Contender, Rows, Settings, Sweep, Task, Vectors

__all__ = ["HNSW", "IVF", "IVFPQ", "Flat"]


class Flat(Contender):
    """``IndexFlatIP``, and the base class of all indexes of the factory."""

    name = "faiss-flat"
    package = "faiss-cpu"
    exact = True

    @classmethod
    def sweeps(cls, task: Task) -> list[Sweep]:
        """Return a single point, as there are no settings."""
        return [Sweep({"factory": "Flat"})]

    def fit(self, vectors: Vectors, **build: Any) -> None:
        """Train on the vectors and add them."""
        import faiss

        faiss.omp_set_num_threads(self.threads)
        index = faiss.index_factory(vectors.shape[1], build["factory"], faiss.METRIC_INNER_PRODUCT)
        self._configure(index, build)
        index.train(vectors)
        index.add(vectors)
        self._index = index

    def _configure(self, index: Any, build: Settings) -> None:
        """Set options that the factory string cannot express."""

    def tune(self, **search: Any) -> None:
        """Set ``nprobe``, ``k_factor_rf`` or ``efSearch``, with the names of faiss."""
        import faiss

        settings = ",".join(f"{name}={value}" for name, value in search.items())
        space: Any = faiss.ParameterSpace()
        space.set_index_parameters(self._index, settings)

    def search(self, queries: Vectors, k: int) -> Rows:
        """Search for all queries in one call."""
        rows: Rows = self._index.search(queries, k)[1]
        return rows


class IVF(Flat):
    """Inverted lists of full vectors or of 8 bits per dimension."""

    name = "faiss-ivf"
    exact = False

    @classmethod
    def sweeps(cls, task: Task) -> list[Sweep]:
        """Vary the number of lists, by the square root of n, and of probed lists."""
        probes = (1, 2, 4, 8, 16, 32, 64, 128, 256) if task.full else (4, 8, 16, 32, 64, 128)
        searches = [{"nprobe": n} for n in probes if n <= 4 * math.isqrt(task.n)] or [{"nprobe": 1}]
        training = (64, 256) if task.full else (64,)  # training vectors per list
        return [
            Sweep({"factory": f"IVF{_lists(task, share)},{codes}", "points_per_list": points}, searches)
            for share in ((1, 4, 8) if task.full else (4,))
            for codes in ("Flat", "SQ8")
            for points in training
        ]

    def _configure(self, index: Any, build: Settings) -> None:
        import faiss

        faiss.extract_index_ivf(index).cp.max_points_per_centroid = build["points_per_list"]


class IVFPQ(IVF):
    """Inverted lists of 4-bit codes with fast scan, and the best rescored with full vectors."""

    name = "faiss-ivfpq"

    @classmethod
    def sweeps(cls, task: Task) -> list[Sweep]:
        """Vary lists, probes, and the number of rescored vectors."""
        probes = (4, 8, 16, 32, 64, 128, 256) if task.full else (8, 16, 32, 64, 128)
        again = (2, 4, 10, 20) if task.full else (4, 10)
        searches = [{"nprobe": n, "k_factor_rf": times} for n in probes for times in again]
        codes = task.d // 2 if task.d % 2 == 0 else task.d
        kinds = ("fs", "fsr") if task.full else ("fs",)  # fsr: of residuals
        return [
            Sweep(
                {"factory": f"IVF{_lists(task, share)},PQ{codes}x4{kind},RFlat", "points_per_list": 64},
                searches,
            )
            for share in ((1, 4, 8) if task.full else (4,))
            for kind in kinds
        ]


class HNSW(Flat):
    """A graph over full vectors or over 8 bits per dimension."""

    name = "faiss-hnsw"
    exact = False

    @classmethod
    def sweeps(cls, task: Task) -> list[Sweep]:
        """Vary links per node, construction effort and search effort."""
        efforts = (16, 32, 64, 128, 256, 512) if task.full else (16, 32, 64, 128, 256)
        links = (16, 32) if task.full or task.mode == "query" else (16,)
        building = (40, 100, 200) if task.full else (100,)
        return [
            Sweep(
                {"factory": f"HNSW{m},{codes}", "efConstruction": effort}, [{"efSearch": n} for n in efforts]
            )
            for m in links
            for effort in building
            for codes in ("Flat", "SQ8")
        ]

    def _configure(self, index: Any, build: Settings) -> None:
        index.hnsw.efConstruction = build["efConstruction"]


def _lists(task: Task, share: int) -> int:
    """Return a multiple of the root of n, at most the number for which k-means trains without a warning."""
    return max(1, min(share * math.isqrt(task.n), task.n // 39))
