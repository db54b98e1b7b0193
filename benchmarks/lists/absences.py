"""Checks the explanations of why-not for random absences."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import Any

from benchmarks.lists.subject import ALL_RULES, Subject
from benchmarks.ours import K
from recommender import Policy, Recommender, RelatedList
from recommender.explanations import Absence

__all__ = ["Witness", "absences", "draw_pairs"]

_NEAR = 50
_SHOWN = 20
_SAME = 1e-5  # scores of a build and of a call are rounded differently


def absences(subject: Subject) -> dict[str, Any]:
    """Return the explanations of pairs and those that are wrong, under the default rules and with all rules on."""
    figures: dict[str, Any] = {}
    for name, policy in {"default": subject.site.policy, "all rules": ALL_RULES}.items():
        site = subject.site if name == "default" else subject.relisted(policy)
        witness = Witness(subject, site)
        rules: Counter[str] = Counter()
        unexplained, wrong = [], []
        for article_id, other_id in draw_pairs(subject, witness):
            try:
                found = site.why_not(article_id, other_id)
            except Exception as error:  # after any error the absence is unexplained
                unexplained.append([article_id, other_id, repr(error)])
                continue
            rules[found.rule] += 1
            if contradiction := witness.against(found):
                wrong.append([article_id, other_id, found.rule, str(found), contradiction])
        figures[name] = {
            "asked": subject.plan.n_pairs,
            "rules": dict(rules.most_common()),
            "n_unexplained": len(unexplained),
            "n_wrong": len(wrong),
            "unexplained": unexplained[:_SHOWN],
            "wrong": wrong[:_SHOWN],
        }
    return figures


def draw_pairs(subject: Subject, witness: Witness) -> list[tuple[str, str]]:
    """Return pairs of articles: half random, half an article and one of its nearest, for close cases."""
    random, ids = subject.random("whynot"), subject.ids
    pairs: list[tuple[str, str]] = []
    while len(pairs) < subject.plan.n_pairs and len(ids) > 1:
        one, other = (ids[at] for at in random.integers(len(ids), size=2))
        if len(pairs) % 2:
            near = witness.scored(one, _NEAR).article_ids
            other = near[random.integers(len(near))] if near else other
        if one != other:
            pairs.append((one, other))
    return pairs


class Witness:
    """Checks explanations against the lists, scores and articles of a site."""

    def __init__(self, subject: Subject, site: Recommender) -> None:
        self.subject, self.site, self.policy = subject, site, site.policy

    @cached_property
    def bare(self) -> Recommender:
        """The site with the same scores and without rules that remove articles."""
        recency = "era" if self.policy.recency == "background" else self.policy.recency
        plain = Policy(
            floor=0.0, copies="keep", cross_language=True, trees="all", recency=recency,
            half_life=self.policy.half_life, half_lives=self.policy.half_lives, now=self.policy.now,
        )  # fmt: skip
        return self.subject.relisted(plain)

    def scored(self, article_id: str, k: int, floor: float = 0.0) -> RelatedList:
        """Return the k articles with the best scores, without rules. If k is the number of articles, all are scored."""
        return self.bare.related(article_id, max(k, K + 1), floor=floor)

    def score(self, found: Absence) -> float:
        """Return the score of the other article; 0 if it is neither among the nearest nor above the floor."""
        for k, floor in ((_NEAR, 0.0), (len(self.subject.ids), self.policy.floor)):
            for entry in self.scored(found.article_id, k, floor):
                if entry.article_id == found.other_id:
                    return entry.score
        return 0.0

    def against(self, found: Absence) -> str:
        """Return what is wrong in an explanation; an empty string if every checkable part is right."""
        entries = self.site.related(found.article_id)
        is_there = found.other_id in entries.article_ids
        if is_there != (found.rule == "listed"):
            return "it is listed" if is_there else "it is not listed"
        check = getattr(self, f"_{found.rule.replace(' ', '_')}", None)
        return str(check(found, entries)) if check else ""

    def _listed(self, found: Absence, entries: RelatedList) -> str:
        place = entries.article_ids.index(found.other_id) + 1
        return "" if found.numbers["rank"] == place else f"its place is {place}"

    def _copy(self, found: Absence, _: RelatedList) -> str:
        groups = self.subject.copies.groups
        kept = found.numbers.get("represented_by", found.article_id)
        one, other = (self.site.summaries.row(each) for each in (kept, found.other_id))
        if kept == found.other_id or groups[one] != groups[other]:
            return f"{kept} is no near copy of it"
        jaccard = found.numbers["jaccard"]
        mine = 0.0 if one == other else float(self.subject.copies.pairs[one, other])
        return (
            "" if jaccard is None or abs(mine - jaccard) < 0.01 else f"the Jaccard similarity is {mine:.3f}"
        )

    def _language(self, found: Absence, _: RelatedList) -> str:
        names = self.site.model.languages
        rows = [self.site.summaries.row(each) for each in (found.article_id, found.other_id)]
        one, other = (names[self.site.collection.languages[row]] for row in rows)
        if one == other:  # their scripts or regions differ
            summaries = (self.site.summaries[row] for row in rows)
            one, other = (str(each.language) for each in summaries)
        explained = found.numbers["article_language"], found.numbers["language"]
        return "" if explained == (one, other) and one != other else f"they are in {one} and {other}"

    def _tree(self, found: Absence, _: RelatedList) -> str:
        names = self.site.collection.trees.names
        rows = [self.site.summaries.row(each) for each in (found.article_id, found.other_id)]
        one, other = (
            {names[code] for code in self.site.collection.trees.members[row] if code >= 0} for row in rows
        )
        explained = found.numbers["article_tree"], found.numbers["tree"]
        return (
            ""
            if explained[0] in one - other and explained[1] in other - one
            else f"they are in {one} and {other}"
        )

    def _nothing_in_common(self, found: Absence, _: RelatedList) -> str:
        scored = self.scored(found.article_id, len(self.subject.ids)).article_ids
        return "it has a score" if found.other_id in scored else ""

    def _floor(self, found: Absence, _: RelatedList) -> str:
        score = self.score(found)
        if score >= self.policy.floor + _SAME or not 0 <= found.numbers["score"] < self.policy.floor:
            return f"its score is {score:.4f}"
        return self._other_score(found, score) if score else ""

    def _opening(self, found: Absence, entries: RelatedList) -> str:
        """Check that nothing is listed for its score, and that the best comes short of the opening."""
        best = found.numbers.get("corroborated", found.numbers["best_score"])
        if best >= found.numbers["opening"] or any(entry.source == "related" for entry in entries):
            return "the list is open"
        nearest = self.scored(found.article_id, K)
        return "" if nearest[0].score >= found.numbers["best_score"] - _SAME else "the best has no such score"

    def _outscored(self, found: Absence, entries: RelatedList) -> str:
        """Check that all listed articles, and a full list made of all articles, score at least as much."""
        score = self.score(found)
        listed = [entry.score for entry in entries if entry.source == "related"]
        if not listed or min(listed) < score - _SAME:
            return f"its score is {score:.4f}, the list ends at {min(listed, default=0.0):.4f}"
        if len(entries) < K or any(entry.source not in ("related", "pinned") for entry in entries):
            return "the list has room"
        whole = self._whole_list(found.article_id)
        if len(whole) < K or whole[K - 1].score < score - _SAME:
            return "the list of all articles takes it"
        return self._other_score(found, score)

    def _whole_list(self, article_id: str) -> RelatedList:
        """Return a list by the site's rules for single articles, with all articles scored."""
        n_articles = len(self.subject.ids)
        return self.site.related(article_id, n_articles, diversity=0.0, caps={}, fallback=())

    def _diversity(self, found: Absence, _: RelatedList) -> str:
        return self._passed_over(found, {"diversity": 0.0})

    def _cap(self, found: Absence, _: RelatedList) -> str:
        return self._passed_over(found, {"caps": {}})

    def _candidates(self, found: Absence, entries: RelatedList) -> str:
        score = self.score(found)
        full = len(entries) >= K and all(entry.source in ("related", "pinned") for entry in entries)
        listed = [entry.score for entry in entries if entry.source == "related"]
        return f"the list ends at {min(listed):.4f}" if full and listed and min(listed) >= score else ""

    def _passed_over(self, found: Absence, off: dict[str, Any]) -> str:
        """Check that the rule changes the list, and that the list under the rule lacks the article."""
        on, without = (
            set(self.site.related(found.article_id, K, **rules).article_ids)
            for rules in ({"floor": self.policy.floor}, off)
        )
        return "the rule changes nothing" if on == without or found.other_id in on else ""

    def _other_score(self, found: Absence, score: float) -> str:
        return "" if abs(score - found.numbers["score"]) < _SAME else f"its score is {score:.4f}"
