"""Read HTML pages: metadata and main text."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from recommender.errors import MissingExtraError, Problem
from recommender.readers.html.html_document import Document, document_of
from recommender.readers.html.html_fields import fields_in_head, fields_of
from recommender.readers.html.html_head import HtmlHead
from recommender.readers.html.html_links import list_reason
from recommender.readers.html.html_reasons import head_reason
from recommender.readers.html.html_text import Extract, main_text
from recommender.readers.html.html_titles import SiteNames, given_title, title_of
from recommender.readers.html.template_code import lists_pages
from recommender.readers.markdown.front_matter_reasons import front_matter_reason
from recommender.readers.markdown.markdown_fields import page_fields
from recommender.readers.pages.page_folder import Page
from recommender.readers.pages.page_format import Head
from recommender.readers.pages.page_paths import names_a_date
from recommender.readers.records.publication import field_reason
from recommender.readers.records.rows import is_given

__all__ = ["HtmlPages"]

_HEAD_FIELDS = ("id", "url", "title")
_EMPTY = "template"
"""Reason to leave out a page without text. A script may fill it."""


class HtmlPages:
    """Reads HTML pages; see `page_format.PageFormat`.

    Front matter takes precedence over JSON-LD, JSON-LD over OpenGraph, and OpenGraph over older tags. The
    text is the ``articleBody``, or else the main text that trafilatura finds, as HTML with links. The id is
    the JSON-LD ``identifier``. Author, tags and keywords become metadata, as does ``html_lang``, the language
    of the page template. Site names are removed from titles. They are the common beginnings and endings of
    the titles seen by `head`.

    Parameters
    ----------
    now : datetime, optional
        Reference time. Pages whose front matter has a later date are not published yet. By default the
        current time.
    """

    def __init__(self, now: datetime | None = None) -> None:
        self._now = now or datetime.now(UTC)
        self._names = SiteNames()
        self._folders: set[PurePosixPath] = set()  # folders with pages other than their index

    def head(self, page: Page) -> Head | Problem:
        """Return the head of a page."""
        document = document_of(page)
        if isinstance(document, Problem):
            return document
        self._folders.update(_without_index(page.path).parents)
        matter = document.matter or {}
        fields = {name: value for name in _HEAD_FIELDS if is_given(value := matter.get(name))}
        if document.tree is None:
            return Head(fields, self._matter_reason(document) or _EMPTY)
        head = HtmlHead(document.tree)
        if document.matter is None:
            self._names.add(given_title(head))
        fields = {**fields_in_head(head), "title": given_title(head), **fields}
        reason = self._matter_reason(document) or head_reason(head, page.path)
        kept = {name: fields.get(name) for name in _HEAD_FIELDS}
        return Head(kept, reason, head.canonical or None, head.is_variant, head.is_single)

    def content(self, page: Page) -> tuple[dict[str, Any] | Problem, str | None]:
        """Return the fields of a page including its text, and the reason to leave it out or None."""
        document = document_of(page)
        if isinstance(document, Problem):
            return document, None
        fields: dict[str, Any] = {}
        reason = self._matter_reason(document)
        if document.tree is not None:
            head = HtmlHead(document.tree)
            fields = {"title": title_of(head, self._names), **fields_of(head, page.path)}
            reason = reason or head_reason(head, page.path) or self._list_reason(head, page.path)
            fields["text"] = main_text(head, self._extract, str(fields.get("description", "")))
        if document.matter is not None:
            given = {"title": document.matter.get("title"), **page_fields(dict(document.matter), page.path)}
            fields |= {name: value for name, value in given.items() if is_given(value)}
        is_empty = document.tree is None or not (fields.get("title") or fields.get("text"))
        return fields, reason or (_EMPTY if is_empty else None)

    def _list_reason(self, head: HtmlHead, path: str) -> str | None:
        if names_a_date(path) and _without_index(path) in self._folders:
            return "listing"
        return list_reason(head, path)

    def _matter_reason(self, document: Document) -> str | None:
        """Return the reason to leave out a page by its front matter or template code."""
        if document.matter is None:
            return None
        reason = field_reason(document.matter) or front_matter_reason(document.matter, self._now)
        return reason or ("listing" if lists_pages(document.source) else None)

    @cached_property
    def _extract(self) -> Extract:
        try:
            from trafilatura import extract
        except ImportError as error:
            raise MissingExtraError("Reading HTML pages", "trafilatura", "html", error) from error
        if not (log := logging.getLogger("trafilatura")).handlers:
            log.addHandler(logging.NullHandler())  # keeps it from writing to standard error
        return extract


def _without_index(path: str) -> PurePosixPath:
    """Return the path of a page without its suffix. For an index, return its folder."""
    place = PurePosixPath(path).with_suffix("")
    return place.parent if place.name == "index" else place
