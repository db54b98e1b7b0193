"""Who stands near those that were found: the lists of a list's articles, and in whose lists they are.

What candidates by words and by vectors miss are articles further off by content that date, section or tags bring near.
Those are near to each other too, so lists lead to them (neighbours of neighbours, Dong, Moses and Li 2011).
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["nearby"]

_FIRST = 10  # of each list are followed
_BACK = 20  # lists that lead to an article are followed back, those first in which it stands highest


def nearby(
    lists: NDArray[np.int32],
    known: NDArray[np.int32],
    representative: NDArray[np.int32],
    id_order: NDArray[np.int32],
    most: int,
) -> NDArray[np.int32]:
    """Return up to `most` rows for each article that its list leads to, int32 (n, most), padded with -1.

    First those that list it, then whom those in its list list, then who lists these.

    Parameters
    ----------
    lists : ndarray of int32, shape (n, k)
        Best first, padded with -1.
    known : ndarray of int32, shape (n, m)
        Whom each article was compared with already; they are left out, and so is itself.
    representative : ndarray of int32, shape (n,)
        Who stands for each article and its near copies.
    id_order : ndarray of int32, shape (n,)
        Place of each id among the sorted ids, so that the order of the input changes nothing.
    most : int
    """
    lists = np.ascontiguousarray(lists[:, :_FIRST])
    rows, ranks = np.nonzero(lists >= 0)
    to = lists[rows, ranks]
    order = np.lexsort((id_order[rows], ranks, to))
    starts = np.searchsorted(to[order], np.arange(len(lists) + 1))
    return np.asarray(_nearby(lists, starts, rows[order].astype(np.int32), known, representative, most))


@njit(nogil=True, cache=True)
def _nearby(lists, starts, back, known, representative, most):  # type: ignore[no-untyped-def]
    n = lists.shape[0]
    found = np.full((n, most), -1, dtype=np.int32)
    seen = np.full(n, -1, dtype=np.int32)
    for row in range(n):
        seen[representative[row]] = row
        for other in known[row]:
            if other >= 0:
                seen[other] = row
        n_found = _take(back[starts[row] : starts[row + 1]][:_BACK], row, representative, seen, found, 0)
        for other in lists[row]:
            if other >= 0:
                n_found = _take(lists[other], row, representative, seen, found, n_found)
        for other in lists[row]:
            if other >= 0:
                who = back[starts[other] : starts[other + 1]][:_BACK]
                n_found = _take(who, row, representative, seen, found, n_found)
    return found


@njit(nogil=True, cache=True, inline="always")
def _take(others, row, representative, seen, found, n_found):  # type: ignore[no-untyped-def]
    """Add those of `others` that were not seen; return how many there are now."""
    for other in others:
        if other < 0 or n_found == found.shape[1]:
            break
        other = representative[other]
        if seen[other] != row:
            seen[other] = row
            found[row, n_found] = other
            n_found += 1
    return n_found
