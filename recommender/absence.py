"""Why an article is not in another's list: the first rule that says no, or how much was missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.artifact.summaries import SummaryTable
from recommender.assembly.eligibility import Eligibility
from recommender.assembly.fields import values_of
from recommender.assembly.lists import RUNG_NAMES
from recommender.live import LiveLists
from recommender.ranking.one_list import rank_one
from recommender.ranking.recency import NO_DATE

__all__ = ["STAGES", "Absence", "absence"]

STAGES = {
    "listed": "list", "itself": "eligibility", "hidden": "editors", "blocked": "editors", "copy": "near copies",
    "where": "filters", "window": "filters", "language": "language", "same": "filters", "newer": "recency",
    "nothing in common": "ranking", "floor": "floor", "outscored": "ranking", "pins": "editors",
    "diversity": "diversity", "cap": "caps", "exposure": "exposure", "candidates": "candidates",
}  # fmt: skip
"""The stage of each rule that an absence can name."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Absence:
    """What kept one article out of another's list.

    Parameters
    ----------
    article_id, other_id : str
    rule : str
        One of `STAGES`; "listed" if it is there.
    said : str
        The same in a sentence, with the numbers.
    numbers : mapping of str to value
        What was compared, as JSON can hold it.
    """

    article_id: str
    other_id: str
    rule: str
    said: str
    numbers: Mapping[str, Any] = field(default_factory=dict)

    @property
    def stage(self) -> str:
        """The stage that the rule belongs to."""
        return STAGES[self.rule]

    def __str__(self) -> str:
        return f"{self.stage}: {self.said}"


def absence(
    arrays: Mapping[str, NDArray[Any]],
    facts: Mapping[str, Any],
    summaries: SummaryTable,
    live: LiveLists,
    article_id: str,
    other_id: str,
) -> Absence:
    """Return why `other_id` is not in the list of `article_id`; see `Recommender.why_not`.

    Costs a score for every article of the site.
    """
    row, other = summaries.row(article_id), summaries.row(other_id)
    rule, said, numbers = _Case(arrays, facts, summaries, live, row, other).found()
    return Absence(article_id, other_id, rule, said, numbers)


_Found = tuple[str, str, dict[str, Any]]


