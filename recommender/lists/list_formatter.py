"""Lists of rows become lists with ids, titles and reasons."""

from __future__ import annotations

from collections.abc import Collection as Ids
from dataclasses import replace

import numpy as np

from recommender.frozen_dict import FrozenDict
from recommender.lists.entry_sources import SOURCES
from recommender.lists.lists import Lists
from recommender.lists.related import RelatedArticle, RelatedList
from recommender.lists.site import Site
from recommender.scoring.queries import Queries
from recommender.scoring.score_parts import score_parts

__all__ = ["ListFormatter"]


class ListFormatter:
    """Formats stored lists and lists made now for output."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._summaries = site.collection.summaries

    def stored(self, row: int, k: int | None, *, why: bool) -> RelatedList:
        """Return the list of a row as it was built, cut to k entries."""
        one = self._site.lists.one(row, k)
        ((article_id, *_),) = self._summaries.cards([row])
        query = None
        if why:
            self._site.verify()
            query = Queries.of_articles(self._site.collection, np.array([row]))
        return self.formatted(article_id, one, query)

    def formatted(self, article_id: str | None, lists: Lists, query: Queries | None) -> RelatedList:
        """Return the first of some lists. With the query that asked for it, entries have parts and terms."""
        listed = [row for row in lists.rows[0].tolist() if row >= 0]  # short lists are padded at the end
        cards = self._summaries.cards(listed)
        entries: list[RelatedArticle] = []
        each = zip(listed, lists.scores[0].tolist(), lists.sources[0].tolist(), cards, strict=False)
        for rank, (row, score, source, (other, title, url, description, image)) in enumerate(each, start=1):
            entry = RelatedArticle(
                other, rank, score, title, url or None, description or None, image or None, SOURCES[source]
            )
            if query is not None:
                parts, terms = score_parts(self._site.scorer, query, row, score)
                entry = replace(entry, parts=FrozenDict(parts), terms=terms)
            entries.append(entry)
        return RelatedList(article_id, tuple(entries))

    def without(self, stored: RelatedList, exclude: Ids[str]) -> tuple[RelatedArticle, ...]:
        """Return the entries that are neither excluded nor near copies of excluded articles, ranked anew."""
        self._site.verify("articles_copy_groups")
        groups = self._site.collection.copies.groups
        rows = (self._summaries.find(article_id) for article_id in exclude)
        shown = {int(groups[row]) for row in rows if row is not None}
        kept = (entry for entry in stored if int(groups[self._summaries.row(entry.article_id)]) not in shown)
        return tuple(replace(entry, rank=rank) for rank, entry in enumerate(kept, start=1))

    def strongest_terms(self, row: int, n_terms: int) -> tuple[list[str], list[float]]:
        """Return the strongest terms of an article and their weights in its sparse vector."""
        self._site.verify()
        columns, values = self._site.collection.sparse.row(row)
        order = np.lexsort((columns, -values))[:n_terms]
        return [self._site.model.lexical.term(int(column)) for column in columns[order]], values[
            order
        ].tolist()
