"""Who may be in whose list, as ranking is told of it, and candidates held to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["Limits", "allowed", "stand_in"]


class Limits(NamedTuple):
    """Who may be in whose list; by default everybody who has anything in common.

    Attributes
    ----------
    floor : float
        Least score, 0 to 1.
    allows : callable or None
        Rows and others, as int arrays of shape (p,), in; which pairs are allowed, shape (p,), out.
    listable : ndarray of int32 or None
        Rows that may be in any list; None for all.
    representative : ndarray of int32, shape (n,), or None
        Row that stands for each article and its near copies; None for each for itself.
    language : ndarray of int, shape (n,), or None
        Code of the language: what chance is, is measured within each.
    ages : ndarray of float32, shape (n,), or None
        See `age_logs`.
    """

    floor: float = 0.0
    allows: Callable[[NDArray[Any], NDArray[Any]], NDArray[np.bool_]] | None = None
    listable: NDArray[np.int32] | None = None
    representative: NDArray[np.int32] | None = None
    language: NDArray[np.integer[Any]] | None = None
    ages: NDArray[np.float32] | None = None


def stand_in(candidates: NDArray[np.int32], representative: NDArray[np.int32]) -> None:
    """Put who stands for a group of near copies in the place of its members, in place; nobody for one's own group."""
    _stand_in(candidates, representative)


@njit(nogil=True, cache=True)
def _stand_in(candidates, representative):  # type: ignore[no-untyped-def]
    seen = np.full(representative.shape[0], -1, dtype=np.int32)
    for row in range(candidates.shape[0]):
        own = representative[row]
        for place in range(candidates.shape[1]):
            if candidates[row, place] >= 0:
                other = representative[candidates[row, place]]
                candidates[row, place] = -1 if other == own or seen[other] == row else other
                seen[other] = row


def allowed(
    candidates: NDArray[np.int32], rows: NDArray[Any], allows: Any
) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """Return the candidates that may be in the lists of `rows`, -1 for the others, and whose were taken away."""
    if allows is None:
        return candidates, np.zeros(len(rows), dtype=np.bool_)
    pairs, places = np.nonzero(candidates >= 0)
    fine = allows(rows[pairs], candidates[pairs, places])
    some = candidates.copy()
    some[pairs[~fine], places[~fine]] = -1
    dropped = np.zeros(len(rows), dtype=np.bool_)
    dropped[pairs[~fine]] = True
    return some, dropped
