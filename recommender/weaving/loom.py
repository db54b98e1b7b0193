"""Puts the lists of a site into its pages, one page after another."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from recommender.engine import Recommender
from recommender.lists.related import RelatedArticle, RelatedList
from recommender.readers.html.woven_blocks import without_woven
from recommender.rendering import ListTemplate, ShownEntry, shown_entries
from recommender.rendering.addresses import path_address, relative_address
from recommender.weaving.list_place import has_base, marker_place, place_after_text
from recommender.weaving.page_bytes import PageBytes
from recommender.weaving.page_cache import PageCache, page_digest

__all__ = ["Loom"]

_NO_PLACE = -1
_NOTHING: tuple[RelatedList, str | None] = RelatedList(None), None


class Loom:
    """Puts the lists of a site into its pages.

    Parameters
    ----------
    site : Recommender
    paths : mapping of str to str
        Path of the page of each article, by id.
    cache : PageCache
    template : ListTemplate
    markers_only : bool
        Whether pages without a marker get no list.
    """

    def __init__(
        self,
        site: Recommender,
        paths: Mapping[str, str],
        cache: PageCache,
        template: ListTemplate,
        *,
        markers_only: bool,
    ) -> None:
        self._paths, self._cache = paths, cache
        columns = site.summaries.column("article_id"), site.summaries.column("language")
        languages = dict(zip(*columns, strict=True))
        self._lists = {
            paths[article_id]: (related, languages[article_id])
            for article_id, related in zip(site, site.related_all(), strict=True)
        }
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
        related, language = self._lists.get(path, _NOTHING)
        if not related:
            return plain, False
        page = PageBytes.of(plain)
        entries = self._entries(path, related, page.text)
        html = self._template.render(entries, language=language) if entries else ""
        if not html:
            return plain, False
        place = self._place(path, plain, page.text)
        return (plain, None) if place == _NO_PLACE else (page.with_list(place, html), True)

    def _entries(self, path: str, related: RelatedList, page: str) -> list[ShownEntry]:
        is_from_root = has_base(page)

        def page_at(target: str) -> str:
            return path_address(target) or "./" if is_from_root else relative_address(target, path)

        def image(entry: RelatedArticle) -> str | None:
            """Return the address of a picture, which may be relative to the page of its article."""
            if not entry.image or urlsplit(entry.image).scheme or entry.image.startswith("/"):
                return entry.image
            folder = posixpath.dirname(self._paths[entry.article_id])
            return page_at(posixpath.normpath(posixpath.join(folder, unquote(entry.image))))

        return shown_entries(related, lambda entry: page_at(self._paths[entry.article_id]), image)

    def _place(self, path: str, plain: bytes, page: str) -> int:
        """Return the place of the list, which is the same as long as the page is."""
        known, main_text = self._cache.place(path, page_digest(plain))
        if known is None:
            found = marker_place(page)
            known = _NO_PLACE if found is None else found
            if found is None and not self._markers_only:
                after = place_after_text(page, main_text or "")
                known = _NO_PLACE if after is None else after
            self._cache.keep_place(path, known)
        return known
