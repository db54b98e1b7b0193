"""Articles that are on a site already under other ids: most of a site, where a reader gives them ids of another kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from recommender.articles import Article
from recommender.engine import Recommender
from recommender.errors import Problem

__all__ = ["doubling_problems"]


def doubling_problems(site: Recommender, given: Sequence[Article], deleted: Collection[str]) -> list[Problem]:
    """Return a problem if new articles have the titles of more than half of the site, whose articles are not given.

    One repeated id changes the ids of all pages of a folder, and a folder that is renamed those of its pages.

    Parameters
    ----------
    site : Recommender
    given : sequence of Article
    deleted : collection of str
        Ids of the articles that the same update deletes.
    """
    new = [each for each in given if each.article_id not in site]
    if 2 * len(new) <= len(site):
        return []
    kept = {each.article_id for each in given}.union(deleted)
    ids, titles = site.summaries.column("article_id"), site.summaries.column("title")
    there = {title: one for one, title in zip(ids, titles, strict=True) if one not in kept}
    counts = Counter(titles)
    again = [
        (each.article_id, there[each.title])
        for each in new
        if each.title in there and counts[each.title] == 1
    ]
    if 2 * len(again) <= len(site):
        return []
    one, other = again[0]
    got = f"{one!r} instead of {other!r}, and {len(again) - 1:,} more"
    what = f"most of the {len(site):,} articles would be on the site twice, under other ids"
    move = "look for an id that repeats, read with the --id of the build, or replace the old ones: --sync --force"
    return [Problem(what, got, move)]
