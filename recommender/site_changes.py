"""What differs between two sites, as readers see it."""

from __future__ import annotations

from collections.abc import Iterable

from recommender.engine import Recommender
from recommender.lists.related import RelatedList
from recommender.updating.changes import Changes

__all__ = ["shown_anew", "shown_of", "site_changes"]


def site_changes(before: Recommender, after: Recommender) -> Changes:
    """Return the articles that are new, edited and gone, and those whose lists are new or show something else.

    Lists are compared as `shown_anew` does. Takes about a tenth of a millisecond for each article.
    """
    old, new = (dict(zip(site, site.collection.digests.tolist(), strict=True)) for site in (before, after))
    return Changes(
        lists=shown_anew(before, after, new),
        added=tuple(each for each in new if each not in old),
        edited=tuple(each for each in new if each in old and old[each] != new[each]),
        deleted=tuple(each for each in old if each not in new),
        unchanged=tuple(each for each in new if old.get(each) == new[each]),
    )


def shown_anew(before: Recommender, after: Recommender, ids: Iterable[str]) -> tuple[str, ...]:
    """Return which of some articles have lists that are new, or show something else than before. Scores do not count."""
    return tuple(
        each for each in ids if each not in before or shown_of(before[each]) != shown_of(after[each])
    )


def shown_of(found: RelatedList) -> tuple[tuple[str | None, ...], ...]:
    """Return what pages show of a list."""
    return tuple(
        (each.article_id, each.title, each.url, each.description, each.image, each.source) for each in found
    )
