"""The interface that page readers implement."""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

from recommender.errors import Problem
from recommender.readers.pages.page_folder import Page

__all__ = ["Content", "Head", "PageFormat", "PagesAlone"]


class Head(NamedTuple):
    """Metadata of a page, read without its text.

    Parameters
    ----------
    fields : dict
        The ``id``, ``url`` and ``title`` that the page has.
    left_out : str or None
        Reason to leave out the page, a key of `publication.REASONS`.
    canonical : str or None
        The canonical address that the page declares. It may be its own address.
    is_variant : bool
        Whether the page is marked as an AMP or print version.
    is_article : bool
        Whether the page is certainly an article, even if its path looks like a list, such as
        ``tags/div.html``.
    is_static : bool
        Whether a generator that reads Markdown copies the page as it is: it is HTML without front matter
        and without an ``article`` element.
    is_bare : bool
        Whether the page has a title and no text, as the pages of a folder have that a template fills.
    has_matter : bool
        Whether a page has front matter, or exports its fields.
    has_heading : bool
        Whether a page in Markdown has a heading of the first level.
    imports : tuple of str
        Paths of the Markdown that a page imports, below its folder.
    """

    fields: dict[str, Any]
    left_out: str | None = None
    canonical: str | None = None
    is_variant: bool = False
    is_article: bool = False
    is_static: bool = False
    is_bare: bool = False
    has_matter: bool = False
    has_heading: bool = False
    imports: tuple[str, ...] = ()


class Content(NamedTuple):
    """A page with its text.

    Parameters
    ----------
    fields : dict or Problem
        What the page holds, or what is wrong with it.
    left_out : str or None
        Reason to leave out the page, a key of `publication.REASONS`.
    fault : Problem or None
        What is wrong with fields that were read nevertheless.
    """

    fields: dict[str, Any] | Problem
    left_out: str | None = None
    fault: Problem | None = None


class PageFormat(Protocol):
    """Reader for pages of one format."""

    def head(self, page: Page) -> Head | Problem:
        """Return the metadata of a page."""
        ...

    def parsed(self, page: Page) -> Any:
        """Return what a page says by itself, which takes most of the time. Another process may do it: it is pickled."""
        ...

    def content(self, page: Page, parsed: Any) -> Content:
        """Return the fields of a page including its text, from the output of `parsed`."""
        ...


class PagesAlone:
    """Base of formats whose pages do not depend on the heads of others: `parsed` returns the content."""

    def content(self, page: Page, parsed: Content) -> Content:
        """Return what was parsed."""
        return parsed
