"""What an HTML page says, apart from what the other pages of its site decide."""

from __future__ import annotations

import logging
from typing import Any, NamedTuple, Protocol

from recommender.errors import MissingExtraError
from recommender.readers.html.html_document import Document
from recommender.readers.html.html_fields import fields_in_head, fields_of
from recommender.readers.html.html_head import HtmlHead
from recommender.readers.html.html_links import list_reason
from recommender.readers.html.html_reasons import head_reason
from recommender.readers.html.html_text import Extract, main_text
from recommender.readers.html.html_titles import TitleParts, title_parts
from recommender.readers.pages.page_folder import Page

__all__ = ["FactsCache", "HeadFacts", "PageFacts", "TextFacts", "head_facts", "page_facts"]


class HeadFacts(NamedTuple):
    """The head of a page.

    Parameters
    ----------
    fields : dict
        The ``id`` and the ``url`` that the page declares.
    title : TitleParts
    reason : str or None
        Reason to leave out the page, a key of `publication.REASONS`.
    canonical : str
        Its canonical address, or an empty string.
    is_variant : bool
        Whether it is marked as an AMP or print version.
    is_single : bool
        Whether it is certainly an article.
    """

    fields: dict[str, Any]
    title: TitleParts
    reason: str | None
    canonical: str
    is_variant: bool
    is_single: bool


class TextFacts(NamedTuple):
    """The fields of a page including its text, except the title, and whether it mainly lists other pages.

    Parameters
    ----------
    fields : dict
    reason : str or None
        ``section`` or ``listing`` if the page mainly links to other pages.
    """

    fields: dict[str, Any]
    reason: str | None


class PageFacts(NamedTuple):
    """The head and the text of a page."""

    head: HeadFacts
    text: TextFacts


class FactsCache(Protocol):
    """Keeps the facts of pages from one run to the next."""

    def get(self, page: Page) -> PageFacts | None:
        """Return the facts of a page with this path and content, if they are kept."""
        ...

    def put(self, page: Page, facts: PageFacts) -> None:
        """Keep the facts of a page."""
        ...


def page_facts(document: Document, path: str) -> PageFacts:
    """Return the facts of a page that is no template: its ``tree`` is not None."""
    head = HtmlHead(document.tree)
    first = _head_facts(head, path)  # before the text, for which markup is removed from the tree
    return PageFacts(first, _text_facts(head, path))


def head_facts(document: Document, path: str) -> HeadFacts:
    """Return the facts of the head of a page that is no template."""
    return _head_facts(HtmlHead(document.tree), path)


def _head_facts(head: HtmlHead, path: str) -> HeadFacts:
    return HeadFacts(
        fields_in_head(head),
        title_parts(head),
        head_reason(head, path),
        head.canonical,
        head.is_variant,
        head.is_single,
    )


def _text_facts(head: HtmlHead, path: str) -> TextFacts:
    fields, reason = fields_of(head, path), list_reason(head, path)
    fields["text"] = main_text(head, _extract(), str(fields.get("description", "")))
    return TextFacts(fields, reason)


def _extract() -> Extract:
    try:
        from trafilatura import extract
    except ImportError as error:
        raise MissingExtraError("Reading HTML pages", "trafilatura", "html", error) from error
    if not (log := logging.getLogger("trafilatura")).handlers:
        log.addHandler(logging.NullHandler())  # keeps it from writing to standard error
    return extract
