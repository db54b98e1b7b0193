"""Read HTML pages: metadata and main text."""

from __future__ import annotations

import posixpath
from datetime import UTC, datetime
from typing import Any, NamedTuple

from recommender.errors import Problem
from recommender.readers.html.html_document import Document, document_of
from recommender.readers.html.html_facts import FactsCache, HeadFacts, PageFacts, head_facts, page_facts
from recommender.readers.html.html_titles import SiteNames, title_of
from recommender.readers.html.template_code import lists_pages
from recommender.readers.markdown.front_matter_reasons import front_matter_reason
from recommender.readers.markdown.markdown_fields import page_fields
from recommender.readers.markdown.markdown_titles import title_from_path
from recommender.readers.pages.page_folder import Page
from recommender.readers.pages.page_format import Content, Head
from recommender.readers.pages.page_paths import names_a_date
from recommender.readers.records.publication import field_reason
from recommender.readers.records.rows import is_given

__all__ = ["HtmlPages"]

_HEAD_FIELDS = ("id", "url", "title")
_EMPTY = "template"
"""Reason to leave out a page without text. A script may fill it."""


class Parsed(NamedTuple):
    """What an HTML page says by itself.

    Attributes
    ----------
    facts : PageFacts or None
        None for a template.
    given : dict
        The fields of its front matter.
    reason : str or None
        The reason to leave it out by its front matter or template code.
    problem : Problem or None
    """

    facts: PageFacts | None = None
    given: dict[str, Any] = {}  # noqa: RUF012 - never changed
    reason: str | None = None
    problem: Problem | None = None


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
    cache : FactsCache, optional
        Keeps what pages without front matter say. Then each page is parsed once.
    """

    def __init__(self, now: datetime | None = None, cache: FactsCache | None = None) -> None:
        self._now = now or datetime.now(UTC)
        self._cache = cache
        self._names = SiteNames()
        self._folders: set[str] = set()  # folders with pages other than their index

    def head(self, page: Page) -> Head | Problem:
        """Return the head of a page."""
        place = _without_index(page.path)
        while place and (place := place.rpartition("/")[0]) not in self._folders:
            self._folders.add(place)
        if (known := self._known(page)) is not None:
            return self._head(known.head)
        document = document_of(page)
        if isinstance(document, Problem):
            return document
        if document.tree is None:
            return Head(_matter_fields(document), self._matter_reason(document) or _EMPTY)
        if document.matter is not None:
            return self._head(head_facts(document, page.path), document)
        if self._cache is None:
            is_static = document.tree.find(".//article") is None
            return self._head(head_facts(document, page.path))._replace(is_static=is_static)
        facts = page_facts(document, page.path)
        self._cache.put(page, facts)
        return self._head(facts.head)

    def _head(self, facts: HeadFacts, document: Document | None = None) -> Head:
        fields = {**facts.fields, "title": facts.title.given}
        reason = facts.reason
        if document is None:
            self._names.add(facts.title.given)
        else:  # with front matter
            fields |= _matter_fields(document)
            reason = self._matter_reason(document) or reason
        kept = {name: fields.get(name) for name in _HEAD_FIELDS}
        return Head(
            kept,
            reason,
            facts.canonical or None,
            facts.is_variant,
            facts.is_single,
            has_matter=document is not None,
        )

    def parsed(self, page: Page) -> Parsed:
        """Return the facts of a page, and its front matter."""
        if (known := self._known(page)) is not None:
            return Parsed(known)
        document = document_of(page)
        if isinstance(document, Problem):
            return Parsed(problem=document)
        facts = None if document.tree is None else page_facts(document, page.path)
        if document.matter is None:
            return Parsed(facts)
        given = {"title": document.matter.get("title"), **page_fields(dict(document.matter), page.path)}
        given = {name: value for name, value in given.items() if is_given(value)}
        return Parsed(facts, given, self._matter_reason(document))

    def content(self, page: Page, parsed: Parsed) -> Content:
        """Return the fields of a page including its text."""
        if parsed.problem is not None:
            return Content(parsed.problem)
        fields: dict[str, Any] = {}
        reason = None
        if parsed.facts is not None:
            fields, reason = self._content(parsed.facts, page)
        fields |= parsed.given
        reason = parsed.reason or reason
        reason = reason or (_EMPTY if parsed.facts is None or _is_empty(fields) else None)
        return Content(_titled(fields, page.path), reason)

    def _content(self, facts: PageFacts, page: Page) -> tuple[dict[str, Any], str | None]:
        fields = {"title": title_of(facts.head.title, self._names), **facts.text.fields}
        reason = facts.head.reason
        if reason is None and names_a_date(page.path) and _without_index(page.path) in self._folders:
            reason = "listing"
        return fields, reason or facts.text.reason

    def _known(self, page: Page) -> PageFacts | None:
        return None if self._cache is None else self._cache.get(page)

    def _matter_reason(self, document: Document) -> str | None:
        """Return the reason to leave out a page by its front matter or template code."""
        if document.matter is None:
            return None
        reason = field_reason(document.matter) or front_matter_reason(document.matter, self._now)
        return reason or ("listing" if lists_pages(document.source) else None)


def _is_empty(fields: dict[str, Any]) -> bool:
    return not (fields.get("title") or fields.get("text"))


def _titled(fields: dict[str, Any], path: str) -> dict[str, Any]:
    """Return the fields with a title. A page without one is named by its file, if that has several words."""
    if fields.get("title") or not fields.get("text"):
        return fields
    title = title_from_path(path)
    return {**fields, "title": title} if " " in title else fields


def _matter_fields(document: Document) -> dict[str, Any]:
    matter = document.matter or {}
    return {name: value for name in _HEAD_FIELDS if is_given(value := matter.get(name))}


def _without_index(path: str) -> str:
    """Return the path of a page without its suffix. For an index, return its folder."""
    place = posixpath.splitext(path)[0]
    folder, _, name = place.rpartition("/")
    return folder if name == "index" else place
