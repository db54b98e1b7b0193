"""The vectors nearest to one vector, found by the method of a `SearchPlan`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from recommender.index.kernels.array_layout import read_only
from recommender.index.planner import SearchPlan
from recommender.index.sketches import Sketches

__all__ = ["VectorSearch"]


@dataclass(frozen=True, eq=False)
class VectorSearch:
    """Arrays of a search beside the vectors.

    Parameters
    ----------
    plan : SearchPlan
    sketches : Sketches
        Present with every plan.
    codes : mapping of str to ndarray
        Fields of `CodeScan`; empty unless the plan uses codes.
    graph : mapping of str to ndarray
        Arrays of `GraphIndex.to_arrays` and ``scale``; empty unless the plan uses a graph.
    """

    plan: SearchPlan
    sketches: Sketches
    codes: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    graph: Mapping[str, NDArray[Any]] = field(default_factory=dict)

    @classmethod
    def fit(
        cls,
        vectors: NDArray[np.float32],
        plan: SearchPlan,
        *,
        sketches: Sketches | None = None,
        n_jobs: int | None = None,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> Self:
        """Return the search of float32 unit rows. Given `sketches` are not made again."""
        sketches = Sketches.of(vectors) if sketches is None else sketches
        codes: Mapping[str, NDArray[Any]] = {}
        graph: Mapping[str, NDArray[Any]] = {}
        if vectors.size and plan.method == "codes":
            from recommender.index.code_scan import CodeScan

            codes = CodeScan.of(vectors, n_jobs)._asdict()
        if vectors.size and plan.method == "graph":
            from recommender.index.graph import GraphIndex

            fitted = GraphIndex(n_links=plan.n_links, n_jobs=n_jobs, on_progress=on_progress).fit(vectors)
            graph = fitted.to_arrays() | {"scale": np.array([fitted.scale_])}
        return cls(plan, sketches, codes, graph)

    def nearest(self, query: NDArray[np.float32], vectors: NDArray[np.float32], n: int) -> NDArray[np.int32]:
        """Return up to `n` rows of `vectors` with the largest inner products with `query`, in no order.

        A zero vector has no neighbours.
        """
        if not vectors.size or not query.any():
            return np.empty(0, dtype=np.int32)
        if self.plan.method == "sketches":
            return self.sketches.nearest(query, vectors, n, self.plan.rescored)
        if self.plan.method == "graph":
            return self._by_graph(query, vectors, n)
        from recommender.index.code_scan import CodeScan, all_products

        if self.plan.method == "codes":
            return CodeScan(**self.codes).nearest(query, vectors, n)
        return all_products(query, vectors, n)

    def _by_graph(
        self, query: NDArray[np.float32], vectors: NDArray[np.float32], n: int
    ) -> NDArray[np.int32]:
        from recommender.index.graph import GraphIndex

        arrays = {name: read_only(each) for name, each in self.graph.items() if name != "scale"}
        scale = float(self.graph["scale"][0])
        graph = GraphIndex.open(
            arrays, scale, read_only(vectors), beam=self.plan.beam, n_links=self.plan.n_links
        )
        return np.asarray(graph.kneighbors(query[None], n)[1][0])
