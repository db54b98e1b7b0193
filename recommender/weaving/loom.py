"""Puts the lists of a site into its pages, one page after another."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from functools import cached_property
from urllib.parse import unquote, urlsplit

from recommender.collection.summary_table import SummaryTable
from recommender.engine import Recommender
from recommender.lists.related import RelatedArticle, RelatedList
from recommender.readers.html.woven_blocks import without_woven
from recommender.rendering import ListTemplate, ShownEntry, shown_entries
from recommender.weaving.list_place import marker_place, place_after_text
from recommender.weaving.page_bytes import PageBytes
from recommender.weaving.page_cache import PageCache
from recommender.weaving.page_links import base_address, links_from
from recommender.weaving.site_pages import SitePages

__all__ = ["Loom"]

_NO_PLACE = -1


class Loom:
    """Puts the lists of a site into its pages.

    Parameters
    ----------
    site : Recommender
    pages : SitePages
    cache : PageCache
    template : ListTemplate
    markers_only : bool
        Whether pages without a marker get no list.
    """

    def __init__(
        self,
        site: Recommender,
        pages: SitePages,
        cache: PageCache,
        template: ListTemplate,
        *,
        markers_only: bool,
    ) -> None:
        self._site, self._pages, self._cache = site, pages, cache
        self._template, self._markers_only = template, markers_only

    def woven(self, path: str, content: bytes) -> tuple[bytes, bool | None]:
        """Return the bytes of a page with its list, and whether it has one. None says that its list has no place.

        Parameters
        ----------
        path : str
            Path of the page.
        content : bytes
            The page, with or without a list.
        """
        plain = without_woven(content)
        article_id = self._pages.ids.get(path)
        related = RelatedList(None) if article_id is None else self._site[article_id]
        if article_id is None or not related:
            return plain, False
        page = PageBytes.of(plain)
        entries = self._entries(path, related, page.text)
        html = self._template.render(entries, language=self._language(article_id)) if entries else ""
        if not html:
            return plain, False
        place = self._place(path, plain, page.text)
        return (plain, None) if place == _NO_PLACE else (page.with_list(place, html), True)

    def _entries(self, path: str, related: RelatedList, page: str) -> list[ShownEntry]:
        paths = self._pages.paths
        page_at = links_from(path, base_address(page), self._pages.root)
        return shown_entries(
            related,
            lambda entry: page_at(paths[entry.article_id]),
            lambda entry: _image(entry, paths[entry.article_id], page_at),
        )

    def _language(self, article_id: str) -> str:
        return self._summaries.column("language")[self._summaries.row(article_id)]

    @cached_property
    def _summaries(self) -> SummaryTable:
        return self._site.summaries

    def _place(self, path: str, plain: bytes, page: str) -> int:
        """Return the place of the list, which is the same as long as the page is."""
        known, main_text = self._cache.place(path, plain)
        if known is None:
            found = marker_place(page)
            known = _NO_PLACE if found is None else found
            if found is None and not self._markers_only:
                after = place_after_text(page, main_text or "")
                known = _NO_PLACE if after is None else after
            self._cache.keep_place(path, known)
        return known


def _image(entry: RelatedArticle, path: str, page_at: Callable[[str], str]) -> str | None:
    """Return the address of a picture, which may be relative to the page of its article, at a path."""
    if not entry.image or urlsplit(entry.image).scheme or entry.image.startswith("/"):
        return entry.image
    return page_at(posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(entry.image))))
