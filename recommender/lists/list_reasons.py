"""Why the entries of a list are related."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from recommender.frozen_dict import FrozenDict
from recommender.lists.list_formatter import ListFormatter
from recommender.lists.lists import Lists
from recommender.lists.related import RelatedList
from recommender.lists.site import Site
from recommender.lists.stored_lists import SiteLists
from recommender.scoring.queries import Queries
from recommender.scoring.score_parts import score_parts

__all__ = ["made_list", "strongest_terms", "with_reasons"]


def made_list(site: Site, article_id: str | None, lists: Lists, query: Queries | None) -> RelatedList:
    """Return a list that was made now. With the query that asked for it, entries have parts and terms."""
    found = ListFormatter(SiteLists(site)).formatted(article_id, lists)
    return found if query is None else with_reasons(site, found, query)


def with_reasons(site: Site, related: RelatedList, query: Queries | None = None) -> RelatedList:
    """Return a list whose entries have parts and terms.

    Parameters
    ----------
    site : Site
    related : RelatedList
        Of this site.
    query : Queries or None
        What the list was made for. None means the article that it belongs to.
    """
    site.verify()
    row_of = site.collection.summaries.row
    if query is None:
        query = Queries.of_articles(site.collection, np.array([row_of(str(related.article_id))]))
    entries = []
    for entry in related:
        parts, terms = score_parts(site.scorer, query, row_of(entry.article_id), entry.score)
        entries.append(replace(entry, parts=FrozenDict(parts), terms=terms))
    return replace(related, related=tuple(entries))


def strongest_terms(site: Site, row: int, n_terms: int) -> tuple[list[str], list[float]]:
    """Return the strongest terms of an article and their weights in its sparse vector."""
    site.verify()
    columns, values = site.collection.sparse.row(row)
    order = np.lexsort((columns, -values))[:n_terms]
    terms = [site.model.lexical.term(int(column)) for column in columns[order]]
    return terms, values[order].tolist()
