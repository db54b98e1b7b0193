"""One article or draft against the site: all of its articles, or those worth an exact score, are scored alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from recommender.ranking.chance import calibrated
from recommender.ranking.sparse_rows import SparseRow
from recommender.ranking.weights import content_weights, leaning

if TYPE_CHECKING:
    from recommender.ranking.attributes import Attribute
    from recommender.ranking.site import Site

__all__ = ["FEW_ARTICLES", "Query", "inner_products", "rank_one"]

FEW_ARTICLES = 2048
"""Articles of a site, up to which comparing with all is as fast as choosing whom to compare with."""


@dataclass(frozen=True, eq=False)
class Query:
    """One article or draft that asks for its list.

    Parameters
    ----------
    sparse : SparseRow
    dense, neural : ndarray of float32, shape (d,)
    mentions : SparseRow
        Rows of articles that it names or that name it, ascending, and how strongly; see `Mentions`.
    attributes : mapping of str to Attribute
    row : int
        Where `attributes` have it.
    """

    sparse: SparseRow
    dense: NDArray[np.float32]
    neural: NDArray[np.float32]
    mentions: SparseRow
    attributes: Mapping[str, Attribute]
    row: int

    @property
    def lean(self) -> NDArray[np.float32]:
        """See `leaning`."""
        return leaning(len(self.sparse.columns))


def rank_one(
    query: Query,
    site: Site,
    k: int,
    rows: NDArray[np.integer[Any]] | None = None,
    allows: Callable[[NDArray[np.integer[Any]]], NDArray[np.bool_]] | None = None,
    floor: float = 0.0,
) -> tuple[NDArray[np.integer[Any]], NDArray[np.float64]]:
    """Return rows and scores of the k best articles, best first; fewer where fewer are related.

    Parameters
    ----------
    query : Query
    site : Site
    k : int
    rows : ndarray of int, or None
        Articles that are scored, none twice; None for all, which reads all vectors once and costs as the site grows.
    allows : callable or None
        Rows in, which of them may be in the list out.
    floor : float
        Least score, 0 to 1.
    """
    content, in_common = _content(query, site, rows)
    some = np.flatnonzero(in_common)
    others = some if rows is None else rows[some]
    if allows is not None:
        fine = allows(others)
        some, others = some[fine], others[fine]
    lean = np.full(len(others), query.lean, dtype=np.float32)
    logs = site.context.logs(query.attributes, np.full(len(others), query.row), lean, others, site.weights)
    scores = calibrated(content[some] * np.exp(sum(logs.values(), np.zeros(1))), site.chance)
    kept = scores >= floor
    others, scores = others[kept], scores[kept]
    order = np.lexsort((site.id_order[others], -scores))[:k]
    return others[order], scores[order]


def _content(
    query: Query, site: Site, rows: NDArray[np.integer[Any]] | None
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the content score of each of `rows`, and which of them have something in common with the query."""
    if rows is None:
        shared = site.sparse.all_products(query.sparse, site.n_terms)
        dense, neural = site.dense, site.neural
        named = np.zeros(len(shared), dtype=np.float32)
        named[query.mentions.columns] = query.mentions.values
    else:
        shared = site.sparse.products(query.sparse, rows)
        dense, neural = site.dense[rows], site.neural[rows]
        named = query.mentions.at(rows)
    near = site.above_strangers(inner_products(neural, query.neural))
    planes = np.stack([shared, inner_products(dense, query.dense), near, named]).astype(np.float64)
    factors = content_weights(site.weights, query.lean, has_neural=site.has_neural)
    return factors.astype(np.float64) @ planes, (shared > 0) | (near > 0)


def inner_products(vectors: NDArray[np.float32], query: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the inner product of each vector with `query`.

    Not by ``@``: for so little, waking the threads of BLAS costs more than it saves, and milliseconds on a busy machine.
    """
    return np.asarray(np.einsum("ij,j->i", vectors, query))
