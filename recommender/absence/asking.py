"""Why an article is not in another's list: it is, a rule says no, or others were chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.absence.choosing import Choice
from recommender.absence.record import Absence, Found
from recommender.artifact.summaries import SummaryTable
from recommender.assembly.eligibility import Eligibility
from recommender.assembly.fields import values_of
from recommender.assembly.lists import RUNG_NAMES
from recommender.live import LiveLists
from recommender.ranking.recency import NO_DATE

__all__ = ["absence"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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
    rule, said, numbers = _Case(Choice(arrays, facts, summaries, live, row), other).found()
    return Absence(article_id, other_id, rule, said, numbers)


@dataclass(frozen=True)
class _Case:
    choice: Choice
    other: int

    def found(self) -> Found:
        return (
            self._listed() or self._too_many_pins() or self._not_allowed() or self.choice.why_not(self.other)
        )

    def _listed(self) -> Found | None:
        (places,) = np.nonzero(self.choice.arrays["list_rows"][self.choice.row] == self.other)
        if not len(places):
            return None
        rung = RUNG_NAMES[self.choice.arrays["list_rungs"][self.choice.row, places[0]]]
        return "listed", f"it is in the list, at place {places[0] + 1} ({rung})", {"rank": int(places[0]) + 1}

    def _too_many_pins(self) -> Found | None:
        pins = [row for _, row in self.choice.live.assembly.pins.get(self.choice.row, ())]
        if self.other not in pins:
            return None
        said = f"editors pin {len(pins)} articles there, more than the list holds"
        return "pins", said, {"pinned": len(pins)}

    def _not_allowed(self) -> Found | None:
        eligibility = self.choice.live.assembly.eligibility
        told = eligibility.verdicts(
            eligibility.one(self.choice.row), np.zeros(1, np.intp), np.array([self.other])
        )
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
        if self.other in eligibility.blocked[self.choice.row]:
            return "editors block it in this list", {}
        return "editors block a near copy of it in this list", {}

    def _copy(self, eligibility: Eligibility) -> tuple[str, dict[str, Any]]:
        group = eligibility.columns.group
        if group[self.choice.row] == group[self.other]:
            alike = self._jaccard(self.choice.row, self.other)
            return f"it is a near copy of the article itself{_shown(alike)}", {"jaccard": alike}
        first = int(eligibility.representative[self.other])
        name = self.choice.summaries.column("article_id")[first]
        alike = self._jaccard(first, self.other)
        numbers = {"represented_by": name, "jaccard": alike}
        return (
            f"its near copy {name}{_shown(alike)} stands for it ({self.choice.live.policy.copies})",
            numbers,
        )

    def _where(self, _: Eligibility) -> tuple[str, dict[str, Any]]:
        policy, summary = self.choice.live.policy, self.choice.summaries[self.other]
        names = [*policy.where, *policy.where_not]
        has = {name: list(values_of(summary, name)) for name in names}
        wanted = {"where": dict(policy.where), "where_not": dict(policy.where_not)}
        told = "; ".join(f"{name}: {', '.join(values) or 'nothing'}" for name, values in has.items())
        return f"lists of this site do not take what it has ({told})", {"has": has, "wanted": wanted}

    def _window(self, eligibility: Eligibility) -> tuple[str, dict[str, Any]]:
        policy = eligibility.policy
        here, there = (_day(eligibility.columns.published[row]) for row in (self.choice.row, self.other))
        numbers = {
            "published": there, "article_published": here, "within_days": policy.within_days,
            "published_after": _text(policy.published_after), "published_before": _text(policy.published_before),
        }  # fmt: skip
        return f"its date, {there or 'unknown'}, is outside the window", numbers

    def _language(self, eligibility: Eligibility) -> tuple[str, dict[str, Any]]:
        names = self.choice.facts["languages"]
        mine, theirs = (names[eligibility.columns.language[row]] for row in (self.choice.row, self.other))
        return f"it is in {theirs}, the article in {mine}", {"language": theirs, "article_language": mine}

    def _same(self, eligibility: Eligibility) -> tuple[str, dict[str, Any]]:
        both = {
            name: [
                list(values_of(self.choice.summaries[row], name)[:1]) for row in (self.choice.row, self.other)
            ]
            for name in eligibility.policy.same
        }
        differ = [name for name, (mine, theirs) in both.items() if mine != theirs or not theirs]
        return f"it has not the same {' and '.join(differ)} as the article", {"fields": both}

    def _newer(self, eligibility: Eligibility) -> tuple[str, dict[str, Any]]:
        here, there = (_day(eligibility.columns.published[row]) for row in (self.choice.row, self.other))
        numbers = {"published": there, "article_published": here}
        return f"it is newer ({there}) than the article ({here})", numbers

    def _jaccard(self, row: int, other: int) -> float | None:
        """Return the similarity of two near copies; None where a third makes them a group."""
        from recommender.text.near_copies import NearCopies

        copies = NearCopies(*(self.choice.arrays[f"copy_{name}"] for name in NearCopies._fields))
        found = dict(zip(*(each.tolist() for each in copies.of(row)), strict=True))
        return found.get(other)


def _shown(alike: float | None) -> str:
    return "" if alike is None else f" (Jaccard {alike:.2f})"


def _day(moment: int) -> str | None:
    return None if moment == NO_DATE else (_EPOCH + timedelta(microseconds=int(moment))).isoformat()


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
