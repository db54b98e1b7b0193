"""Which lists an update may change.

A list is a function of the pairs of its article with all others, so it changes only if a pair does. The articles whose
pairs changed are those that came, and those that stay but belong to other near copies, are mentioned differently, or are
hidden now. Their own lists may change, those that hold them or hold what is gone, and those in which they would reach the
bar: the score of the last ranked article. These lists are made anew. More than change may be among them, none is missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from recommender.lists.drafts import wide_budget
from recommender.lists.opening import unfiltered
from recommender.lists.site import Site
from recommender.ranking.candidates_of_rows import candidates_of_rows
from recommender.ranking.site_sizes import is_small
from recommender.rules.eligibility import Eligibility
from recommender.scoring.calibration import opening_score
from recommender.updating.merge import Merge
from recommender.updating.moved_lists import GONE

__all__ = ["Affected", "Difference", "affected_lists", "lists_holding"]

_MANY = 0.25  # share of the articles from which on all lists are made anew
_PAIRS = 2**20  # scored at a time
_ROUNDING = np.float32(1e-4)  # of a score that is computed in another order


@dataclass(frozen=True, eq=False)
class Difference:
    """A site before and after an update; afterwards still with the lists of before.

    Parameters
    ----------
    before, after : Site
    merge : Merge
    recounted : ndarray of int32
        Rows whose mentions were measured anew.
    """

    before: Site
    after: Site
    merge: Merge
    recounted: NDArray[np.int32]

    def touched(self) -> NDArray[np.bool_]:
        """Return the articles whose pairs with others may have changed, shape (n,), new ones among them."""
        merge, old, new = self.merge, self.before, self.after
        found = np.zeros(len(merge.order), dtype=np.bool_)
        found[merge.added] = found[self.recounted] = True
        a, b = old.rules.eligibility, new.rules.eligibility
        was, now = merge.kept, merge.stayed
        found[now] |= a.columns.language[was] != b.columns.language[now]
        found[now] |= a.listable()[was] != b.listable()[now]
        found[now] |= _regrouped(a.columns.group, b.columns.group, merge)
        return found

    def every_list(self) -> bool:
        """Return whether all lists are made anew: a rule concerns them together, ages moved, or candidates are all now."""
        a, b = self.before.rules.ages, self.after.rules.ages
        shrunk = is_small(len(self.after.collection)) and not is_small(len(self.before.collection))
        aged = a is not None and b is not None and bool((a[self.merge.kept] != b[self.merge.stayed]).any())
        return aged or shrunk or self.after.settings.policy.exposure is not None


class Affected(NamedTuple):
    """Which lists an update may change.

    Attributes
    ----------
    remade : ndarray of int32
        Rows whose lists are made anew, ascending.
    touched : ndarray of bool, shape (n,)
        Articles whose pairs with others may have changed. They leave the other lists,
    rows, others : ndarray of int32, shape (p,)
        and enter these at
    scores : ndarray of float32, shape (p,)
        these scores.
    """

    remade: NDArray[np.int32]
    touched: NDArray[np.bool_]
    rows: NDArray[np.int32]
    others: NDArray[np.int32]
    scores: NDArray[np.float32]


def affected_lists(difference: Difference) -> Affected:
    """Return which lists may differ after an update."""
    site, n = difference.after, len(difference.after.collection)
    touched = difference.touched()
    none = np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.float32)
    if difference.every_list() or touched.sum() > max(1, _MANY * n):
        return Affected(np.arange(n, dtype=np.int32), touched, *none)
    single = touched & _alone(site)
    found = touched | _edited_rules(difference)
    found |= lists_holding(site, touched & ~single)
    found |= ~_plain(site) & lists_holding(site, touched, gone=True)
    if site.settings.policy.fallback:
        found |= (site.lists.rows < 0).any(axis=1) | (site.lists.sources > 0).any(axis=1)
    found[_ranked_unseen(difference, touched, found)] = True
    found[_opening_unseen(difference, touched, found)] = True
    entering = [none]
    for rows, others in _pairs(site, np.flatnonzero(touched).astype(np.int32), ~found):
        rows, others = _reaching(site, rows, others, _Bars.of(site))
        scores = site.scorer.articles(rows, others)
        reached = scores >= site.reserve.bars[rows]
        rows, others, scores = rows[reached], others[reached], scores[reached]
        enters = single[others] & _plain(site)[rows] & (scores > 0) & ~_empty(site)[rows]
        found[rows[~enters]] = True
        entering.append((rows[enters], others[enters], scores[enters]))
    rows, others, scores = (np.concatenate(each) for each in zip(*entering, strict=True))
    kept = ~found[rows]
    return Affected(np.flatnonzero(found).astype(np.int32), touched, rows[kept], others[kept], scores[kept])


def _alone(site: Site) -> NDArray[np.bool_]:
    """Return which articles have no near copies and no other versions."""
    group = site.rules.eligibility.columns.group
    return np.asarray(np.bincount(group, minlength=len(group))[group] == 1)


def _plain(site: Site) -> NDArray[np.bool_]:
    """Return the lists that are the first of a ranking, and nothing else."""
    plain = np.full(len(site.collection), not site.rules.chooses)
    plain[list(site.rules.pins)] = False
    return plain


def _empty(site: Site) -> NDArray[np.bool_]:
    """Return the lists without entries. If an article opens one, more than this article may belong into it."""
    return np.asarray((site.lists.rows < 0).all(axis=1))


def lists_holding(site: Site, articles: NDArray[np.bool_], *, gone: bool = False) -> NDArray[np.bool_]:
    """Return the lists that hold one of some articles or are followed by one; with `gone`, also what was removed."""
    found = np.zeros(len(site.collection), dtype=np.bool_)
    for rows in (site.lists.rows, site.reserve.rows):
        found |= (articles[np.maximum(rows, 0)] & (rows >= 0)).any(axis=1)
        if gone:
            found |= (rows == GONE).any(axis=1)
    return found


def _ranked_unseen(
    difference: Difference, touched: NDArray[np.bool_], found: NDArray[np.bool_]
) -> NDArray[np.int32]:
    """Return the lists, beside those `found`, that were chosen from a ranking with a touched or removed article.

    Only rules that choose and pins leave an article of the ranking out of the list.
    """
    site, merge = difference.before, difference.merge
    open_lists = np.zeros(merge.n_before, dtype=np.bool_)
    pages = np.array(list(site.rules.pins), dtype=np.int64)
    open_lists[slice(None) if site.rules.chooses else pages] = True
    rows_now: NDArray[np.int32] = merge.moved[
        _reached_before(difference, (touched, found), open_lists, _Bars.of(site))
    ]
    return rows_now


def _opening_unseen(
    difference: Difference, touched: NDArray[np.bool_], found: NDArray[np.bool_]
) -> NDArray[np.int32]:
    """Return the lists, beside those `found`, that an article opens or opened which a filter keeps out of them."""
    after = difference.after
    if unfiltered(after.rules) is after.rules:
        return np.zeros(0, dtype=np.int32)
    every = np.ones(difference.merge.n_before, dtype=np.bool_)
    former = _reached_before(difference, (touched, found), every, _Bars.of_opening(difference.before))
    bars = _Bars.of_opening(after)
    pairs = _pairs(after, np.flatnonzero(touched).astype(np.int32), ~found)
    reached = [_reaching(after, rows, others, bars)[0] for rows, others in pairs]
    return np.concatenate([difference.merge.moved[former], *reached]).astype(np.int32)


def _reached_before(
    difference: Difference,
    marks: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    open_lists: NDArray[np.bool_],
    bars: _Bars,
) -> NDArray[np.int32]:
    """Return those of some lists before the update, beside those found, whose bar a touched or gone article reached.

    `marks` are the touched articles and the lists found, by rows after the update.
    """
    touched, found = marks
    site, merge = difference.before, difference.merge
    removed = merge.moved[:-1] < 0
    open_lists[merge.kept] &= ~found[merge.stayed]
    open_lists[removed] = False
    former = removed.copy()
    former[merge.kept] = touched[merge.stayed]
    pairs = _pairs(site, np.flatnonzero(former).astype(np.int32), open_lists)
    reached = [_reaching(site, rows, others, bars)[0] for rows, others in pairs]
    return np.concatenate([np.zeros(0, np.int32), *reached])


def _pairs(
    site: Site, touched: NDArray[np.int32], open_lists: NDArray[np.bool_]
) -> Iterator[tuple[NDArray[np.int32], NDArray[np.int32]]]:
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
    found = candidates_of_rows(site.collection, site.index, touched, wide_budget(site.settings.k))
    for row in touched.tolist():
        near = found.of(row)
        near = near[open_lists[near]]
        yield near, np.full(len(near), row, dtype=np.int32)


class _Bars(NamedTuple):
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
        opening = opening_score(site.rules.policy.floor, site.model.n_articles)
        scores = np.full(len(site.collection), opening, dtype=np.float32)
        return cls(unfiltered(site.rules).eligibility, scores)


def _reaching(
    site: Site, rows: NDArray[np.int32], others: NDArray[np.int32], bars: _Bars
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the pairs that the rules allow and that reach the bar of the list, and a few that nearly do."""
    eligibility = bars.eligibility
    own, places = np.unique(rows, return_inverse=True)
    allowed = np.flatnonzero(eligibility.allows(eligibility.queries(own), places, others))
    allowed = allowed[np.argsort(others[allowed], kind="stable")]
    entering, starts = np.unique(others[allowed], return_index=True)
    reaching = [np.zeros(0, dtype=np.intp)]
    for other, pairs in zip(entering.tolist(), np.split(allowed, starts[1:]), strict=False):
        scores = site.scorer.into(other, rows[pairs])
        reaching.append(pairs[scores >= bars.scores[rows[pairs]] - _ROUNDING])
    found = np.concatenate(reaching)
    return rows[found], others[found]


