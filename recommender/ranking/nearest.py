"""The nearest of one vector, by the index that a site was given: `choose_index` chose it, or ``recommender tune``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.encoders.vocabulary import read_only
from recommender.index.code_scan import CodeScan, all_products
from recommender.index.planner import SearchPlan
from recommender.ranking.sketches import Sketches

__all__ = ["KINDS", "UNTUNED", "Search", "index_arrays", "is_index_array", "open_search", "plans_of"]

Search = Callable[[NDArray[np.float32], int], NDArray[np.int32]]
"""Called with a unit vector and n; returns up to n rows of the vectors nearest to it, in no order."""

KINDS = ("dense", "neural")
"""Vectors that an article has besides its words."""

UNTUNED = SearchPlan("sketches", rescored=5)
"""Of artifacts that say nothing: sketches are in all of them."""


def plans_of(facts: Mapping[str, Any]) -> dict[str, SearchPlan]:
    """Return how vectors of each kind are searched."""
    said = facts.get("index")
    return {kind: SearchPlan(**said[kind]) if said else UNTUNED for kind in KINDS}


def index_arrays(
    plan: SearchPlan,
    kind: str,
    vectors: NDArray[np.float32],
    n_jobs: int | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> dict[str, NDArray[Any]]:
    """Return what `open_search` reads beside vectors and sketches, as plain arrays by name."""
    if not vectors.size:
        return {}
    if plan.method == "codes":
        return {f"codes_{kind}_{name}": each for name, each in CodeScan.of(vectors, n_jobs)._asdict().items()}
    if plan.method == "graph":
        from recommender.index.graph import GraphIndex

        graph = GraphIndex(n_links=plan.n_links, n_jobs=n_jobs, on_progress=on_progress).fit(vectors)
        arrays = graph.to_arrays() | {"scale": np.array([graph.scale_])}
        return {f"graph_{kind}_{name}": each for name, each in arrays.items()}
    return {}


def is_index_array(name: str) -> bool:
    """Return whether `index_arrays` gave an array its name."""
    return name.startswith(("codes_", "graph_"))


def open_search(
    plan: SearchPlan, kind: str, vectors: NDArray[np.float32], arrays: Mapping[str, NDArray[Any]]
) -> Search:
    """Return the search for the nearest of one vector; what it needs is in `arrays`.

    Nothing is near a zero vector, and nothing is found where there are no vectors.
    """
    if not vectors.size:
        return _nobody
    if plan.method == "sketches":
        sketches = Sketches(*(arrays[f"{kind}_sketches_{field}"] for field in Sketches._fields))
        return lambda query, n: sketches.nearest(query, vectors, n, plan.rescored)
    if plan.method == "graph":
        return _by_graph(plan, kind, vectors, arrays)
    find = partial(_exactly, vectors=vectors)
    if plan.method == "codes":
        scan = CodeScan(*(arrays[f"codes_{kind}_{field}"] for field in CodeScan._fields))
        return partial(find, nearest=scan.nearest)
    return partial(find, nearest=all_products)


def _nobody(query: NDArray[np.float32], n: int) -> NDArray[np.int32]:
    return np.empty(0, dtype=np.int32)


def _exactly(
    query: NDArray[np.float32], n: int, vectors: NDArray[np.float32], nearest: Any
) -> NDArray[np.int32]:
    return np.asarray(nearest(query, vectors, n)) if query.any() else _nobody(query, n)


def _by_graph(
    plan: SearchPlan, kind: str, vectors: NDArray[np.float32], arrays: Mapping[str, NDArray[Any]]
) -> Search:
    from recommender.index.graph import GraphIndex

    begin = f"graph_{kind}_"
    stored = {name.removeprefix(begin): arrays[name] for name in arrays if name.startswith(begin)}
    scale = float(stored.pop("scale")[0])
    opened = {name: read_only(each) for name, each in stored.items()}
    graph = GraphIndex.open(opened, scale, read_only(vectors), beam=plan.beam, n_links=plan.n_links)

    def nearest(query: NDArray[np.float32], n: int) -> NDArray[np.int32]:
        return np.asarray(graph.kneighbors(query[None], n)[1][0]) if query.any() else _nobody(query, n)

    return nearest
