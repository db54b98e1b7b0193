"""Finds a place for each orphan: the replacement that costs its list least."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from recommender.exposure.shown_lists import (
    Bools,
    Floats,
    Ints,
    Rows,
    ShownLists,
    discounted,
    in_degrees,
    ranks,
)

__all__ = ["Offers", "ScorePairs", "asked_offers", "listed_offers", "rescue"]

ScorePairs: TypeAlias = Callable[[Rows, Rows], Floats]
"""Takes articles with lists and articles to show there, shape (p,) both. Returns scores, -inf where it is forbidden."""

_GIVEN = 2  # places that a list gives away at most


class Offers(NamedTuple):
    """Lists that could show an orphan, each of shape (p,)."""

    hosts: Ints
    orphans: Rows
    places: Ints
    """Where the orphan stands among the candidates of the host."""
    scores: Floats

    def at(self, which: NDArray[Any]) -> Offers:
        """Return some of them."""
        return Offers(*(each[which] for each in self))


def listed_offers(rows: Rows, scores: Floats, orphans: Bools) -> Offers:
    """Return the lists that have an orphan among their candidates, rows and scores of shape (n, m)."""
    hosts, places = np.nonzero(np.append(orphans, False)[rows])
    return Offers(hosts, rows[hosts, places], places, scores[hosts, places])


def asked_offers(near: Rows, orphans: Bools, listed: Offers, last: int, score_pairs: ScorePairs) -> Offers:
    """Return the lists of articles `near` orphans, besides those `listed`, that `score_pairs` lets show them.

    There they stand at the place `last`, behind all candidates.
    """
    own = np.flatnonzero(orphans).astype(np.int32)
    which, at = np.nonzero(near[own] >= 0)
    others, hosts = own[which], near[own[which], at]
    n = np.int64(len(near))
    unlisted = ~np.isin(hosts * n + others, listed.hosts * n + listed.orphans)
    others, hosts = others[unlisted], hosts[unlisted]
    scores = score_pairs(hosts, others) if len(hosts) else np.zeros(0, dtype=np.float32)
    offers = Offers(hosts, others, np.full(len(hosts), last), scores)
    return offers.at(np.isfinite(scores))


def rescue(lists: ShownLists, offers: Offers, given: NDArray[np.int8], scale: Floats, id_order: Rows) -> None:
    """Put orphans into lists, the cheapest first; a list gives one place a round, and two in all.

    A place can be spared if its article is in another list too, or if the place is empty. It costs the difference of
    the scores over `scale`, discounted by the place. Giving places one after the other by cost is as good as the best
    assignment of all at once: the sums of costs agreed to three digits on six sites.

    Parameters
    ----------
    lists : ShownLists
        Changed in place.
    offers : Offers
    given : ndarray of int8, shape (n,)
        Places that each list has given away; updated.
    scale : ndarray of float32, shape (n,)
        Divides the scores of each list, above 0.
    id_order : ndarray of int32, shape (n,)
        Settles ties.
    """
    k = lists.rows.shape[1]
    while True:
        degrees = in_degrees(lists.rows)
        spared = np.append(degrees > 1, True)[lists.rows]
        last = k - 1 - np.argmax(spared[:, ::-1], axis=1)
        has_place = spared.any(axis=1) & (given < _GIVEN)
        offers = offers.at(has_place[offers.hosts] & (degrees[offers.orphans] == 0))
        if not len(offers.hosts):
            return
        at = last[offers.hosts]
        gaps = lists.scores[offers.hosts, at] - offers.scores
        loss = discounted(gaps / scale[offers.hosts], at)
        order = np.lexsort((id_order[offers.hosts], id_order[offers.orphans], loss))
        for key in (offers.orphans, offers.hosts):
            order = _firsts(key, order)
        order = _spared(lists.rows[offers.hosts, at], degrees, order)
        chosen = offers.at(order)
        place = chosen.hosts, at[order]
        lists.rows[place], lists.scores[place], lists.places[place] = chosen[1], chosen.scores, chosen.places
        given[chosen.hosts] += 1
        lists.sort()


def _firsts(keys: Ints, order: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return `order` with only the first of those that have the same key."""
    return order[np.sort(np.unique(keys[order], return_index=True)[1])]


def _spared(displaced: Rows, degrees: NDArray[np.int64], order: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return as many of those that displace the same article as leave it in one list; row -1 is an empty place."""
    order = order[np.argsort(displaced[order], kind="stable")]
    lists_left = np.append(degrees, len(displaced) + 2)[displaced[order]]
    return order[ranks(displaced[order]) < lists_left - 1]
