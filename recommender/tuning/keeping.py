"""Tuned indexes carried over to a new build of a site."""

from __future__ import annotations

import numpy as np

from recommender.engine import Recommender
from recommender.ranking.nearest import KINDS, is_index_array

__all__ = ["keep_tuning"]


def keep_tuning(built: Recommender, earlier: Recommender) -> Recommender | None:
    """Return the new build with the tuned indexes of an earlier one; None if there are none, or the vectors differ.

    Measurements hold only for the vectors on which they were made. One more article changes nearly all vectors.
    """
    tuned = (earlier.facts.get("index") or {}).get("tuned")
    if not tuned or any(not np.array_equal(built.arrays[kind], earlier.arrays[kind]) for kind in KINDS):
        return None
    arrays = {name: built.arrays[name] for name in built.arrays if not is_index_array(name)}
    arrays |= {name: earlier.arrays[name] for name in earlier.arrays if is_index_array(name)}
    return built.replaced(arrays, {**built.facts, "index": earlier.facts["index"]})
