"""Pairs of a list and an article that may enter it, and those that reach the bar of the list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from recommender.lists.drafts import wide_budget
from recommender.lists.opening import unfiltered
from recommender.lists.ranked_rows import Known, nearest_of_rows
from recommender.lists.reserve import ranking_depth
from recommender.lists.site import Site
from recommender.ranking.candidates_of_rows import Search
from recommender.ranking.ranker import Ranker
from recommender.ranking.site_sizes import is_small
from recommender.rules.eligibility import Eligibility
from recommender.scoring.calibration import opening_score

__all__ = ["Bars", "Pairs", "compared", "pairs_of", "reaching"]

Pairs: TypeAlias = tuple[NDArray[np.int32], NDArray[np.int32]]
"""The articles of lists, and articles that may enter these."""

_PAIRS = 2**20  # scored at a time
_BLOCK = 2**14  # pairs, likewise, on a large site
_SHARED = 4  # articles that may enter each list, from which on pairs are scored by lists
_ROUNDING = np.float32(1e-4)  # of a score that is computed in another order


def pairs_of(
    site: Site, touched: NDArray[np.int32], open_lists: NDArray[np.bool_], search: Search
) -> Iterator[Pairs]:
    """Yield pairs of an article whose list may change and a touched article that may enter it."""
    n = len(site.collection)
    if not open_lists.any():
        return
    if is_small(n):
        rows = np.flatnonzero(open_lists).astype(np.int32)
        step = max(1, _PAIRS // max(len(touched), 1))
        for start in range(0, len(rows) if len(touched) else 0, step):
            some = rows[start : start + step]
            yield np.repeat(some, len(touched)), np.tile(touched, len(some))
        return
    found = search(touched, wide_budget(site.longest_list))
    near = found.block(touched)
    places, at = np.nonzero((near >= 0) & open_lists[near])
    rows, others = near[places, at], touched[places]
    key = rows if _shared(rows) else others
    order = np.argsort(key, kind="stable")
    yield from _blocks(rows[order], others[order], key[order])


class Bars(NamedTuple):
    """Which articles may change lists, and the scores from which on they do."""

    eligibility: Eligibility
    scores: NDArray[np.float32]

    @classmethod
    def of(cls, site: Site) -> Self:
        """Return the bars of the lists as they are."""
        return cls(site.rules.eligibility, site.reserve.bars)

    @classmethod
    def of_opening(cls, site: Site) -> Self:
        """Return the score that opens a list, for articles that may be in it without filters."""
        opening = np.float32(opening_score(site.rules.policy.floor, site.model.opening))
        return cls(unfiltered(site.rules).eligibility, np.broadcast_to(opening, len(site.collection)))


def reaching(site: Site, pairs: Pairs, bars: Bars) -> Pairs:
    """Return the pairs that the rules allow and that reach the bar of the list, and a few that nearly do."""
    (rows, others), eligibility = pairs, bars.eligibility
    own, places = np.unique(rows, return_inverse=True)
    allowed = np.flatnonzero(eligibility.allows(eligibility.queries(own), places, others))
    if len(allowed) >= _SHARED * len(
        own
    ):  # each article of a list is read once, and those that come stay in the caches
        rows, others = rows[allowed], others[allowed]
        near = site.scorer.articles(rows, others) >= bars.scores[rows] - _ROUNDING
        return rows[near], others[near]
    allowed = allowed[np.argsort(others[allowed], kind="stable")]
    entering, starts = np.unique(others[allowed], return_index=True)
    reaching = [np.zeros(0, dtype=np.intp)]
    for other, some in zip(entering.tolist(), np.split(allowed, starts[1:]), strict=False):
        scores = site.scorer.into(other, rows[some])
        reaching.append(some[scores >= bars.scores[rows[some]] - _ROUNDING])
    found = np.concatenate(reaching)
    return rows[found], others[found]


def compared(
    site: Site, ranker: Ranker, search: Search, touched: NDArray[np.int32], open_lists: NDArray[np.bool_]
) -> tuple[Known, Sequence[Pairs]]:
    """Compare touched articles of a large site with their candidates, once for two purposes.

    Returns
    -------
    known : Known
        Their nearest, for their own lists.
    pairs : sequence of Pairs
        What `reaching` finds for the bars of the lists as they are, in blocks.
    """
    bars, found = Bars.of(site), list[Pairs]()

    def see(rows: NDArray[np.int32], candidates: NDArray[np.int32], signals: NDArray[np.float32]) -> None:
        places, at = np.nonzero((candidates >= 0) & open_lists[candidates])
        hosts, others = candidates[places, at], rows[places]
        least = bars.scores[hosts] - _ROUNDING
        some, scores = site.scorer.reversed(signals[:, places, at], (hosts, others), least)
        near = some[scores >= least[some]]
        found.append((hosts[near], others[near]))

    depth = ranking_depth(site.rules, site.lists.rows.shape[1])
    nearest = nearest_of_rows(ranker, search, touched, depth, see, site.lists.rows)
    none = np.zeros(0, dtype=np.int32)
    rows, others = (
        (np.concatenate([none, *each]) for each in zip(*found, strict=True)) if found else (none, none)
    )
    order = np.lexsort((others, rows))
    rows, others = rows[order], others[order]
    new = np.ones(len(rows), dtype=np.bool_)  # one that was passed over may be seen again as a mate
    new[1:] = (rows[1:] != rows[:-1]) | (others[1:] != others[:-1])
    rows, others = rows[new], others[new]
    own, places = np.unique(rows, return_inverse=True)
    allowed = bars.eligibility.allows(bars.eligibility.queries(own), places, others)
    return Known(touched, nearest), list(_blocks(rows[allowed], others[allowed], rows[allowed]))


def _blocks(rows: NDArray[np.int32], others: NDArray[np.int32], key: NDArray[np.int32]) -> Iterator[Pairs]:
    """Yield pairs a block at a time, those of one key together. Keys ascend."""
    cuts = np.unique(np.searchsorted(key, key[_BLOCK::_BLOCK]))
    yield from zip(np.split(rows, cuts), np.split(others, cuts), strict=True)


def _shared(rows: NDArray[np.int32]) -> bool:
    """Return whether pairs are of so few lists that they are scored list by list."""
    held = np.zeros(int(rows.max(initial=-1)) + 1, dtype=np.bool_)
    held[rows] = True
    return 0 < _SHARED * int(held.sum()) <= len(rows)
