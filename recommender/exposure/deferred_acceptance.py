"""Limits the number of lists that an article is in, by deferred acceptance (Gale and Shapley 1962)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.exposure.shown_lists import Floats, Ints, Rows, discounted, in_degrees, ranks

__all__ = ["Ranking", "capped_places"]


class Ranking(NamedTuple):
    """The candidates of all lists.

    Attributes
    ----------
    rows, scores : ndarray of int32 and float32, shape (n, m)
        Candidates in the order in which they are shown, padded with -1 at the end; m is k or more.
    scale : ndarray of float32, shape (n,)
        Divides the scores of each list, above 0.
    id_order : ndarray of int32, shape (n,)
        Settles ties.
    """

    rows: Rows
    scores: Floats
    scale: Floats
    id_order: Rows


def capped_places(ranking: Ranking, k: int, most: float, at_least: int) -> NDArray[np.int64]:
    """Return which k candidates of each list are shown, with no article in more than `most` lists.

    Deferred acceptance (Gale and Shapley 1962), many to many. Lists propose to their first k candidates. A candidate with
    too many proposals rejects the lists that lose least by their next candidate, and last the lists without one. This
    repeats until no candidate has too many. All lists propose at once, so the order of the articles plays no part.

    Parameters
    ----------
    ranking : Ranking
    k : int
    most : float
        1 or more.
    at_least : int
        Entries that a list keeps in any case: its first candidates, whatever `most` is.

    Returns
    -------
    ndarray of int64, shape (n, k)
        Places in `rows`, in no order; m for none.

    Notes
    -----
    Time O(n k) a round. On seven sites there were up to 6 rounds for 6 times the mean, and up to 21 for 2 times.
    """
    rows, scores, scale, id_order = ranking
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