@dataclass(frozen=True)
class _Case:
    arrays: Mapping[str, NDArray[Any]]
    facts: Mapping[str, Any]
    summaries: SummaryTable
    live: LiveLists
    row: int
    other: int

    def found(self) -> _Found:
        return self._listed() or self._not_allowed() or self._by_score()

    def _listed(self) -> _Found | None:
        (places,) = np.nonzero(self.arrays["list_rows"][self.row] == self.other)
        if not len(places):
            return None
        rung = RUNG_NAMES[self.arrays["list_rungs"][self.row, places[0]]]
        return "listed", f"it is in the list, at place {places[0] + 1} ({rung})", {"rank": int(places[0]) + 1}

    def _not_allowed(self) -> _Found | None:
        eligibility = self.live.assembly.eligibility
        told = eligibility.verdicts(eligibility.one(self.row), np.zeros(1, np.intp), np.array([self.other]))
        rule = next((rule for rule, fine in told.items() if not fine[0]), None)
        if rule is None:
            return None
        said, numbers = getattr(self, f"_{rule}")(eligibility)
        return rule, said, numbers

    def _itself(self, _: Eligibility) -> tuple[str, dict[str, Any]]:
        return "an article is not in its own list", {}

    def _hidden(self, _: Eligibility) -> tuple[str, dict[str, Any]]:
        return "editors block it everywhere", {}

    def _blocked(self, eligibility: Eligibility) -> tuple[str, dict[str, Any]]:
        if self.other in eligibility.blocked[self.row]:
            return "editors block it in this list", {}
        return "editors block a near copy of it in this list", {}

    def _copy(self, eligibility: Eligibility) -> tuple[str, dict[str, Any]]:
        group = eligibility.columns.group
        if group[self.row] == group[self.other]:
            alike = self._jaccard(self.row, self.other)
            return f"it is a near copy of the article itself{_shown(alike)}", {"jaccard": alike}
        first = int(eligibility.representative[self.other])
        name = self.summaries.column("article_id")[first]
        alike = self._jaccard(first, self.other)
        numbers = {"represented_by": name, "jaccard": alike}
        return f"its near copy {name}{_shown(alike)} stands for it ({self.live.policy.copies})", numbers

    def _where(self, _: Eligibility) -> tuple[str, dict[str, Any]]:
        policy, summary = self.live.policy, self.summaries[self.other]
        names = [*policy.where, *policy.where_not]
        has = {name: list(values_of(summary, name)) for name in names}
        wanted = {"where": dict(policy.where), "where_not": dict(policy.where_not)}
        told = "; ".join(f"{name}: {', '.join(values) or 'nothing'}" for name, values in has.items())
        return f"lists of this site do not take what it has ({told})", {"has": has, "wanted": wanted}

    def _window(self, eligibility: Eligibility) -> tuple[str, dict[str, Any]]:
        policy = eligibility.policy
        here, there = (_day(eligibility.columns.published[row]) for row in (self.row, self.other))
        numbers = {
            "published": there, "article_published": here, "within_days": policy.within_days,
            "published_after": _text(policy.published_after), "published_before": _text(policy.published_before),
        }  # fmt: skip
        return f"its date, {there or 'unknown'}, is outside the window", numbers

    def _language(self, eligibility: Eligibility) -> tuple[str, dict[str, Any]]:
        names = self.facts["languages"]
        mine, theirs = (names[eligibility.columns.language[row]] for row in (self.row, self.other))
        return f"it is in {theirs}, the article in {mine}", {"language": theirs, "article_language": mine}

    def _same(self, eligibility: Eligibility) -> tuple[str, dict[str, Any]]:
        both = {
            name: [list(values_of(self.summaries[row], name)[:1]) for row in (self.row, self.other)]
            for name in eligibility.policy.same
        }
        differ = [name for name, (mine, theirs) in both.items() if mine != theirs or not theirs]
        return f"it has not the same {' and '.join(differ)} as the article", {"fields": both}

    def _newer(self, eligibility: Eligibility) -> tuple[str, dict[str, Any]]:
        here, there = (_day(eligibility.columns.published[row]) for row in (self.row, self.other))
        numbers = {"published": there, "article_published": here}
        return f"it is newer ({there}) than the article ({here})", numbers

    def _by_score(self) -> _Found:
        policy, assembly, k = self.live.policy, self.live.assembly, int(self.facts["k"])
        query, asker = self.live.site.query(self.row), assembly.eligibility.one(self.row)
        _, alone = rank_one(query, self.live.site, 1, np.array([self.other]))
        if not len(alone):
            return "nothing in common", "the two have no word in common", {"score": 0.0}
        score = float(alone[0])
        numbers: dict[str, Any] = {"score": score, "floor": policy.floor}
        if score < policy.floor:
            return "floor", f"its score, {score:.3f}, is below the floor of {policy.floor:g}", numbers

        def allows(others: NDArray[Any]) -> NDArray[np.bool_]:
            return assembly.eligibility.allows(asker, np.zeros(len(others), np.intp), others)

        rows, scores = rank_one(query, self.live.site, len(self.summaries), None, allows, policy.floor)
        place = int(np.flatnonzero(rows == self.other)[0]) + 1
        numbers |= {"place": place, "of": len(rows), "k": k}
        if place > k:
            numbers["last_score"] = float(scores[k - 1])
            said = f"its score, {score:.3f}, is place {place:,} of {len(rows):,}; the list ends at {scores[k - 1]:.3f}"
            return "outscored", said, numbers
        return self._displaced(place, score, numbers)

    def _displaced(self, place: int, score: float, numbers: dict[str, Any]) -> _Found:
        """Its score is enough for the list: something of all lists together, or of the list as a whole, took its place."""
        policy, stored = self.live.policy, self.arrays["list_rows"][self.row]
        n_pins = int((self.arrays["list_rungs"][self.row] == RUNG_NAMES.index("pinned")).sum())
        told = f"its score, {score:.3f}, is place {place:,}, but"
        if place > len(stored) - n_pins:
            return "pins", f"{told} {n_pins} pinned by editors come first", numbers | {"pinned": n_pins}
        if policy.caps and (name := self._over_cap(stored)):
            return (
                "cap",
                f"{told} {policy.caps[name]} of its {name} are in the list",
                numbers | {"field": name},
            )
        if policy.exposure is not None:
            degrees = np.bincount(
                self.arrays["list_rows"][self.arrays["list_rows"] >= 0], minlength=len(self.summaries)
            )
            mean = float(degrees.mean())
            numbers |= {"in_lists": int(degrees[self.other]), "mean_in_lists": mean, "most": policy.exposure}
            said = f"{told} it is in {degrees[self.other]} lists (the mean is {mean:.1f}), or its place went to an orphan"
            return "exposure", said, numbers
        if policy.diversity > 0:
            return (
                "diversity",
                f"{told} it is too like those before it",
                numbers | {"diversity": policy.diversity},
            )
        n_candidates = int(self.facts["n_candidates"])
        said = f"{told} it was not among the {n_candidates} candidates that were scored for this list"
        return "candidates", said, numbers | {"n_candidates": n_candidates}

    def _over_cap(self, stored: NDArray[Any]) -> str | None:
        for name, most in self.live.policy.caps.items():
            field_ = self.live.assembly.caps[name]

            def values(row: int, field_: Any = field_) -> set[int]:
                return set(field_.values[field_.indptr[row] : field_.indptr[row + 1]].tolist())

            for value in values(self.other):
                if sum(value in values(row) for row in stored.tolist() if row >= 0) >= most:
                    return name
        return None

    def _jaccard(self, row: int, other: int) -> float | None:
        """Return the similarity of two near copies; None where a third makes them a group."""
        first, second = sorted(int(self.arrays["copy_identical"][each]) for each in (row, other))
        if first == second:
            return 1.0
        (at,) = np.nonzero((self.arrays["copy_pairs"] == [first, second]).all(axis=1))
        return float(self.arrays["copy_jaccard"][at[0]]) if len(at) else None


def _shown(alike: float | None) -> str:
    return "" if alike is None else f" (Jaccard {alike:.2f})"


def _day(moment: int) -> str | None:
    return None if moment == NO_DATE else (_EPOCH + timedelta(microseconds=int(moment))).isoformat()


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
