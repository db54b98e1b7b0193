"""Scalable Vector Search of Intel: a Vamana graph over 32-bit or 16-bit floats, LVQ or LeanVec codes."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.contenders.contract import Contender, Rows, Sweep, Task, Vectors

__all__ = ["Vamana"]

STORED = ("float32", "float16", "lvq4x8", "leanvec")


class Vamana(Contender):
    """``svs.Vamana`` by inner product. LVQ and LeanVec run only on processors of Intel; on others the process ends."""

    name = "svs"
    package = "scalable-vs"

    @classmethod
    def sweeps(cls, task: Task) -> list[Sweep]:
        """Vary the stored type, links per node, construction effort and search effort."""
        windows = (10, 15, 20, 30, 45, 70, 100, 200) if task.full else (10, 20, 40, 80, 160)
        degrees = (32, 64) if task.full else (32,)
        building = (64, 128, 200) if task.full else ((64,) if task.mode == "selfjoin" else (128,))
        return [
            Sweep(
                {"stored": stored, "graph_max_degree": degree, "window_size": effort},
                [{"search_window_size": max(n, task.k + 1)} for n in windows],
            )
            for stored in STORED
            for degree in degrees
            for effort in building
        ]

    def fit(self, vectors: Vectors, **build: Any) -> None:
        """Build the graph over the stored type. Codes are made from a file, which is written first."""
        import svs

        stored = build.pop("stored")
        settings = svs.VamanaBuildParameters(**build)
        with tempfile.TemporaryDirectory(prefix="benchmarks-") as folder:
            data = vectors.astype(stored) if stored.startswith("float") else _codes(vectors, stored, folder)
            self._index = svs.Vamana.build(settings, data, svs.DistanceType.MIP, num_threads=self.threads)
        self._index.num_threads = self.threads

    def tune(self, **search: Any) -> None:
        """Set the search effort."""
        self._index.search_window_size = search["search_window_size"]

    def search(self, queries: Vectors, k: int) -> Rows:
        """Search for all queries in one call."""
        rows: Rows = self._index.search(queries, k)[0]
        return rows


def _codes(vectors: Vectors, stored: str, folder: str) -> Any:
    import svs

    file = str(Path(folder) / "vectors.fvecs")
    svs.write_vecs(np.ascontiguousarray(vectors), file)
    d = vectors.shape[1]
    loader = svs.VectorDataLoader(file, svs.DataType.float32, dims=d)
    if stored == "leanvec":
        return svs.LeanVecLoader(
            loader, d // 2, primary_kind=svs.LeanVecKind.lvq4, secondary_kind=svs.LeanVecKind.lvq8
        )
    return svs.LVQLoader(loader, 4, 8, strategy=svs.LVQStrategy.Turbo)
