"""The near copy, or the version of a page, that is listed instead of an article."""

from __future__ import annotations

import numpy as np

from recommender.explanations.absence import Reason, shown_similarity
from recommender.lists.site import Site

__all__ = ["represented"]


def represented(site: Site, row: int, other: int) -> Reason | None:
    """Return what represents `other`, which the rules allow, in the list of `row`; None for `other` itself."""
    eligibility = site.rules.eligibility
    copies, policy = eligibility.copies, site.settings.policy
    if copies.first[other] < 0:
        return None
    columns, none = eligibility.queries(np.array([row])), np.zeros(1, np.intp)
    if not copies.by_score:
        chosen = int(eligibility.first_allowed(columns, none, np.array([other]))[0])
        return (
            None if chosen == other else _reason(site, chosen, other, f"represents it ({policy.copies})", {})
        )
    members = copies.members[copies.first[copies.members] == copies.first[other]]
    members = members[eligibility.allows(columns, np.zeros(len(members), np.intp), members)]
    scores = site.scorer.articles(np.full(len(members), row), members)
    best = int(np.lexsort((copies.place[members], -scores, copies.order[members]))[0])
    if members[best] == other:
        return None
    numbers = {"score": float(scores[members == other][0]), "best_score": float(scores[best])}
    relation = (
        f"is preferred to it in this list (scores {numbers['best_score']:.3f} and {numbers['score']:.3f})"
    )
    return _reason(site, int(members[best]), other, relation, numbers)


def _reason(site: Site, chosen: int, other: int, relation: str, numbers: dict[str, float]) -> Reason:
    name = site.collection.summaries.column("article_id")[chosen]
    groups = site.collection.copies.groups
    if groups[chosen] != groups[other]:
        explanation = f"{name}, another version or translation of it, {relation}"
        return Reason("tree", explanation, {"represented_by": name, **numbers})
    similarity = site.collection.copies.similarity(chosen, other)
    explanation = f"its near copy {name}{shown_similarity(similarity)} {relation}"
    return Reason("copy", explanation, {"represented_by": name, "jaccard": similarity, **numbers})
