"""Whose links lead to other articles after an update than before."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recommender.collection.collection import Collection
from recommender.updating.growth import Step

__all__ = ["changed_links"]


def changed_links(before: Collection, after: Collection, step: Step) -> NDArray[np.int64]:
    """Return the rows of the articles that stay and link to other articles that stay than before, ascending.

    The name that a link uses may have become that of two articles, or of one.
    """
    n = step.n
    sources, targets = (step.moved.astype(np.int64)[each] for each in _edges(before))
    kept = (sources >= 0) & (targets >= 0)
    was = sources[kept] * n + targets[kept]
    stayed = step.former >= 0
    sources, targets = _edges(after)
    kept = stayed[sources] & stayed[targets]
    now = sources[kept] * n + targets[kept]
    return np.unique(np.setxor1d(was, now, assume_unique=True) // max(n, 1))


def _edges(collection: Collection) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    indptr, indices = collection.links
    return np.repeat(np.arange(len(indptr) - 1), np.diff(indptr)), indices.astype(np.int64)
