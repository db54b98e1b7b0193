"""Read pages of reStructuredText, the sources of Sphinx, Pelican, Nikola and others. The text is rendered to HTML."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape
from typing import Any

from recommender.errors import Problem
from recommender.readers.markdown.front_matter import FrontMatter
from recommender.readers.markdown.front_matter_reasons import page_reason
from recommender.readers.markdown.included_parts import with_parts
from recommender.readers.markdown.markdown_fields import page_fields
from recommender.readers.pages.decoded_page import text_of_page
from recommender.readers.pages.page_folder import Page
from recommender.readers.pages.page_format import Content, Head
from recommender.readers.pages.page_paths import stem_of
from recommender.readers.records.rows import take
from recommender.readers.restructured.rst_fields import split_fields
from recommender.readers.restructured.rst_links import RstLinks
from recommender.readers.restructured.rst_text import rendered

__all__ = ["RstPages"]

_FEW_WORDS, _FEW_LETTERS = 8, 40  # letters count for scripts without spaces
_TAG = re.compile(r"<[^<>]*>")
_WORD = re.compile(r"[^\W\d_]{2,}")
_LISTS = re.compile(r"^[ \t]*\.\. (?:toctree|auto\w{3,20}|postlist|contents|post-list)::", re.MULTILINE)
"""Directives that list other pages, or are filled from code."""
_FEW_OF_AN_INDEX = 60  # words that introduce a table of contents
_INCLUDED = re.compile(r"^[ \t]*\.\. include::[ \t]+([^\s:*?]{1,300}\.rst)[ \t]*$", re.MULTILINE)


class RstPages:
    """Reads pages of reStructuredText; see `page_format.PageFormat`.

    The fields at the beginning supply what the front matter of a Markdown page does. The fallback for the title is the
    title of the document or its first heading, and else the file name.

    Parameters
    ----------
    now : datetime
        Reference time. Pages with a later date are not published yet.
    """

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._links = RstLinks()

    def head(self, page: Page) -> Head | Problem:
        """Return the metadata from the fields at the beginning, and remember what links may lead to."""
        split = _split(page)
        if isinstance(split, Problem):
            return split
        fields, text, _ = split
        self._links.see(page.path, text)
        return Head(
            {name: fields.get(name) for name in ("id", "url", "title")},
            page_reason(fields, page.path, self._now),
            imports=tuple(_INCLUDED.findall(text)),
        )

    def parsed(self, page: Page) -> Content:
        """Return the fields of a page, its text with that of the parts it includes."""
        split = _split(page)
        if isinstance(split, Problem):
            return Content(split)
        matter, source, _ = split
        reason = page_reason(matter, page.path, self._now)
        source = with_parts(source, page.file)
        given = take(matter, "title")
        title, body = rendered(source, is_titled=bool(given))
        fields = page_fields(matter, page.path)
        shown = unescape(_TAG.sub("", title))
        if given and title and shown != given:
            body = f"<h2>{title}</h2>\n{body}"
        fields["title"] = given or shown or stem_of(page.path).replace("-", " ").replace("_", " ")
        fields["text"] = body.strip()
        reason = reason or ("section" if _is_home(page, source) else _text_reason(fields, source, page.path))
        return Content(fields, reason)

    def content(self, page: Page, parsed: Content) -> Content:
        """Return what was parsed, with links to the pages that roles name."""
        if isinstance(parsed.fields, Problem):
            return parsed
        text = self._links.resolved(parsed.fields["text"], page.path)
        return parsed._replace(fields=parsed.fields | {"text": text})


def _is_home(page: Page, source: str) -> bool:
    """Return whether a page is the home page of a documentation by Sphinx: the index beside the settings."""
    if page.file is None or stem_of(page.path).lower() != "index":
        return False
    return (page.file.parent / "conf.py").exists() and _LISTS.search(source) is not None


def _text_reason(fields: dict[str, Any], source: str, path: str) -> str | None:
    """Return the reason to leave out a page with little text: a table of contents, or what is filled from code."""
    words = _WORD.findall(_TAG.sub(" ", fields["text"]))
    if stem_of(path).lower() == "index" and len(words) < _FEW_OF_AN_INDEX and _LISTS.search(source):
        return "listing"
    if len(words) >= _FEW_WORDS or sum(map(len, words)) >= _FEW_LETTERS:
        return None
    if _LISTS.search(source):
        return "listing"
    if not words and not fields["published"] and not fields["description"]:
        return "section" if stem_of(path).lower() in ("index", "readme") else "other"
    return None


def _split(page: Page) -> FrontMatter | Problem:
    text = text_of_page(page)
    return text if isinstance(text, Problem) else split_fields(text)
