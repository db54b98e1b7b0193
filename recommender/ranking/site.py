"""A built site as it lies in the artifact: what one list and the reasons are computed from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from recommender.ranking.attributes import open_attributes
from recommender.ranking.context import Context
from recommender.ranking.one_list import Query
from recommender.ranking.recency import weights_for
from recommender.ranking.sparse_rows import SparseRows
from recommender.ranking.weights import Weights

if TYPE_CHECKING:
    from recommender.encoders.lexical import Vectors
    from recommender.ranking.all_lists import Ranked
    from recommender.ranking.attributes import Attribute
    from recommender.ranking.mentions import Mentions

__all__ = ["LEARNED", "Site", "arrays_of", "facts_of"]

LEARNED = "encoder_"
"""Begins the name of an array that the encoder of words learned."""


@dataclass(frozen=True, eq=False)
class Site:
    """The vectors of all articles and what is known beside them, opened without reading them."""

    sparse: SparseRows
    mentions: SparseRows
    dense: NDArray[np.float32]
    neural: NDArray[np.float32]
    stranger: float
    n_terms: int
    id_order: NDArray[np.int32]
    context: Context
    weights: Weights
    chance: float

    @classmethod
    def open(cls, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> Self:
        """Return the site of an artifact's arrays and facts."""
        ratios = {name: np.array(each, dtype=np.float32) for name, each in facts["log_ratios"].items()}
        return cls(
            SparseRows.of(arrays, "sparse"), SparseRows.of(arrays, "mentions"), arrays["dense"], arrays["neural"],
            facts["stranger"], len(arrays[f"{LEARNED}vocabulary_hashes"]),
            arrays["id_order"], Context(arrays["hubs"], open_attributes(arrays, ratios), ratios, arrays.get("ages")),
            weights_for(Weights(**facts["weights"]), facts["policy"]["recency"]), facts["chance"],
        )  # fmt: skip

    @property
    def has_neural(self) -> bool:
        """Whether articles have neural vectors."""
        return bool(self.neural.shape[1])

    def above_strangers(self, cosines: Any) -> Any:
        """Return cosines of neural vectors as the signal: 0 for those of strangers, 1 for copies."""
        return (
            np.maximum((cosines - self.stranger) / (1 - self.stranger), 0) if self.has_neural else cosines * 0
        )

    def query(self, row: int) -> Query:
        """Return an article of the site as a query."""
        return Query(
            self.sparse.row(row), self.dense[row], self.neural[row], self.mentions.row(row),
            self.context.attributes, row,
        )  # fmt: skip


def arrays_of(
    vectors: Vectors,
    neural: NDArray[np.float32],
    mentions: Mentions,
    attributes: Mapping[str, Attribute],
    ranked: Ranked,
) -> dict[str, NDArray[Any]]:
    """Return what `Site.open` reads, as plain arrays by name."""
    strengths = mentions.strengths
    arrays: dict[str, NDArray[Any]] = {
        "neural": neural,
        "mentions_indptr": strengths.indptr.astype(np.int64),
        "mentions_indices": strengths.indices.astype(np.int32),
        "mentions_data": strengths.data,
        "n_naming": mentions.n_naming,
        "hubs": ranked.context.hubs,
    }
    for attribute in attributes.values():
        arrays |= attribute.to_arrays()
    return vectors.to_arrays() | arrays


def facts_of(ranked: Ranked, stranger: float) -> dict[str, Any]:
    """Return what `Site.open` reads of the facts, as JSON can hold it."""
    ratios = {name: [round(float(x), 4) for x in each] for name, each in ranked.context.ratios.items()}
    return {"log_ratios": ratios, "stranger": stranger, "chance": ranked.chance}
