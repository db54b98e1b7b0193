"""Exposure spread over a site: no article in too many lists and few in none, at the least loss of relevance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from recommender.exposure.deferred_acceptance import Ranking, capped_places
from recommender.exposure.orphans import ScorePairs, asked_offers, listed_offers, rescue
from recommender.exposure.shown_lists import Bools, Floats, Rows, ShownLists, in_degrees

__all__ = ["ExposureLimit", "Reach", "ScorePairs", "Spread", "reach", "spread"]


class Reach(NamedTuple):
    """How far the lists of a site reach."""

    orphans: int
    """Eligible articles in no list."""
    max_in_degree: int
    """Lists that the most shown article is in."""
    mean_in_degree: float
    """Entries over articles; NaN without articles."""
    gini: float
    """Inequality of the number of lists an article is in, 0 (all alike) to 1 - 1/n (one has them all)."""


class Spread(NamedTuple):
    """Lists padded with row -1 and score 0, and the reach of the first k candidates and of these."""

    rows: Rows  # (n, k)
    scores: Floats  # (n, k)
    before: Reach
    after: Reach


@dataclass(frozen=True, eq=False)
class ExposureLimit:
    """How exposure is spread.

    Parameters
    ----------
    most : float
        Lists that an article may be in, as a multiple of the mean of all articles in the first k candidates; 1 or
        more, inf for any number.
    at_least : int or None
        Entries that a list keeps if it has candidates, even if these are in too many lists: 0 to k. None means k. At k
        no list gets shorter; at 0 no article exceeds `most`.
    score_pairs : callable or None
        Scores pairs of an article `near` a remaining orphan and the orphan, which is not among the candidates of the
        first; -inf where it may not be shown. Without it such orphans remain.
    near : ndarray of int32, shape (n, p), or None
        The articles near each one, padded with -1, whether or not they are good enough for its list. None means the
        candidates.
    """

    most: float = 6.0
    at_least: int | None = None
    score_pairs: ScorePairs | None = None
    near: Rows | None = None


def spread(
    rows: Rows,
    scores: Floats,
    k: int,
    eligible: Bools,
    id_order: Rows,
    limit: ExposureLimit = ExposureLimit(),
) -> Spread:
    """Return the first k candidates of each article, with as few replaced as it takes for lists to reach all articles.

    First no article is left in more lists than `limit` allows, see `capped_places`. Then articles in no list get places
    in lists that have them further down, see `rescue`. Replacing one candidate by another costs

        (score of the one that goes - score of the one that comes) / best score of the list / log2(1 + place)

    where the first place is 1. The cheapest replacement comes first. The cost is what the list loses of its discounted
    gain (Järvelin and Kekäläinen 2002), with scores for grades.

    Parameters
    ----------
    rows : ndarray of int32, shape (n, m)
        Candidates of each article that may be shown, in the order in which they would be, padded with -1 at the end.
        No candidate occurs twice in a row, and no article is its own candidate.
    scores : ndarray of float32, shape (n, m)
        Theirs, finite, in any order; larger is better.
    k : int
        Length of the lists, 1 or more.
    eligible : ndarray of bool, shape (n,)
        Whether an article should be in some list.
    id_order : ndarray of int32, shape (n,)
        Place of each article's id among the sorted ids: settles ties.
    limit : ExposureLimit

    Returns
    -------
    Spread
        Lists in the order of the candidates, as long as these and the limit allow. Entries that came by `score_pairs`
        are last. The result does not depend on the order of the articles.

    Raises
    ------
    ValueError
        If `k` or `most` is below 1, `at_least` is not from 0 to k, or shapes do not fit.

    Notes
    -----
    Time O(n m), and O(n k) for each round of either step. Memory, besides the lists, two bytes for each candidate.

    Examples
    --------
    >>> rows = np.array([[1, 2], [0, 2], [0, 1]], dtype=np.int32)
    >>> scores = np.array([[0.9, 0.2], [0.9, 0.8], [0.9, 0.1]], dtype=np.float32)
    >>> found = spread(rows, scores, 1, np.full(3, True), np.arange(3, dtype=np.int32))
    >>> found.rows.ravel().tolist(), found.before.orphans, found.after.orphans
    ([1, 2, 0], 1, 0)
    """
    _check_shapes(rows, scores, eligible, id_order)
    at_least = _checked_at_least(k, limit)
    if rows.shape[1] < k:
        beyond = ((0, 0), (0, k - rows.shape[1]))
        rows, scores = np.pad(rows, beyond, constant_values=-1), np.pad(scores, beyond)
    before = reach(rows[:, :k], eligible)
    scale = scores.max(axis=1, initial=0)
    scale[scale == 0] = 1
    cap = max(1.0, limit.most * before.mean_in_degree)
    ranking = Ranking(rows, scores, scale, id_order)
    lists = ShownLists.at(rows, scores, capped_places(ranking, k, cap, at_least))
    given = np.zeros(len(rows), dtype=np.int8)
    rescue(lists, listed_offers(rows, scores, lists.orphans(eligible)), given, scale, id_order)
    orphans = lists.orphans(eligible)
    if limit.score_pairs is not None and orphans.any():
        listed = listed_offers(rows, scores, orphans)
        near = rows if limit.near is None else limit.near
        offers = asked_offers(near, orphans, listed, rows.shape[1], limit.score_pairs)
        rescue(lists, offers, given, scale, id_order)
    return Spread(lists.rows, lists.scores, before, reach(lists.rows, eligible))


def reach(lists: Rows, eligible: Bools) -> Reach:
    """Return how far lists of shape (n, k), padded with -1, reach."""
    degrees = in_degrees(lists)
    n, total = len(degrees), int(degrees.sum())
    ranked = np.sort(degrees) @ (2 * np.arange(1, n + 1) - n - 1)
    return Reach(
        int(np.sum(eligible & (degrees == 0))), int(degrees.max(initial=0)), total / n if n else float("nan"),
        float(ranked) / (n * total) if total else 0.0,
    )  # fmt: skip


def _checked_at_least(k: int, limit: ExposureLimit) -> int:
    at_least = k if limit.at_least is None else limit.at_least
    if k < 1:
        raise ValueError(f"wanted k of 1 or more, got {k}")
    if not limit.most >= 1:
        raise ValueError(f"wanted most of 1 or more, got {limit.most}")
    if not 0 <= at_least <= k:
        raise ValueError(f"wanted at_least from 0 to {k}, got {at_least}")
    return at_least


def _check_shapes(rows: Rows, scores: Floats, eligible: Bools, id_order: Rows) -> None:
    if rows.ndim != 2 or scores.shape != rows.shape:
        raise ValueError(f"wanted rows and scores of one shape (n, m), got {rows.shape} and {scores.shape}")
    for name, each in (("eligible", eligible), ("id_order", id_order)):
        if each.shape != (len(rows),):
            raise ValueError(f"wanted {name} of shape ({len(rows)},), got {each.shape}")
