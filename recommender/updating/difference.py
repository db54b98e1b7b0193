"""A site before and after an update, and which of its articles that touches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

from recommender.index.kernels.array_layout import read_only
from recommender.lists.lists import Lists
from recommender.lists.reserve import Reserve
from recommender.lists.site import Site
from recommender.ranking.candidates_of_rows import Search
from recommender.ranking.ranker import Ranker
from recommender.ranking.site_sizes import is_small
from recommender.rules.eligibility import Columns
from recommender.updating.growth import Step

__all__ = ["Difference", "Holding"]

Holding: TypeAlias = Callable[[Lists, Reserve, NDArray[np.bool_]], NDArray[np.int32]]


@dataclass(frozen=True, eq=False)
class Difference:
    """A site before and after an update; afterwards still with the lists of before.

    Parameters
    ----------
    before, after : Site
    step : Step
    recounted : ndarray of int32
        Rows whose mentions were measured anew.
    searches : tuple of callable
        Return the candidates of some articles, before and after.
    holding : callable
        See `holding`.
    ranker : Ranker
        Of the site after.
    translated : ndarray of int32
        Rows whose sets of translations changed.
    """

    before: Site
    after: Site
    step: Step
    recounted: NDArray[np.int32]
    searches: tuple[Search, Search]
    holding: Holding
    ranker: Ranker
    translated: NDArray[np.int32]

    def touched(self) -> NDArray[np.bool_]:
        """Return the articles whose pairs with others may have changed, shape (n,), new ones among them."""
        step, old, new = self.step, self.before.rules.eligibility, self.after.rules.eligibility
        found = _regrouped(old.columns.group, new.columns.group, step)
        found[step.added] = found[self.recounted] = True
        hidden = {int(step.moved[row]) for row in old.hidden} ^ new.hidden
        found[[row for row in hidden if row >= 0]] = True
        found |= _relisted(old.columns.listed, new.columns.listed, step)
        if self.after.rules.policy.translations == "apart":
            found[self.translated] = True
        pages = _pages(new.columns)
        if pages is not new.columns.group or _pages(old.columns) is not old.columns.group:
            found |= _regrouped(_pages(old.columns), pages, step)
            found = np.isin(pages, pages[found])  # one that leaves the lists makes room for its translations
        return found & step.there

    def every_list(self) -> bool:
        """Return whether all lists are made anew: a rule concerns them together, ages moved, or candidates are all now."""
        a, b, step = self.before.rules.ages, self.after.rules.ages, self.step
        shrunk = is_small(int(step.there.sum())) and not is_small(len(self.before.collection))
        stayed = step.former >= 0
        aged = a is not None and b is not None and bool((a[step.former[stayed]] != b[stayed]).any())
        return aged or shrunk or self.after.settings.policy.exposure is not None


def _pages(columns: Columns) -> NDArray[np.int32]:
    """Return the same number for one page in whatever language, where that plays a part, or else `Columns.group`."""
    pages = columns.translation if columns.page is None else columns.page
    return columns.group if pages is None else pages


def _relisted(
    before: NDArray[np.bool_] | None, after: NDArray[np.bool_] | None, step: Step
) -> NDArray[np.bool_]:
    """Return which articles may be in lists now and not before, or the other way, shape (n,)."""
    if before is None and after is None:
        return np.zeros(step.n, dtype=np.bool_)
    staying = step.former >= 0
    was = np.ones(step.n, dtype=np.bool_) if before is None else before[step.former]
    now = np.ones(step.n, dtype=np.bool_) if after is None else after
    return np.asarray(staying & (was != now))


def _regrouped(before: NDArray[Any], after: NDArray[Any], step: Step) -> NDArray[np.bool_]:
    """Return which articles are in a group of near copies with other members than before, shape (n,)."""
    left, joined = np.zeros(step.n_before, dtype=np.bool_), np.zeros(step.n, dtype=np.bool_)
    left[before[step.removed]] = joined[after[step.added]] = True
    groups = read_only(before), read_only(after)
    return np.asarray(_in_other_groups(*groups, read_only(step.former), read_only(step.moved), left, joined))


@njit(nogil=True, cache=True)
def _in_other_groups(before, after, former, moved, left, joined):  # type: ignore[no-untyped-def]
    """Return which articles stay in a group that others leave or join. Groups that change are marked before."""
    for row in range(former.shape[0]):
        if former[row] >= 0 and moved[before[former[row]]] != after[row]:
            left[before[former[row]]] = joined[after[row]] = True
    found = np.zeros(former.shape[0], dtype=np.bool_)
    for row in range(former.shape[0]):
        if former[row] >= 0:
            found[row] = left[before[former[row]]] or joined[after[row]]
    return found
