"""A site that is built again keeps its indexes if its vectors are the same."""

from __future__ import annotations

import numpy as np

from recommender.engine import Recommender
from recommender.ranking.nearest import KINDS, is_index_array

__all__ = ["keep_tuning"]


def keep_tuning(built: Recommender, earlier: Recommender) -> Recommender | None:
    """Return the site just built with the indexes that an earlier build of it was tuned to; None if there are none to keep.

    What was measured holds for the vectors that it was measured on; one article more changes nearly all of them.
    """
    tuned = (earlier.facts.get("index") or {}).get("tuned")
    if not tuned or any(not np.array_equal(built.arrays[kind], earlier.arrays[kind]) for kind in KINDS):
        return None
    arrays = {name: built.arrays[name] for name in built.arrays if not is_index_array(name)}
    arrays |= {name: earlier.arrays[name] for name in earlier.arrays if is_index_array(name)}
    return built.replaced(arrays, {**built.facts, "index": earlier.facts["index"]})
