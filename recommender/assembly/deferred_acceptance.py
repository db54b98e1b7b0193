"""No article in too many lists: lists propose, and articles in demand keep those that would lose most without them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recommender.assembly.shown_lists import Floats, Ints, Rows, discounted, in_degrees, ranks

__all__ = ["capped_places"]


def capped_places(
    rows: Rows, scores: Floats, scale: Floats, k: int, most: float, at_least: int, id_order: Rows
) -> NDArray[np.int64]:
    """Return which k candidates of each list are shown, none in more than `most` lists.

    Deferred acceptance (Gale and Shapley 1962), many to many. Lists propose to their first k candidates; one with too
    many proposals turns down those whose list loses least by going on to its next candidate, and last of all those of
    lists that have no next; and so on, until none has too many. All propose at once, so the order of the articles plays
    no part.

    Parameters
    ----------
    rows, scores : ndarray of int32 and float32, shape (n, m)
        Candidates in the order in which they are shown, padded with -1 at the end; m is k or more.
    scale : ndarray of float32, shape (n,)
        What a list's scores are measured by, above 0.
    most : float
        1 or more.
    at_least : int
        Lists that are left with fewer keep so many of their candidates, the first, whatever `most` says.
    id_order : ndarray of int32, shape (n,)
        Settles ties.

    Returns
    -------
    ndarray of int64, shape (n, k)
        Places in `rows`, in no order; m for none.

    Notes
    -----
    Time O(n k) a round. On seven sites there were up to 6 rounds for 6 times the mean, and up to 21 for 2 times.
    """
    m = rows.shape[1]
    lengths = np.count_nonzero(rows >= 0, axis=1)
    places = np.where(rows[:, :k] >= 0, np.arange(k), m)
    following = np.minimum(k, lengths)
    while True:
        shown = np.where(places < m, np.take_along_axis(rows, np.minimum(places, m - 1), axis=1), -1)
        lists, at = np.nonzero(np.append(in_degrees(shown) > most, False)[shown])
        if not len(lists):
            return _refilled(rows, places, np.minimum(at_least, lengths))
        here, there = places[lists, at], following[lists]
        goes_on = there < lengths[lists]
        next_score = np.where(goes_on, scores[lists, np.minimum(there, m - 1)], 0)
        loss = discounted((scores[lists, here] - next_score) / scale[lists], here)
        asked = shown[lists, at]
        order = np.lexsort((id_order[lists], -loss, goes_on, asked))
        rejected = np.sort(order[ranks(asked[order]) >= int(most)])
        lists, at = lists[rejected], at[rejected]
        there = following[lists] + ranks(lists)
        places[lists, at] = np.where(there < lengths[lists], there, m)
        following = np.minimum(following + np.bincount(lists, minlength=len(rows)), lengths)


def _refilled(rows: Rows, places: NDArray[np.int64], wanted: Ints) -> NDArray[np.int64]:
    """Return `places` where lists of fewer than `wanted` have the first of those that turned them down."""
    k, m = places.shape[1], rows.shape[1]
    missing = np.maximum(wanted - np.count_nonzero(places < m, axis=1), 0)
    short = np.flatnonzero(missing)
    taken = np.zeros((len(short), m + 1), dtype=np.bool_)
    np.put_along_axis(taken, places[short], True, axis=1)
    free = (rows[short] >= 0) & ~taken[:, :m]
    taken[:, :m] |= free & (np.cumsum(free, axis=1) <= missing[short, None])
    places[short] = np.sort(np.where(taken[:, :m], np.arange(m), m), axis=1)[:, :k]
    return places
