"""Which lists an update may change.

A list is a function of the pairs of its article with all others, so it changes only if a pair does. The articles whose
pairs changed are those that came, and those that stay but belong to other near copies, are mentioned differently, or are
hidden now. Their own lists may change, those that hold them or hold what is gone, and those in which they would reach the
bar: the score of the last ranked article. These lists are made anew. More than change may be among them, none is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from recommender.index.threads import on_all_threads
from recommender.lists.opening import unfiltered
from recommender.lists.ranked_rows import Known
from recommender.lists.site import Site
from recommender.ranking.site_sizes import is_small
from recommender.updating.changed_links import changed_links
from recommender.updating.difference import Difference
from recommender.updating.entering_pairs import Bars, Pairs, compared, pairs_of, reaching
from recommender.updating.growth import Growth, Step

__all__ = ["Affected", "affected_lists"]

Checked: TypeAlias = tuple[
    NDArray[np.int32], tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]
]
Found = TypeVar("Found")
_MANY = 0.25  # share of the articles from which on all lists are made anew
_FEW = 2  # blocks of pairs that one thread checks sooner than several


class Affected(NamedTuple):
    """Which lists an update may change.

    Attributes
    ----------
    remade : ndarray of int32
        Rows whose lists are made anew, ascending.
    leaving : ndarray of bool, shape (n,)
        Articles whose pairs with others may have changed, and those that are gone. They leave
    holding : ndarray of int32
        these lists or what follows them,
    rows, others : ndarray of int32, shape (p,)
        and enter these at
    scores : ndarray of float32, shape (p,)
        these scores.
    known : Known or None
        The nearest of some of the articles whose lists are made anew.
    """

    remade: NDArray[np.int32]
    leaving: NDArray[np.bool_]
    holding: NDArray[np.int32]
    rows: NDArray[np.int32]
    others: NDArray[np.int32]
    scores: NDArray[np.float32]
    known: Known | None = None


def affected_lists(difference: Difference) -> Affected:
    """Return which lists may differ after an update."""
    site, step = difference.after, difference.step
    touched = difference.touched()
    leaving = touched.copy()
    leaving[_gone(step)] = True
    none = np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.float32)
    if difference.every_list() or touched.sum() > max(1, _MANY * step.there.sum()):
        return Affected(np.flatnonzero(step.there).astype(np.int32), leaving, none[0], *none)
    single, plain = touched & _alone(site), _plain(site)
    holding = difference.holding(site.lists, site.reserve, leaving)
    holding = holding[step.there[holding]]
    found = touched | _edited_rules(difference)
    found[_parts_beside(difference, touched)] = True
    found[holding[_hold(site, holding, touched & ~single) | ~plain[holding]]] = True
    if site.settings.policy.fallback:
        found |= (site.lists.rows < 0).any(axis=1) | (site.lists.sources > 0).any(axis=1)
    found[_ranked_unseen(difference, touched, found)] = True
    found[_opening_unseen(difference, touched, found)] = True
    articles = np.flatnonzero(touched).astype(np.int32)
    pairs, known = (
        _nearly_entering(difference, articles, ~found & step.there) if len(articles) else ([], None)
    )
    entering = [none]
    for stay, enter in _checked(
        pairs, lambda each: _entering(site, each, single, plain), difference.ranker.n_jobs
    ):
        found[stay] = True
        entering.append(enter)
    rows, others, scores = (np.concatenate(each) for each in zip(*entering, strict=True))
    kept = ~found[rows]
    remade = np.flatnonzero(found & step.there).astype(np.int32)
    return Affected(remade, leaving, holding, rows[kept], others[kept], scores[kept], known)


def _nearly_entering(
    difference: Difference, touched: NDArray[np.int32], open_lists: NDArray[np.bool_]
) -> tuple[Sequence[Pairs], Known | None]:
    """Return the pairs of an open list and a touched article that reaches its bar or nearly does, in blocks.

    On a large site, what was found for the lists of the touched articles is returned too.
    """
    site, ranker, search = difference.after, difference.ranker, difference.searches[1]
    if not is_small(len(site.collection)):
        known, pairs = compared(site, ranker, search, touched, open_lists)
        return pairs, known
    bars, blocks = Bars.of(site), list(pairs_of(site, touched, open_lists, search))
    return _checked(blocks, lambda each: reaching(site, each, bars), ranker.n_jobs), None


def _checked(pairs: Sequence[Pairs], check: Callable[[Pairs], Found], n_jobs: int | None) -> list[Found]:
    """Return what is found of blocks of pairs, in their order."""
    found: dict[int, Found] = {}
    blocks = iter(list(enumerate(pairs)))

    def work() -> None:
        for place, block in blocks:
            found[place] = check(block)

    on_all_threads(work, n_jobs if len(pairs) > _FEW else 1)
    return [found[place] for place in range(len(pairs))]


def _entering(site: Site, pairs: Pairs, single: NDArray[np.bool_], plain: NDArray[np.bool_]) -> Checked:
    """Return the lists that are made anew for one of some pairs, and the pairs that enter a list, with their scores."""
    rows, others = pairs
    scores = site.scorer.articles(rows, others)
    reached = scores >= site.reserve.bars[rows]
    rows, others, scores = rows[reached], others[reached], scores[reached]
    enters = single[others] & plain[rows] & (scores > 0) & ~_empty(site, rows)
    return rows[~enters], (rows[enters], others[enters], scores[enters])


def _alone(site: Site) -> NDArray[np.bool_]:
    """Return which articles have no near copies and no other versions."""
    return np.asarray(site.rules.eligibility.copies.place < 0)


def _plain(site: Site) -> NDArray[np.bool_]:
    """Return the lists that are the first of a ranking, and nothing else."""
    plain = np.full(len(site.collection), not site.rules.chooses)
    plain[site.rules.placed] = False
    return plain


def _empty(site: Site, rows: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return which of some lists have no entries. If an article opens one, more than this article may belong into it."""
    return np.asarray((site.lists.rows[rows] < 0).all(axis=1))