def _regrouped(before: NDArray[Any], after: NDArray[Any], merge: Merge) -> NDArray[np.bool_]:
    """Return which staying articles are in a group of near copies with other members than before."""
    was, now = merge.moved[before[merge.kept]], after[merge.stayed]
    changed = was != now
    sizes_before = np.bincount(before, minlength=merge.n_before)[before[merge.kept]]
    sizes_after = np.bincount(after, minlength=len(merge.order))[after[merge.stayed]]
    return np.asarray(changed | (sizes_before != sizes_after) | _renewed(before, after, merge))


def _renewed(before: NDArray[Any], after: NDArray[Any], merge: Merge) -> NDArray[np.bool_]:
    """Return which staying articles are in a group with a member that came or went."""
    gone = np.unique(before[np.flatnonzero(merge.moved[:-1] < 0)])
    came = np.unique(after[merge.added])
    return np.isin(before[merge.kept], gone) | np.isin(after[merge.stayed], came)


def _edited_rules(difference: Difference) -> NDArray[np.bool_]:
    """Return the articles whose pins or blocks differ."""
    moved = difference.merge.moved
    before, after = difference.before.rules, difference.after.rules
    found = np.zeros(len(difference.after.collection), dtype=np.bool_)
    pins = {
        int(moved[page]): [(at, int(moved[row])) for at, row in each] for page, each in before.pins.items()
    }
    blocked = {
        int(moved[page]): frozenset(int(moved[row]) for row in rows)
        for page, rows in before.eligibility.blocked.items()
    }
    for was, now in ((pins, after.pins), (blocked, after.eligibility.blocked)):
        pages = [page for page in was.keys() | now.keys() if page >= 0 and was.get(page) != now.get(page)]
        found[pages] = True
    return found
