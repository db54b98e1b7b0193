"""The text of a page of a format that has no encodings of its own."""

from __future__ import annotations

from recommender.errors import Problem
from recommender.readers.inputs.encodings import decoded, is_binary
from recommender.readers.pages.page_folder import Page

__all__ = ["text_of_page"]


def text_of_page(page: Page) -> str | Problem:
    r"""Return the text of a page with ``\n`` as line end, or what is wrong with the page."""
    if isinstance(page.content, Problem):
        return page.content
    if is_binary(page.content):  # as a crash or a full disk leaves a file: so many bytes of zero
        return Problem("binary data in a page", "", "write it again, remove it, or change its suffix")
    text = decoded(page.content, None)
    return text if isinstance(text, Problem) else text.replace("\r\n", "\n").replace("\r", "\n")
