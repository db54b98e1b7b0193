"""The contract between the folder of pages and the readers of one page."""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

from recommender.errors import Problem
from recommender.readers.pages.page_folder import Page

__all__ = ["Head", "PageFormat"]


class Head(NamedTuple):
    """What a page says of itself, read without its text.

    Parameters
    ----------
    fields : dict
        Its ``id``, ``url`` and ``title``, where it has them.
    left_out : str or None
        Why it says that it is no article, by a name of `publication.REASONS`.
    canonical : str or None
        The address of the page that it calls the original of its text, which may be its own.
    is_variant : bool
        Whether it is marked as an AMP or print version.
    is_article : bool
        Whether it is surely an article by what it says, so that a path such as ``tags/div.html`` does not make it a list.
    """

    fields: dict[str, Any]
    left_out: str | None = None
    canonical: str | None = None
    is_variant: bool = False
    is_article: bool = False


class PageFormat(Protocol):
    """How pages of one format are read."""

    def head(self, page: Page) -> Head | Problem:
        """Return what a page says of itself."""
        ...

    def content(self, page: Page) -> tuple[dict[str, Any] | Problem, str | None]:
        """Return the fields of a page, its text among them, and why the text says that it is no article."""
        ...
