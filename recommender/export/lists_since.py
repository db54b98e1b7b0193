"""The lists of a site that changed after a version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from recommender.articles import ArticleSummary
from recommender.lists.related import RelatedList

if TYPE_CHECKING:
    from recommender.engine import Recommender

__all__ = ["ListsSince"]


class ListsSince:
    """What changed after a version, for `export` as JSON Lines, Parquet or a file of WP-CLI.

    Parameters
    ----------
    site : Recommender
        Loaded or saved.
    version : int

    Raises
    ------
    ArtifactError
        If the site does not know what changed since then.
    """

    def __init__(self, site: Recommender, version: int) -> None:
        self.site = site
        self._changes = site.changes_since(version)

    @property
    def deleted(self) -> tuple[str, ...]:
        """Ids of articles that were deleted."""
        return self._changes.deleted

    def __len__(self) -> int:
        return len(self._changes.lists)

    @property
    def summaries(self) -> Sequence[ArticleSummary]:
        """The articles whose lists changed."""
        summaries = self.site.summaries
        return [summaries[summaries.row(article_id)] for article_id in self._changes.lists]

    def related_all(self, k: int | None = None, *, why: bool = False) -> Iterator[RelatedList]:
        """Yield the lists that changed, by ascending id."""
        k = None if k is None else min(k, self.site.k)
        return (self.site.related(article_id, k, why=why) for article_id in self._changes.lists)
