"""What was chosen instead: the list of an article, made once more step by step, of all articles that may be in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.absence.record import Found
from recommender.artifact.summaries import SummaryTable
from recommender.assembly.fields import Field
from recommender.assembly.lists import RUNG_NAMES
from recommender.live import LiveLists
from recommender.ranking.one_list import rank_one

__all__ = ["Choice"]

_SAME = 1e-6  # scores of a build and of now differ by rounding


@dataclass(frozen=True)
class Choice:
    """The choice that made the list of one article."""

    arrays: Mapping[str, NDArray[Any]]
    facts: Mapping[str, Any]
    summaries: SummaryTable
    live: LiveLists
    row: int

    def why_not(self, other: int) -> Found:
        """Return what kept out `other`, which the rules that ask nothing of the score allow, and which is not listed."""
        floor, k = self.live.policy.floor, int(self.facts["k"])
        rows, scores = self._ranked()
        (found,) = np.nonzero(rows == other)
        if not len(found):
            return "nothing in common", "the two have no word in common", {"score": 0.0}
        place, score = int(found[0]), float(scores[found[0]])
        numbers: dict[str, Any] = {"score": score, "floor": floor}
        if score < floor:
            return "floor", f"its score, {score:.3f}, is below the floor of {floor:g}", numbers
        enough = scores >= floor
        rows, scores = rows[enough], scores[enough]
        numbers |= {"place": place + 1, "of": len(rows), "k": k}
        told = f"its score, {score:.3f}, is place {place + 1:,} of {len(rows):,}"
        rule, said, more = (
            self._copy_pinned(other)
            or self._outscored(score, place)
            or self._passed_over(other, rows, scores)
            or self._spread(other, score)
            or self._no_candidate()
        )
        return rule, f"{told}{said}", numbers | more

    def _ranked(self) -> tuple[NDArray[Any], NDArray[np.float64]]:
        """Return all articles that have something in common with this one and may be in its list, best first."""
        eligibility = self.live.assembly.eligibility
        asker = eligibility.one(self.row)

        def allows(others: NDArray[Any]) -> NDArray[np.bool_]:
            return eligibility.allows(asker, np.zeros(len(others), np.intp), others)

        return rank_one(self.live.site.query(self.row), self.live.site, len(self.summaries), None, allows)

    def _copy_pinned(self, other: int) -> Found | None:
        if self.live.policy.copies == "keep":
            return None
        group = self.live.assembly.eligibility.columns.group
        pinned = self._listed("pinned")
        same = pinned[group[pinned] == group[other]]
        if not len(same):
            return None
        name = self.summaries.column("article_id")[int(same[0])]
        return "pins", f", but editors pinned its near copy {name}", {"pinned_copy": name}

    def _passed_over(self, other: int, rows: NDArray[Any], scores: NDArray[Any]) -> Found | None:
        """Return the last step that took one behind `other` and left it, unless it was taken in the end."""
        k = int(self.facts["k"])
        steps = list(self._steps(rows, scores, k))
        if not steps or other in steps[-1][2][:k]:
            return None
        for rule, before, after, more in reversed(steps):
            behind = before[before.index(other) + 1 :] if other in before else []
            if other not in after[:k] and not set(behind).isdisjoint(after[:k]):
                more = more or self._full_value(other, after[:k])
                return rule, _PASSED[rule].format(**more), more
        return None

    def _steps(
        self, ranked: NDArray[Any], scored: NDArray[Any], k: int
    ) -> Iterator[tuple[str, list[int], list[int], dict[str, Any]]]:
        """Yield each step that chooses within the list, with the articles in their order before and after it."""
        policy, assembly = self.live.policy, self.live.assembly
        depth = assembly.depth(k)
        rows, scores = ranked[None, :depth].astype(np.int32), scored[None, :depth].astype(np.float32)
        if policy.diversity > 0:
            from recommender.assembly.diversity import diversified
            from recommender.ranking.signals import Signals

            sparse = Signals.open(self.arrays, self.facts).sparse
            order = diversified(rows, scores, sparse, k, policy.diversity, self.live.site.chance)
            after = np.take_along_axis(rows, order, axis=1)
            yield "diversity", rows[0].tolist(), after[0].tolist(), {"diversity": policy.diversity}
            rows = after
        if policy.caps:
            from recommender.assembly.caps import capped

            caps = [(assembly.caps[name], most) for name, most in policy.caps.items()]
            after = np.take_along_axis(rows, capped(rows, k, caps), axis=1)
            yield "cap", rows[0].tolist(), after[0].tolist(), {}

    def _full_value(self, other: int, taken: list[int]) -> dict[str, Any]:
        """Return the first field with a value of which as many are taken as may be, and how many these are."""
        for name, most in self.live.policy.caps.items():
            field = self.live.assembly.caps[name]
            count = Counter(value for row in taken for value in _values(field, row))
            if any(count[value] >= most for value in _values(field, other)):
                return {"field": name, "most": most}
        return {}

    def _outscored(self, score: float, place: int) -> Found | None:
        """Return that all that are listed for their scores have as much, if the list has no room."""
        k, n_pinned = int(self.facts["k"]), len(self._listed("pinned"))
        listed = self.arrays["list_scores"][self.row][self._at("related")]
        last = float(listed.min(initial=1.0))
        if n_pinned + len(listed) < k or last < score - _SAME:
            return None
        if place < k and n_pinned:
            return "pins", f", but {n_pinned} pinned by editors come first", {"pinned": n_pinned}
        return "outscored", f"; the list ends at {last:.3f}", {"last_score": last}

    def _spread(self, other: int, score: float) -> Found | None:
        """Return that it is in as many lists as one may be, or gave its place to one that was in none."""
        if self.live.policy.exposure is None:
            return None
        shown = self.arrays["list_rows"]
        degrees = np.bincount(shown[shown >= 0], minlength=len(self.summaries))
        most = max(1.0, self.live.policy.exposure * self.facts["spread"]["before"]["mean_in_degree"])
        numbers = {"in_lists": int(degrees[other]), "most_lists": most}
        if degrees[other] + 1 > most:
            said = f", but it is in {degrees[other]:,} lists already; one may be in {most:.0f}"
            return "exposure", said, numbers
        entries, at = shown[self.row], self._at("related")
        worse = entries[at & (self.arrays["list_scores"][self.row] < score - _SAME)]
        once = worse[degrees[worse] == 1]
        if not len(once):
            if degrees[other] + 1 + len(self.live.assembly.pins) <= most:
                return None
            said = (
                f", but it was in as many lists as one may be, {most:.0f}, before pins took its place in some"
            )
            return "exposure", said, numbers
        name = self.summaries.column("article_id")[int(once[0])]
        said = f", but its place went to {name}, which is in no other list"
        return "exposure", said, numbers | {"instead": name}

    def _no_candidate(self) -> Found:
        n_candidates = int(self.facts["n_candidates"])
        said = f", but it was not among the {n_candidates} candidates that were scored for this list"
        return "candidates", said, {"n_candidates": n_candidates}

    def _at(self, rung: str) -> NDArray[np.bool_]:
        rows, rungs = self.arrays["list_rows"][self.row], self.arrays["list_rungs"][self.row]
        return np.asarray((rows >= 0) & (rungs == RUNG_NAMES.index(rung)))

    def _listed(self, rung: str) -> NDArray[np.int32]:
        return np.asarray(self.arrays["list_rows"][self.row][self._at(rung)])


def _values(field: Field, row: int) -> list[int]:
    found: list[int] = field.values[field.indptr[row] : field.indptr[row + 1]].tolist()
    return found


_PASSED = {
    "diversity": ", but it is too like those taken before it: others that rank lower were taken",
    "cap": ", but {most} of its {field} were taken before it",
}
