"""The rules that decide which articles a list may hold, whatever their score.

They are applied in the order of `RULES`. The first rule that forbids an article is the reason for its absence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.collection.summary_table import NO_DATE, microseconds
from recommender.rules.copy_groups import CopyGroups
from recommender.rules.policy import Policy
from recommender.text.language_tags import variants_agree

__all__ = ["RULES", "Columns", "Eligibility", "QueryColumns"]

RULES = (
    "itself", "hidden", "unlisted", "blocked", "copy", "where", "window", "language", "tree", "translation", "same",
    "newer", "linked", "shown",
)  # fmt: skip
"""Names of the rules in the order of their application."""

_DAY = 86_400_000_000  # microseconds

Verdicts = dict[str, NDArray[np.bool_]]


@dataclass(frozen=True, eq=False)
class Columns:
    """What the rules compare, for all articles of a site.

    Parameters
    ----------
    published : ndarray of int64, shape (n,)
        Microseconds since 1970, `NO_DATE` where unknown.
    language : ndarray of int, shape (n,)
        Code of the language, -1 where unknown.
    group : ndarray of int32, shape (n,)
        The same number for articles of which a list holds one, see `listed_once`.
    alike : ndarray of int32, shape (n,)
        The same number for articles that are shown or blocked together: as `group`, but copies that are kept count.
    section : ndarray of int32, shape (n,)
        Code of the section, -1 for none.
    fits : ndarray of bool, shape (n,)
        Whether `Policy.where` and ``where_not`` allow the article.
    same : tuple of int32 arrays, shape (n,)
        Code of each field of `Policy.same`, -1 for none.
    variants : tuple of int32 arrays, shape (n,)
        Script and region of the language, `UNSAID` where unknown; empty if no article says one.
    trees : tuple of (int32 array, int32 array), shape (n,)
        Family and tree of each article, -1 for none: of its translation and of its version. Empty where they play no part.
    listed : ndarray of bool, shape (n,), or None
        Whether lists may hold the article: it is neither unlisted nor private, and has not expired. None for all.
    translation : ndarray of int32, shape (n,), or None
        The same number for the same page in other languages, see `same_pages`. None where these may be listed.
    linked : ndarray of int64, or None
        ``n * row + alike`` for each article and each that its text links to, ascending. None where these may be listed.
    page : ndarray of int32, shape (n,), or None
        The same number for one page in whatever language, of which the lists of other pages hold one. None where they
        may hold all.
    """

    published: NDArray[np.int64]
    language: NDArray[np.integer[Any]]
    group: NDArray[np.int32]
    alike: NDArray[np.int32]
    section: NDArray[np.int32]
    fits: NDArray[np.bool_]
    same: tuple[NDArray[np.int32], ...] = ()
    variants: tuple[NDArray[np.int32], ...] = ()
    trees: tuple[tuple[NDArray[np.int64], NDArray[np.int32]], ...] = ()
    listed: NDArray[np.bool_] | None = None
    translation: NDArray[np.int32] | None = None
    linked: NDArray[np.int64] | None = None
    page: NDArray[np.int32] | None = None


@dataclass(frozen=True, eq=False)
class QueryColumns:
    """The same columns for the articles whose lists are made, and their rows. A draft has row -1."""

    rows: NDArray[np.int32]
    published: NDArray[np.int64]
    language: NDArray[np.integer[Any]]
    group: NDArray[np.int32]
    section: NDArray[np.int32]
    same: tuple[NDArray[np.int32], ...] = ()
    variants: tuple[NDArray[np.int32], ...] = ()
    trees: tuple[tuple[NDArray[np.int64], NDArray[np.int32]], ...] = ()
    translation: NDArray[np.int32] | None = None


@dataclass(frozen=True, eq=False)
class Eligibility:
    """The eligibility rules of a site.

    Parameters
    ----------
    policy : Policy
    columns : Columns
    copies : CopyGroups
        Of each group a list holds one member. It is chosen among those that all rules allow there.
    hidden : frozenset of int
        Rows that editors block everywhere.
    blocked : mapping of int to frozenset of int
        Rows that editors block in the list of one article.
    shown : ndarray of int32
        Numbers of `Columns.alike` that a page shows already.
    """

    policy: Policy
    columns: Columns
    copies: CopyGroups
    hidden: frozenset[int] = frozenset()
    blocked: Mapping[int, frozenset[int]] = field(default_factory=dict)
    shown: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, dtype=np.int32))

    def queries(self, rows: NDArray[np.integer[Any]]) -> QueryColumns:
        """Return the columns of some articles of the site as queries."""
        c = self.columns
        same = tuple(each[rows] for each in c.same)
        return QueryColumns(
            np.asarray(rows, np.int32),
            c.published[rows],
            c.language[rows],
            c.group[rows],
            c.section[rows],
            same,
            tuple(each[rows] for each in c.variants),
            tuple((families[rows], trees[rows]) for families, trees in c.trees),
            None if c.translation is None else c.translation[rows],
        )

    @cached_property
    def restricts(self) -> bool:
        """Whether a rule forbids more than an article itself and near copies."""
        policy, languages = self.policy, self.columns.language
        return bool(
            self.hidden or self.blocked or self.columns.same or self.columns.trees or len(self.shown)
            or self.columns.listed is not None or self.columns.translation is not None
            or self.columns.linked is not None
            or policy.where or policy.where_not or policy.published_after or policy.published_before
            or policy.within_days is not None or policy.recency == "background"
            or (not policy.cross_language and len(languages) and (languages != languages[0]).any())
            or (not policy.cross_language and self.columns.variants)
        )  # fmt: skip

    def listable(self) -> NDArray[np.bool_]:
        """Return which articles may be in any list at all, shape (n,)."""
        n = len(self.columns.group)
        return _all_of(n, self._absolute(np.arange(n, dtype=np.int32)))

    @cached_property
    def representative(self) -> NDArray[np.int32]:
        """The preferred listable member of each article's group of near copies, int32 of shape (n,).

        An article without copies represents itself. A list may hold another member, see `first_allowed`.
        """
        return self.copies.representatives(self.listable())

    def allows(
        self, queries: QueryColumns, places: NDArray[np.integer[Any]], others: NDArray[np.integer[Any]]
    ) -> NDArray[np.bool_]:
        """Return which pairs of a place in `queries` and a row of the site all rules allow, shape (p,)."""
        return _all_of(len(others), self.verdicts(queries, places, others))

    def first_allowed(
        self, queries: QueryColumns, places: NDArray[np.integer[Any]], others: NDArray[np.integer[Any]]
    ) -> NDArray[np.int32]:
        """Return the preferred member of the group of each of `others` that all rules allow, shape (p,); -1 for none.

        An article without copies is the only member of its group.
        """
        found = np.where(self.allows(queries, places, others), others, -1).astype(np.int32)
        if not self.copies:
            return found
        waiting = np.flatnonzero(self.copies.first[others] >= 0)
        at = self.copies.first[others[waiting]]
        found[waiting] = -1
        while len(waiting):
            rows = self.copies.members[at]
            fine = self.allows(queries, places[waiting], rows)
            found[waiting[fine]] = rows[fine]
            at = self.copies.next_places(at)
            left = ~fine & (at >= 0)
            waiting, at = waiting[left], at[left]
        return found

    def allowed(
        self, queries: QueryColumns, candidates: NDArray[np.int32]
    ) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        """Return candidates of shape (m, c) with -1 where a rule forbids one, and which queries lost any, shape (m,).

        A query does not count as losing itself.
        """
        own = candidates == queries.rows[:, None]
        kept = np.where(own, np.int32(-1), candidates)
        if self.copies:
            own = self.columns.group[kept] == queries.group[:, None]
            kept[own] = -1
        if self.restricts or self._other_language(queries):
            pairs, places = np.nonzero(kept >= 0)
            fine = self.allows(queries, pairs, kept[pairs, places])
            kept[pairs[~fine], places[~fine]] = -1
        lost = (kept < 0) & (candidates >= 0) & (candidates != queries.rows[:, None])
        return kept, lost.any(axis=1)

    def verdicts(
        self, queries: QueryColumns, places: NDArray[np.integer[Any]], others: NDArray[np.integer[Any]]
    ) -> Verdicts:
        """Return the verdict of each active rule on each pair, in the order of `RULES`."""
        policy, columns = self.policy, self.columns
        absolute = self._absolute(others)
        found: Verdicts = {
            "itself": queries.rows[places] != others,
            "hidden": absolute.pop("hidden"),
            "blocked": self._not_blocked(queries.rows[places], others),
        }
        if self.copies:
            found["copy"] = queries.group[places] != columns.group[others]
        found |= absolute
        here, there = queries.published[places], columns.published[others]
        if policy.within_days is not None:
            near = np.abs(here - there) <= policy.within_days * _DAY
            found["window"] = found.get("window", np.True_) & near & (here != NO_DATE) & (there != NO_DATE)
        if not policy.cross_language:
            found["language"] = self._in_language(queries, places, others)
        for (my_family, my_tree), (family, tree) in zip(queries.trees, columns.trees, strict=True):
            fine = (my_family[places] != family[others]) | (my_tree[places] == tree[others])
            found["tree"] = found.get("tree", np.True_) & fine
        if columns.translation is not None and queries.translation is not None:
            found["translation"] = queries.translation[places] != columns.translation[others]
        for mine, theirs in zip(queries.same, columns.same, strict=True):
            agrees = (mine[places] == theirs[others]) & (theirs[others] >= 0)
            found["same"] = found.get("same", np.True_) & agrees
        if policy.recency == "background":
            found["newer"] = (there <= here) | (here == NO_DATE) | (there == NO_DATE)
        if columns.linked is not None:
            pairs = queries.rows[places].astype(np.int64) * len(columns.alike) + columns.alike[others]
            at = np.searchsorted(columns.linked, pairs)
            found["linked"] = columns.linked.take(at, mode="clip") != pairs
        if len(self.shown):
            found["shown"] = ~np.isin(columns.alike[others], self.shown)
        return {rule: found[rule] for rule in RULES if rule in found}

    def _in_language(
        self, queries: QueryColumns, places: NDArray[np.integer[Any]], others: NDArray[np.integer[Any]]
    ) -> NDArray[np.bool_]:
        mine, theirs = queries.language[places], self.columns.language[others]
        fine = (mine == theirs) | (mine < 0) | (theirs < 0)
        for one, other in zip(queries.variants, self.columns.variants, strict=True):
            fine &= variants_agree(one[places], other[others])
        return np.asarray(fine)

    def _absolute(self, others: NDArray[np.integer[Any]]) -> Verdicts:
        """Return the verdicts of the rules that do not depend on the query."""
        policy, columns = self.policy, self.columns
        found = {"hidden": ~np.isin(others, np.fromiter(self.hidden, np.int32, len(self.hidden)))}
        if columns.listed is not None:
            found["unlisted"] = columns.listed[others]
        if policy.where or policy.where_not:
            found["where"] = columns.fits[others]
        if policy.published_after is not None or policy.published_before is not None:
            moments = columns.published[others]
            found["window"] = (
                (moments != NO_DATE)
                & (moments >= microseconds(policy.published_after))
                & (moments <= microseconds(policy.published_before, np.iinfo(np.int64).max))
            )
        return found

    def _other_language(self, queries: QueryColumns) -> bool:
        """Return whether a query is in another language than a site of one language."""
        known = queries.language >= 0
        site = self.columns.language[:1]
        return bool(not self.policy.cross_language and (queries.language[known] != site).any())

    def _not_blocked(self, rows: NDArray[np.int32], others: NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
        """Blocking one copy in a list blocks its whole group."""
        fine = np.ones(len(others), dtype=np.bool_)
        if not self.blocked:
            return fine
        for row in np.intersect1d(rows, np.fromiter(self.blocked, np.int32, len(self.blocked))).tolist():
            groups = self.columns.alike[np.fromiter(self.blocked[row], np.int32, len(self.blocked[row]))]
            fine &= (rows != row) | ~np.isin(self.columns.alike[others], groups)
        return fine


def _all_of(n: int, verdicts: Verdicts) -> NDArray[np.bool_]:
    fine = np.ones(n, dtype=np.bool_)
    for each in verdicts.values():
        fine &= each
    return fine
