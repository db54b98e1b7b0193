"""Why an article is not in another's list: it is, a rule forbids it, or others were chosen."""

from __future__ import annotations

import numpy as np

from recommender.explanations.absence import Absence, Reason
from recommender.explanations.forbidden import forbidden
from recommender.explanations.outranked import outranked
from recommender.explanations.represented import represented
from recommender.lists.entry_sources import SOURCES
from recommender.lists.site import Site

__all__ = ["why_not"]


def why_not(site: Site, article_id: str, other_id: str) -> Absence:
    """Return why `other_id` is not in the list of `article_id`; see `Recommender.why_not`.

    Takes a score for every article of the site.
    """
    row, other = (site.collection.summaries.row(each) for each in (article_id, other_id))
    site = site.at_present()
    reason = _listed(site, row, other) or _pinned(site, row, other)
    reason = reason or forbidden(site, row, other) or represented(site, row, other)
    reason = reason or outranked(site, row, other)
    return Absence(article_id, other_id, *reason)


def _listed(site: Site, row: int, other: int) -> Reason | None:
    (places,) = np.nonzero(site.lists.rows[row] == other)
    listed = site.rules.eligibility.columns.listed
    if not len(places) or (
        listed is not None and not listed[other]
    ):  # what has expired since is shown no more
        return None
    source = SOURCES[site.lists.sources[row, places[0]]]
    rank = int(places[0]) + 1
    return Reason("listed", f"it is in the list, at place {rank} ({source})", {"rank": rank})


def _pinned(site: Site, row: int, other: int) -> Reason | None:
    pins = [pinned for _, pinned in site.rules.pins.get(row, ())]
    if other not in pins:
        return None
    explanation = f"editors pin {len(pins)} articles there, more than the list holds"
    return Reason("pins", explanation, {"pinned": len(pins)})
