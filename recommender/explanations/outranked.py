"""What was listed instead of an article that the rules allow: the ranking and its steps, run again for one list."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.explanations.absence import Reason
from recommender.lists.choosing_steps import choosing_depth, choosing_steps
from recommender.lists.entry_sources import source_code
from recommender.lists.opening import Ranking, opened, unfiltered
from recommender.lists.reserve import ranking_depth
from recommender.lists.site import Site
from recommender.ranking.ranker import Ranker
from recommender.ranking.top_k import IdOrder
from recommender.rules.article_fields import Field
from recommender.rules.site_rules import SiteRules
from recommender.scoring.queries import Queries

__all__ = ["outranked"]


def outranked(site: Site, row: int, other: int) -> Reason:
    """Return what kept `other`, which the rules allow, out of the list of `row`.

    Scores all articles that may be in the list.
    """
    return _Choice(site, row, other).reason()


@dataclass(frozen=True)
class _Choice:
    site: Site
    row: int
    other: int

    def reason(self) -> Reason:
        """Return the reason: the score itself, or the last step that passed over the article."""
        rows, scores = self._ranked
        (found,) = np.nonzero(rows == self.other)
        if not len(found) and 0 < (score := self._score) < self.site.settings.policy.floor:
            return self._below_floor(score)
        if not len(found):
            return Reason("nothing in common", "the two have no word in common", {"score": 0.0})
        place, score = int(found[0]), float(scores[found[0]])
        floor = self.site.settings.policy.floor
        numbers: dict[str, Any] = {"score": score, "floor": floor}
        if scores[place] < np.float32(floor):
            return self._below_floor(score)
        if closed := self._closed():
            return Reason(closed.rule, closed.explanation, numbers | closed.numbers)
        n_fitting = int((scores >= np.float32(floor)).sum())
        numbers |= {"place": place + 1, "of": n_fitting, "k": self.site.settings.k}
        begin = f"its score, {score:.3f}, is place {place + 1:,} of {n_fitting:,}"
        reason = (
            self._pinned_copy()
            or self._outscored(scores[place], place)
            or self._passed_over(n_fitting)
            or self._spread(scores[place])
            or self._no_candidate()
        )
        return Reason(reason.rule, begin + reason.explanation, numbers | reason.numbers)

    def _below_floor(self, score: float) -> Reason:
        floor = self.site.settings.policy.floor
        explanation = f"its score, {score:.3f}, is below the floor of {floor:g}"
        return Reason("floor", explanation, {"score": score, "floor": floor})

    @property
    def _k(self) -> int:
        return self.site.longest_list

    @cached_property
    def _ranked(self) -> Ranking:
        """Rows and scores of all articles that may be in the list, best first."""
        rules = self.site.rules
        pages = rules.eligibility.copies.pages  # no translation below the floor stands for another
        return self._ranking(rules, 0.0 if pages is None else rules.ranking_floor)

    @property
    def _score(self) -> float:
        return float(self.site.scorer.articles(np.array([self.row]), np.array([self.other]))[0])

    def _ranking(self, rules: SiteRules, floor: float = 0.0) -> Ranking:
        site, n = self.site, len(self.site.collection)
        ranker = Ranker(site.scorer, rules, IdOrder.of(site.collection.id_order, site.collection.by_id))
        columns = rules.eligibility.queries(np.array([self.row]))
        everything = np.arange(n, dtype=np.int32)[None]
        view = ranker.view(n)._replace(n_kept=n, n_copies=n)
        nearest = ranker.nearest_block(self._query, columns, everything, view)
        rows, scores = ranker.ranked_block(self._query, columns, nearest, n, floor)
        return rows[0, rows[0] >= 0], scores[0, rows[0] >= 0]

    @cached_property
    def _query(self) -> Queries:
        return Queries.of_articles(self.site.collection, np.array([self.row]))

    def _closed(self) -> Reason | None:
        """Return that no article is close enough to this one for a list."""
        site, depth = self.site, ranking_depth(self.site.rules, self._k)

        def first(rules: SiteRules) -> Ranking:
            rows, scores = self._ranking(rules)
            return rows[None, :depth], scores[None, :depth]

        ranked = opened(site.scorer, site.rules, first(site.rules), self._query, lambda bare, _: first(bare))
        if ranked.opens[0]:
            return None
        rows, scores = first(unfiltered(site.rules))
        best, least = float(scores[0, 0]), ranked.opening
        needed = f"no article is close enough for a list: one needs {least:.3f}, and the best has {best:.3f}"
        numbers = {"best_score": best, "opening": least}
        if best < least:
            return Reason("opening", needed, numbers)
        own = np.zeros(1, dtype=np.intp)
        sure = float(site.scorer.pairs(self._query, own, rows[0, :1], corroborated=True)[0])
        explanation = f"{needed}, but {sure:.3f} as far as the shared terms corroborate each other"
        return Reason("opening", explanation, numbers | {"corroborated": sure})

    def _pinned_copy(self) -> Reason | None:
        pinned = self._listed("pinned")
        groups = self.site.rules.groups(np.append(pinned, self.other), self.row)
        same = pinned[groups[:-1] == groups[-1]]
        if not len(same):
            return None
        name = self._name(int(same[0]))
        return Reason("pins", f", but editors pinned its near copy {name}", {"pinned_copy": name})

    def _outscored(self, score: np.float32, place: int) -> Reason | None:
        """Return that all entries listed for their scores have as much, and the list has no room."""
        n_pinned, n_parts = len(self._listed("pinned")), len(self._listed("series"))
        listed = self.site.lists.scores[self.row][self._at("related")]
        last = listed.min(initial=np.float32(1))
        if n_pinned + n_parts + len(listed) < self._k or last < score:
            return None
        if self._k - n_pinned - n_parts <= place < self._k - n_pinned and n_parts:
            explanation = f", but {n_parts} of its series come first"
            return Reason("series", explanation, {"parts": n_parts})
        if place < self._k and n_pinned:
            return Reason("pins", f", but {n_pinned} pinned by editors come first", {"pinned": n_pinned})
        return Reason("outscored", f"; the list ends at {last:.3f}", {"last_score": float(last)})

    def _passed_over(self, n_fitting: int) -> Reason | None:
        """Return the last step that took an article behind this one and left it, unless it was taken in the end."""
        k, trace = self._k, self._trace(n_fitting)
        if not trace or self.other in trace[-1][2][:k]:
            return None
        for step, before, after in reversed(trace):
            behind = before[before.index(self.other) + 1 :] if self.other in before else []
            if self.other not in after[:k] and not set(behind).isdisjoint(after[:k]):
                return self._step_reason(step, after[:k])
        return None

    def _trace(self, n_fitting: int) -> list[tuple[str, list[int], list[int]]]:
        """Return the name of each choosing step, and the articles in their order before and after it."""
        depth = choosing_depth(self.site.rules, self._k)
        n = min(depth, n_fitting)
        rows, scores = self._ranked[0][None, :n], self._ranked[1][None, :n]
        trace = []
        for step in choosing_steps(self.site.rules, self.site.scorer, self._k):
            before = rows[0].tolist()
            rows, scores = step(rows, scores)
            trace.append((step.name, before, rows[0].tolist()))
        return trace

    def _step_reason(self, step: str, taken: list[int]) -> Reason:
        policy = self.site.settings.policy
        if step == "diversity":
            explanation = ", but it is too similar to entries before it: articles that rank lower were taken"
            return Reason(step, explanation, {"diversity": policy.diversity})
        if step == "rotation":
            explanation = f", but others were drawn for the lower places by the seed {policy.rotation}"
            return Reason(step, explanation, {"seed": policy.rotation})
        for name, most in policy.caps.items():
            field = self.site.rules.caps[name]
            count = Counter(value for row in taken for value in _values(field, row))
            if any(count[value] >= most for value in _values(field, self.other)):
                explanation = f", but {most} of its {name} were taken before it"
                return Reason(step, explanation, {"field": name, "most": most})
        return Reason(step, ", but articles that rank lower were taken", {})

    def _spread(self, score: np.float32) -> Reason | None:
        """Return that it is in as many lists as allowed, or gave its place to an article in no other list."""
        policy, shown = self.site.settings.policy, self.site.lists.rows
        if policy.exposure is None or self.site.spread is None:
            return None
        representative = self.site.rules.eligibility.representative  # near copies count as one article
        degrees = np.bincount(representative[shown[shown >= 0]], minlength=len(self.site.collection))
        mine = int(degrees[representative[self.other]])
        most = max(1.0, policy.exposure * self.site.spread["before"]["mean_in_degree"])
        numbers = {"in_lists": mine, "most_lists": most}
        if mine + 1 > most:
            explanation = f", but it is in {mine:,} lists already; an article may be in {most:.0f}"
            return Reason("exposure", explanation, numbers)
        entries, scores = shown[self.row], self.site.lists.scores[self.row]
        worse = entries[self._at("related") & (scores < score)]
        once = worse[degrees[representative[worse]] == 1]
        if len(once):
            name = self._name(int(once[0]))
            explanation = f", but its place went to {name}, which is in no other list"
            return Reason("exposure", explanation, numbers | {"instead": name})
        if mine + 1 + len(self.site.rules.pins) <= most:
            return None
        explanation = (
            f", but it was in {most:.0f} lists, the most allowed, before pins took its place in some"
        )
        return Reason("exposure", explanation, numbers)

    def _no_candidate(self) -> Reason:
        n_candidates = self.site.settings.n_candidates
        explanation = f", but it was not among the {n_candidates} candidates that were scored for this list"
        return Reason("candidates", explanation, {"n_candidates": n_candidates})

    def _at(self, source: str) -> NDArray[np.bool_]:
        lists = self.site.lists
        return np.asarray(
            (lists.rows[self.row] >= 0) & (lists.sources[self.row] == source_code(source)),
            dtype=np.bool_,
        )

    def _listed(self, source: str) -> NDArray[np.int32]:
        return np.asarray(self.site.lists.rows[self.row][self._at(source)])

    def _name(self, row: int) -> str:
        return self.site.collection.summaries.column("article_id")[row]


def _values(field: Field, row: int) -> list[int]:
    found: list[int] = field.values[field.indptr[row] : field.indptr[row + 1]].tolist()
    return found
