"""Tuned indexes carried over to a new build of a site."""

from __future__ import annotations

import numpy as np

from recommender.engine import Recommender
from recommender.ranking.candidate_index import KINDS, vectors_of

__all__ = ["keep_tuning"]


def keep_tuning(built: Recommender, earlier: Recommender) -> Recommender | None:
    """Return the new build with the tuned indexes of an earlier one; None if there are none, or the vectors differ.

    Measurements hold only for the vectors on which they were made. One more article changes nearly all vectors.
    """
    if not earlier.index.tuned or any(
        not np.array_equal(vectors_of(built.collection, kind), vectors_of(earlier.collection, kind))
        for kind in KINDS
    ):
        return None
    index = built.index.changed(searches=earlier.index.searches, tuned=earlier.index.tuned)
    return built.replaced(built.site.changed(index=index))
