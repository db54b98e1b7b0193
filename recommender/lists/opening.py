"""Which articles have a list at all: those to which some article of the site is close enough.

Every article has a nearest one. Among many candidates the nearest to an article that stands alone passes the floor by
accident. So a list is opened by an article well above it, and only then filled down to the floor.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from recommender.frozen_dict import FrozenDict
from recommender.rules.site_rules import SiteRules
from recommender.scoring.calibration import opening_score
from recommender.scoring.queries import Queries
from recommender.scoring.scorer import Scorer

__all__ = ["Ranked", "Ranking", "is_opened", "opened", "unfiltered"]

_BLOCK = 4_096  # lists looked at together

Ranking: TypeAlias = tuple[NDArray[np.int32], NDArray[np.float32]]
"""Rows of articles, best first and padded with -1, and their scores, shape (m, depth) both."""


class Ranked(NamedTuple):
    """A ranking, and which lists it opens.

    Attributes
    ----------
    rows : ndarray of int32, shape (m, depth)
    scores : ndarray of float32, shape (m, depth)
    opens : ndarray of bool, shape (m,)
        Whether the article has a list.
    opening : float
        The score that opens a list, at least the floor.
    """

    rows: NDArray[np.int32]
    scores: NDArray[np.float32]
    opens: NDArray[np.bool_]
    opening: float


def opened(
    scorer: Scorer,
    rules: SiteRules,
    ranking: Ranking,
    queries: Queries,
    again: Callable[[SiteRules, NDArray[np.intp]], Ranking],
) -> Ranked:
    """Return a ranking of `queries` by some rules, and which lists it opens.

    Filters take articles out of a list and do not close it. `again` returns the ranking of some of the queries by rules
    without filters. It is called for those whose lists the ranking does not open.
    """
    opens = is_opened(scorer, rules, ranking, queries)
    closed = np.flatnonzero(~opens)
    if len(closed) and (bare := unfiltered(rules)) is not rules:
        opens[closed] = is_opened(scorer, bare, again(bare, closed), queries.take(closed))
    floor = rules.policy.floor
    return Ranked(*ranking, opens, max(floor, opening_score(floor, scorer.model.opening)))


def is_opened(scorer: Scorer, rules: SiteRules, ranking: Ranking, queries: Queries) -> NDArray[np.bool_]:
    """Return which lists a ranking opens, shape (m,).

    One article opens a list whose score reaches the opening, also if the cosine of vectors made of words counts only as
    far as the shared terms corroborate each other. If all ranked articles have such scores, no list is closed. So another
    article never closes a list, and one that goes never opens one.
    """
    (rows, scores), floor = ranking, rules.policy.floor
    opening = opening_score(floor, scorer.model.opening)
    if opening <= 0:
        return np.ones(len(rows), dtype=np.bool_)
    least, opens = max(floor, opening), np.zeros(len(rows), dtype=np.bool_)
    for start in range(0, len(rows), _BLOCK):  # bounds the memory: vectors of the queries are copied
        places = np.arange(start, min(start + _BLOCK, len(rows)))
        near = (rows[places] >= 0) & (scores[places] >= np.float32(least))
        opens[places] = _opened_by(scorer, rows[places], near, queries.take(places), opening)
    return opens


def _opened_by(
    scorer: Scorer, rows: NDArray[np.int32], near: NDArray[np.bool_], queries: Queries, opening: float
) -> NDArray[np.bool_]:
    """Return which lists are opened by the articles that are `near`, shape (m, depth)."""
    opens = np.asarray(near.all(axis=1) & (rows.shape[1] > 0))
    for at in range(rows.shape[1]):
        waiting = np.flatnonzero(~opens & near[:, at])
        if not len(waiting):
            if opens.all():
                break
            continue
        places = np.arange(len(waiting))
        sure = scorer.pairs(queries.take(waiting), places, rows[waiting, at], corroborated=True)
        opens[waiting[sure >= np.float32(opening)]] = True
    return opens


def unfiltered(rules: SiteRules) -> SiteRules:
    """Return rules without filters; the same rules if they have none.

    A filter keeps out what is related all the same, as what the text links to, or a page in a second language. Decisions
    of editors are no filters, nor is what keeps out other forms of the page itself, such as its translations, or what
    may be in no list at all.
    """
    policy, eligibility = rules.policy, rules.eligibility
    recency = "era" if policy.recency == "background" else policy.recency
    every = FrozenDict[str, Any]()
    bare = replace(
        policy, where=every, where_not=every, published_after=None, published_before=None, within_days=None, same=(),
        recency=recency, linked="listed",
    )  # fmt: skip
    if bare == policy and not len(eligibility.shown) and eligibility.copies.pages is None:
        return rules
    columns = replace(eligibility.columns, fits=np.ones_like(eligibility.columns.fits), same=(), linked=None)
    shown, copies = eligibility.shown[:0], replace(eligibility.copies, pages=None)
    bare_rules = replace(eligibility, policy=bare, columns=columns, shown=shown, copies=copies)
    return replace(rules, policy=bare, eligibility=bare_rules)
