"""All lists of a site, with the links that are suggested for the texts of its articles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from recommender.articles import ArticleSummary
from recommender.links.suggestions import LinkSuggestions
from recommender.lists.related import RelatedList

if TYPE_CHECKING:
    from recommender.engine import Recommender

__all__ = ["LinkedLists"]


class LinkedLists:
    """All lists of a site and its suggested links, for `export` as an HTML page.

    Parameters
    ----------
    site : Recommender
    """

    def __init__(self, site: Recommender) -> None:
        self.site = site

    def __len__(self) -> int:
        return len(self.site)

    @property
    def summaries(self) -> Sequence[ArticleSummary]:
        """The articles in row order."""
        return self.site.summaries

    def related_all(self, k: int | None = None, *, why: bool = False) -> Iterator[RelatedList]:
        """Yield the list of every article in row order."""
        return self.site.related_all(k, why=why)

    def links(self) -> Iterator[LinkSuggestions]:
        """Yield the links suggested for the text of every article, in row order."""
        return self.site.link_suggestions_all()