def _gone(step: Step) -> NDArray[np.int32]:
    """Return the rows that stand in lists for articles that are gone, if these have rows."""
    return step.removed if isinstance(step, Growth) else step.removed[:0]


def _hold(site: Site, rows: NDArray[np.int32], articles: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which of some lists hold one of some articles, or are followed by one."""
    found = np.hstack([site.lists.rows[rows], site.reserve.rows[rows]])
    return np.asarray((articles[np.maximum(found, 0)] & (found >= 0)).any(axis=1))


def _ranked_unseen(
    difference: Difference, touched: NDArray[np.bool_], found: NDArray[np.bool_]
) -> NDArray[np.int32]:
    """Return the lists, beside those `found`, that were chosen from a ranking with a touched or removed article.

    Only rules that choose, pins and parts of a series leave an article of the ranking out of the list.
    """
    site, step = difference.before, difference.step
    if not site.rules.chooses and not len(site.rules.placed):
        return np.zeros(0, dtype=np.int32)
    open_lists = np.zeros(step.n_before, dtype=np.bool_)
    open_lists[slice(None) if site.rules.chooses else site.rules.placed] = True
    return _reached_before(difference, (touched, found), open_lists, Bars.of(site))


def _opening_unseen(
    difference: Difference, touched: NDArray[np.bool_], found: NDArray[np.bool_]
) -> NDArray[np.int32]:
    """Return the lists, beside those `found`, that an article opens or opened which a filter keeps out of them."""
    before, after, step = difference.before, difference.after, difference.step
    if unfiltered(after.rules) is after.rules or not after.rules.policy.floor:
        return np.zeros(0, dtype=np.int32)
    every = np.ones(step.n_before, dtype=np.bool_)
    former = _reached_before(difference, (touched, found), every, Bars.of_opening(before))
    bars, articles = Bars.of_opening(after), np.flatnonzero(touched).astype(np.int32)
    pairs = pairs_of(after, articles, ~found & step.there, difference.searches[1])
    return np.concatenate([former, *(reaching(after, each, bars)[0] for each in pairs)])


def _reached_before(
    difference: Difference,
    marks: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    open_lists: NDArray[np.bool_],
    bars: Bars,
) -> NDArray[np.int32]:
    """Return those of some lists, beside those found, whose bar a touched or gone article reached before the update.

    `marks` are the touched articles and the lists found, by rows after the update; `open_lists` and `bars` are by rows
    before it.
    """
    site, step, (touched, found) = difference.before, difference.step, marks
    open_lists[step.former[found & (step.former >= 0)]] = False
    open_lists[step.moved[:-1] < 0] = False
    former = np.zeros(step.n_before, dtype=np.bool_)
    former[step.removed] = True
    former[step.former[touched & (step.former >= 0)]] = True
    pairs = pairs_of(site, np.flatnonzero(former).astype(np.int32), open_lists, difference.searches[0])
    reached = [reaching(site, each, bars)[0] for each in pairs]
    rows_now: NDArray[np.int32] = step.moved[np.concatenate([np.zeros(0, np.int32), *reached])]
    return rows_now


def _parts_beside(difference: Difference, touched: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Return the parts of the series of which an article is touched or gone."""
    found = [np.zeros(0, dtype=np.int32)]
    moved = difference.step.moved
    if (series := difference.after.rules.series) is not None:
        found.append(series.rows[np.isin(series.numbers, series.numbers[touched[series.rows]])])
    if (series := difference.before.rules.series) is not None:
        gone = np.isin(series.numbers, series.numbers[moved[series.rows] < 0])
        found.append(moved[series.rows[gone]])
    rows = np.concatenate(found)
    return rows[rows >= 0]


def _edited_rules(difference: Difference) -> NDArray[np.bool_]:
    """Return the articles whose pins or blocks differ, and what their texts link to where that is left out."""
    moved = difference.step.moved
    before, after = difference.before.rules, difference.after.rules
    found = np.zeros(len(difference.after.collection), dtype=np.bool_)
    pins = {
        int(moved[page]): [(at, int(moved[row])) for at, row in each] for page, each in before.pins.items()
    }
    blocked = {
        int(moved[page]): frozenset(int(moved[row]) for row in rows)
        for page, rows in before.eligibility.blocked.items()
    }
    if after.policy.linked == "out":
        found[changed_links(difference.before.collection, difference.after.collection, difference.step)] = (
            True
        )
    for was, now in ((pins, after.pins), (blocked, after.eligibility.blocked)):
        pages = [page for page in was.keys() | now.keys() if page >= 0 and was.get(page) != now.get(page)]
        found[pages] = True
    return found
