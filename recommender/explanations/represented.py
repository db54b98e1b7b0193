"""The near copy, or the version or translation of a page, that is listed instead of an article."""

from __future__ import annotations

import numpy as np

from recommender.explanations.absence import Reason, shown_similarity
from recommender.lists.site import Site
from recommender.ranking.one_per_group import one_per_group

__all__ = ["represented"]


def represented(site: Site, row: int, other: int) -> Reason | None:
    """Return what represents `other`, which the rules allow, in the list of `row`; None for `other` itself."""
    return _by_copy(site, row, other) or _by_translation(site, row, other)


def _by_copy(site: Site, row: int, other: int) -> Reason | None:
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


def _by_translation(site: Site, row: int, other: int) -> Reason | None:
    """Return the other language of a page that is listed, as the ranking chooses it."""
    eligibility, floor = site.rules.eligibility, np.float32(site.rules.ranking_floor)
    copies = eligibility.copies
    if copies.pages is None or copies.pages.first[other] < 0:
        return None
    columns = eligibility.queries(np.array([row]))
    members = copies.members[copies.pages.first[copies.members] == copies.pages.first[other]]
    members = members[eligibility.allows(columns, np.zeros(len(members), np.intp), members)]
    found = site.scorer.articles(np.full(len(members), row), members)
    reached = np.where(found >= floor, found, np.float32(np.nan))
    kept = one_per_group(reached[None], members[None], copies, columns)[0]
    (places,) = np.nonzero(~np.isnan(kept))
    score = float(found[members == other][0])
    if other in members[places] or score < floor or not len(places):
        return None
    chosen, best = int(members[places[0]]), float(found[places[0]])
    name, tag = (site.collection.summaries.column(each)[chosen] for each in ("article_id", "language"))
    explanation = (
        f"{name}, the same page in {tag}, is preferred to it in this list (scores {best:.3f} and {score:.3f})"
    )
    numbers = {"score": score, "best_score": best, "represented_by": name, "language": tag}
    return Reason("translation", explanation, numbers)


def _reason(site: Site, chosen: int, other: int, relation: str, numbers: dict[str, float]) -> Reason:
    name = site.collection.summaries.column("article_id")[chosen]
    groups = site.collection.copies.groups
    if groups[chosen] != groups[other]:
        explanation = f"{name}, another version or translation of it, {relation}"
        return Reason("tree", explanation, {"represented_by": name, **numbers})
    similarity = site.collection.copies.similarity(chosen, other)
    explanation = f"its near copy {name}{shown_similarity(similarity)} {relation}"
    return Reason("copy", explanation, {"represented_by": name, "jaccard": similarity, **numbers})
