"""The index of candidates after an update."""

from __future__ import annotations

from recommender.collection.collection import Collection
from recommender.index.planner import SearchPlan
from recommender.index.postings import Postings
from recommender.index.vector_search import VectorSearch
from recommender.lists.site import Site
from recommender.ranking.candidate_index import CandidateIndex, vectors_of
from recommender.scoring.title_terms import TitleTerms
from recommender.updating.merge import Merge

__all__ = ["growing_plan", "merged_index"]

_RESCORED = 10  # of sketches, for a recall of .97


def merged_index(site: Site, new: Collection, merge: Merge) -> CandidateIndex:
    """Return the index of a merged collection.

    Vectors that were searched by codes or by a graph are searched by sketches until the next build: they grow by rows.
    """
    model, old = site.model, site.index
    fresh = Postings.of(new.sparse, model.lexical.n_terms, model.thresholds)
    searches = {}
    for kind, search in old.searches.items():
        theirs = search.sketches.of_others(vectors_of(new, kind))
        bits = merge.arrays(search.sketches.bits, theirs.bits)
        searches[kind] = VectorSearch(growing_plan(search.plan), search.sketches._replace(bits=bits))
    return CandidateIndex(
        old.postings.merged(fresh, merge.moved, merge.added),
        old.title_terms.merged(TitleTerms.of(new.titles), merge.moved, merge.added),
        searches,
    )


def growing_plan(plan: SearchPlan) -> SearchPlan:
    """Return a plan whose arrays take new rows."""
    if plan.method in ("floats", "sketches"):
        return plan
    return SearchPlan("sketches", rescored=_RESCORED, join_recall=plan.join_recall)
