"""The index that proposes candidates: by shared terms, by vectors and by titles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from recommender.collection.collection import Collection
from recommender.index.planner import SearchPlan, choose_index
from recommender.index.postings import Postings
from recommender.index.vector_search import VectorSearch
from recommender.scoring.title_terms import TitleTerms

__all__ = ["KINDS", "CandidateIndex", "vectors_of"]

KINDS = ("dense", "neural")
"""The kinds of vectors that an article has beside its words."""


@dataclass(frozen=True, eq=False)
class CandidateIndex:
    """What candidates are found with, beside the vectors.

    Parameters
    ----------
    postings : Postings
    title_terms : TitleTerms
    searches : mapping of str to VectorSearch
        By the names of `KINDS`.
    tuned : mapping or None
        What ``recommender tune`` measured.
    """

    postings: Postings
    title_terms: TitleTerms
    searches: Mapping[str, VectorSearch]
    tuned: Mapping[str, Any] | None = None

    @classmethod
    def fit(
        cls, collection: Collection, n_terms: int, thresholds: NDArray[np.float32], n_jobs: int | None = None
    ) -> Self:
        """Return the index of a collection, searched by the plans of `choose_index`."""
        searches = {}
        for kind in KINDS:
            vectors = vectors_of(collection, kind)
            searches[kind] = VectorSearch.fit(vectors, choose_index(*vectors.shape), n_jobs=n_jobs)
        postings = Postings.of(collection.sparse, n_terms, thresholds)
        return cls(postings, TitleTerms.of(collection.titles), searches)

    @property
    def plans(self) -> dict[str, SearchPlan]:
        """How the vectors of each kind are searched."""
        return {kind: search.plan for kind, search in self.searches.items()}

    def changed(self, **changes: Any) -> Self:
        """Return an index with some fields changed."""
        return replace(self, **changes)


def vectors_of(collection: Collection, kind: str) -> NDArray[np.float32]:
    """Return the vectors of one of `KINDS`."""
    return collection.dense if kind == "dense" else collection.neural
