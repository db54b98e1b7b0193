"""The choice of one member of each group of near copies in a list."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.index.kernels.array_layout import read_only
from recommender.rules.copy_groups import CopyGroups

__all__ = ["one_per_group"]


def one_per_group(
    scores: NDArray[np.float32], candidates: NDArray[np.int32], copies: CopyGroups
) -> NDArray[np.float32]:
    """Return scores with NaN for the candidates that another member of their group represents.

    Parameters
    ----------
    scores : ndarray of float32, shape (m, c)
        NaN for a candidate that is left out.
    candidates : ndarray of int32, shape (m, c)
        Each at most once in a row.
    copies : CopyGroups
        Of the members of a group the one with the best score stays, or the preferred one; see `CopyGroups.by_score`. Of
        the versions of a page the one that comes first in `CopyGroups.order` does.

    Returns
    -------
    ndarray of float32, shape (m, c)
        `scores` itself on a site without near copies.
    """
    if not copies:
        return scores
    kept = np.array(scores, order="C")
    first, place, order = read_only(copies.first), read_only(copies.place), read_only(copies.order)
    _keep_one(kept, read_only(np.ascontiguousarray(candidates)), first, place, order, copies.by_score)
    return kept


@njit(nogil=True, cache=True)
def _keep_one(scores, candidates, first, place, order, by_score):  # type: ignore[no-untyped-def]
    best = np.full(first.shape[0], -1, dtype=np.int32)
    for i in range(scores.shape[0]):
        for at in range(scores.shape[1]):
            row = candidates[i, at]
            if np.isnan(scores[i, at]) or row < 0 or first[row] < 0:
                continue
            group = first[row]
            rival = best[group]
            if rival >= 0:
                other = candidates[i, rival]
                wins = place[row] < place[other]
                if by_score and order[row] == order[other] and scores[i, at] != scores[i, rival]:
                    wins = scores[i, at] > scores[i, rival]
                scores[i, rival if wins else at] = np.nan
                if not wins:
                    continue
            best[group] = at
        for at in range(scores.shape[1]):
            if candidates[i, at] >= 0 and first[candidates[i, at]] >= 0:
                best[first[candidates[i, at]]] = -1
