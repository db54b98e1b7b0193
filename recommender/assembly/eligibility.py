"""Who may stand in whose list at all: the rules that ask nothing of the score.

They are asked in the order of `RULES`; the first that says no is the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.assembly.policy import Policy
from recommender.ranking.recency import NO_DATE

__all__ = ["RULES", "Askers", "Columns", "Eligibility", "microseconds"]

RULES = ("itself", "hidden", "blocked", "copy", "where", "window", "language", "same", "newer")
"""Names of the rules, in the order in which they are asked."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = 86_400_000_000  # microseconds


@dataclass(frozen=True, eq=False)
class Columns:
    """What the rules look at, for all articles of a site.

    Parameters
    ----------
    published : ndarray of int64, shape (n,)
        Microseconds since 1970, `NO_DATE` where unknown.
    language : ndarray of int, shape (n,)
        Code of the language, -1 where unknown.
    group : ndarray of int32, shape (n,)
        Same number for near copies of each other.
    section : ndarray of int32, shape (n,)
        Code of the section, -1 for none.
    fits : ndarray of bool, shape (n,)
        Whether `Policy.where` and ``where_not`` allow it.
    same : tuple of int32 arrays, shape (n,)
        Code of each field of `Policy.same`, -1 for none.
    """

    published: NDArray[np.int64]
    language: NDArray[np.integer[Any]]
    group: NDArray[np.int32]
    section: NDArray[np.int32]
    fits: NDArray[np.bool_]
    same: tuple[NDArray[np.int32], ...] = ()


@dataclass(frozen=True, eq=False)
class Askers:
    """Whose lists are made: the same columns, and the row on the site, -1 for a draft."""

    rows: NDArray[np.int32]
    published: NDArray[np.int64]
    language: NDArray[np.integer[Any]]
    group: NDArray[np.int32]
    section: NDArray[np.int32]
    same: tuple[NDArray[np.int32], ...] = ()


@dataclass(frozen=True, eq=False)
class Eligibility:
    """The rules of a site, ready to be asked.

    Parameters
    ----------
    policy : Policy
    columns : Columns
    representative : ndarray of int32, shape (n,)
        Row of the article that stands for its group of near copies; its own if alone.
    hidden : frozenset of int
        Rows that editors block everywhere.
    blocked : mapping of int to frozenset of int
        Rows that editors block in the list of one article.
    """

    policy: Policy
    columns: Columns
    representative: NDArray[np.int32]
    hidden: frozenset[int] = frozenset()
    blocked: Mapping[int, frozenset[int]] = field(default_factory=dict)

    def site(self) -> Askers:
        """Return all articles of the site as those who ask."""
        c = self.columns
        rows = np.arange(len(c.group), dtype=np.int32)
        return Askers(rows, c.published, c.language, c.group, c.section, c.same)

    def one(self, row: int) -> Askers:
        """Return one article of the site as the only one who asks."""
        c = self.columns
        me = slice(row, row + 1)
        same = tuple(each[me] for each in c.same)
        rows = np.array([row], dtype=np.int32)
        return Askers(rows, c.published[me], c.language[me], c.group[me], c.section[me], same)

    @property
    def asks_anything(self) -> bool:
        """Whether a rule is on that candidates are not held to already: all but an article itself and near copies."""
        policy, languages = self.policy, self.columns.language
        return bool(
            self.hidden or self.blocked or self.columns.same
            or policy.where or policy.where_not or policy.published_after or policy.published_before
            or policy.within_days is not None or policy.recency == "background"
            or (not policy.cross_language and len(languages) and (languages != languages[0]).any())
        )  # fmt: skip

    def listable(self) -> NDArray[np.bool_]:
        """Return who may be in any list at all, whoever asks: shape (n,)."""
        n = len(self.columns.group)
        shown = self._absolute(np.arange(n, dtype=np.int32))
        return _all_of(n, shown)

    def allows(
        self, askers: Askers, places: NDArray[np.integer[Any]], others: NDArray[np.integer[Any]]
    ) -> NDArray[np.bool_]:
        """Return which pairs of a place in `askers` and a row of the site all rules allow, shape (p,)."""
        told = self.verdicts(askers, places, others)
        return _all_of(len(others), told)

    def verdicts(
        self, askers: Askers, places: NDArray[np.integer[Any]], others: NDArray[np.integer[Any]]
    ) -> dict[str, NDArray[np.bool_]]:
        """Return what each rule says of each pair, in the order of `RULES`; rules that are off are not there."""
        policy, columns = self.policy, self.columns
        absolute = self._absolute(others)
        told = {
            "itself": askers.rows[places] != others,
            "hidden": absolute.pop("hidden"),
            "blocked": self._not_blocked(askers.rows[places], others),
        }
        if policy.copies != "keep":
            told["copy"] = absolute.pop("copy") & (askers.group[places] != columns.group[others])
        told |= absolute
        if policy.within_days is not None:
            here, there = askers.published[places], columns.published[others]
            near = np.abs(here - there) <= policy.within_days * _DAY
            told["window"] = told.get("window", np.True_) & near & (here != NO_DATE) & (there != NO_DATE)
        if not policy.cross_language:
            mine, theirs = askers.language[places], columns.language[others]
            told["language"] = (mine == theirs) | (mine < 0) | (theirs < 0)
        for mine, theirs in zip(askers.same, columns.same, strict=True):
            agrees = (mine[places] == theirs[others]) & (theirs[others] >= 0)
            told["same"] = told.get("same", np.True_) & agrees
        if policy.recency == "background":
            here, there = askers.published[places], columns.published[others]
            told["newer"] = (there <= here) | (here == NO_DATE) | (there == NO_DATE)
        return {rule: told[rule] for rule in RULES if rule in told}

    def _absolute(self, others: NDArray[np.integer[Any]]) -> dict[str, NDArray[np.bool_]]:
        """Return what the rules say that do not depend on who asks."""
        policy, columns = self.policy, self.columns
        told = {"hidden": ~np.isin(others, np.fromiter(self.hidden, np.int32, len(self.hidden)))}
        if policy.copies != "keep":
            told["copy"] = self.representative[others] == others
        if policy.where or policy.where_not:
            told["where"] = columns.fits[others]
        if policy.published_after is not None or policy.published_before is not None:
            moments = columns.published[others]
            told["window"] = (
                (moments != NO_DATE)
                & (moments >= microseconds(policy.published_after, NO_DATE))
                & (moments <= microseconds(policy.published_before, np.iinfo(np.int64).max))
            )
        return told

    def _not_blocked(self, rows: NDArray[np.int32], others: NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
        """Blocking one copy in a list blocks all: whoever stands for the group is meant."""
        fine = np.ones(len(others), dtype=np.bool_)
        if not self.blocked:
            return fine
        for row in np.intersect1d(rows, np.fromiter(self.blocked, np.int32, len(self.blocked))).tolist():
            groups = self.columns.group[np.fromiter(self.blocked[row], np.int32, len(self.blocked[row]))]
            fine &= (rows != row) | ~np.isin(self.columns.group[others], groups)
        return fine


def _all_of(n: int, told: Mapping[str, NDArray[np.bool_]]) -> NDArray[np.bool_]:
    fine = np.ones(n, dtype=np.bool_)
    for each in told.values():
        fine &= each
    return fine


def microseconds(moment: datetime | None, default: int) -> int:
    """Return a moment as microseconds since 1970; `default` for None."""
    return default if moment is None else (moment - _EPOCH) // timedelta(microseconds=1)
