"""One article or draft against the whole site: every article is scored, none guessed at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from recommender.ranking.sparse_rows import SparseRow
from recommender.ranking.weights import content_weights, leaning

if TYPE_CHECKING:
    from recommender.ranking.attributes import Attribute
    from recommender.ranking.site import Site

__all__ = ["Query", "rank_one"]


@dataclass(frozen=True, eq=False)
class Query:
    """One article or draft that asks for its list.

    Parameters
    ----------
    sparse : SparseRow
    dense, neural : ndarray of float32, shape (d,)
    mentions : SparseRow
        Rows of articles that it names or that name it, and how strongly; see `Mentions`.
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
    query: Query, site: Site, k: int, leave_out: int = -1
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return rows and scores of the k best articles, best first; fewer where fewer are related.

    Reads all vectors once, so the cost grows with the site.
    """
    content, in_common = _content(query, site)
    others = np.flatnonzero(in_common)
    rows = np.full(len(others), query.row)
    lean = np.full(len(others), query.lean, dtype=np.float32)
    logs = site.context.logs(query.attributes, rows, lean, others, site.weights)
    scores = content[others] * np.exp(sum(logs.values(), np.zeros(1)))
    kept = (scores >= site.weights.min_score) & (others != leave_out)
    others, scores = others[kept], scores[kept]
    order = np.lexsort((site.id_order[others], -scores))[:k]
    return others[order], scores[order]


def _content(query: Query, site: Site) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return every article's content score, and which of them have something in common."""
    shared = site.sparse.products(query.sparse, site.n_terms)
    near = site.above_strangers(np.asarray(site.neural @ query.neural))
    named = np.zeros(len(shared), dtype=np.float32)
    named[query.mentions.columns] = query.mentions.values
    planes = np.stack([shared, np.asarray(site.dense @ query.dense), near, named]).astype(np.float64)
    factors = content_weights(site.weights, query.lean, has_neural=site.has_neural)
    return factors.astype(np.float64) @ planes, (shared > 0) | (near > 0)
