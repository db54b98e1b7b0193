"""Read pages of AsciiDoc, the sources of Antora, Asciidoctor and JBake. The text is rendered to HTML."""

from __future__ import annotations

import re
from datetime import datetime
from functools import partial
from html import unescape
from typing import Any

from recommender.errors import Problem
from recommender.readers.asciidoc.antora import component_attributes, page_address
from recommender.readers.asciidoc.asciidoc_attributes import Attributes
from recommender.readers.asciidoc.asciidoc_header import Header, header_of
from recommender.readers.asciidoc.asciidoc_inline import inline_html
from recommender.readers.asciidoc.asciidoc_parts import INCLUDE, lines_of
from recommender.readers.asciidoc.asciidoc_text import Block, asciidoc_blocks
from recommender.readers.markdown.front_matter import FrontMatter, split_front_matter
from recommender.readers.markdown.front_matter_reasons import page_reason
from recommender.readers.markdown.markdown_fields import page_fields
from recommender.readers.pages.decoded_page import text_of_page
from recommender.readers.pages.page_folder import Page
from recommender.readers.pages.page_format import Content, Head, PagesAlone
from recommender.readers.pages.page_paths import stem_of
from recommender.readers.pages.short_pages import short_page_reason
from recommender.readers.records.rows import take

__all__ = ["AsciidocPages"]

_MOST_HEAD = 20_000  # characters of a page in which its header is looked for
_FRONT_MATTER = ("---\n", "+++\n", "\ufeff---\n")
_PGP = b"-----BEGIN PGP"
_PARTS = re.compile(
    r"(?:^|/)(?:partials|_partials|examples|snippets|_snippets|_attributes|_includes?)/", re.IGNORECASE
)
_NO_PAGE = re.compile(
    r"(?:^|/)(?:_[^/]*|(?:local-)?(?:nav|attributes)(?:[-_][^/]*)?)\.(?:adoc|asciidoc|asc)", re.IGNORECASE
)
_START = re.compile(r"(?:^|/)modules/ROOT/pages/(?:index|home)\.adoc")
_TAG = re.compile(r"<[^<>]*>")
_WORD = re.compile(r"[^\W\d_]{2,}")
_FEW_OF_A_BOOK = 60  # words beside the chapters that it includes
_FEWEST_CHAPTERS = 3
_NOT_TEXT = re.compile(r"^(?:\w+::|[:=#\[]|//).*$", re.MULTILINE)
_ASSEMBLY = re.compile(r"^:_(?:mod-docs-)?content-type: *assembly", re.MULTILINE | re.IGNORECASE)
_MODULE = re.compile(
    r"^:_(?:mod-docs-)?content-type: *(?:procedure|concept|reference|snippet)", re.MULTILINE | re.IGNORECASE
)
"""What modular documentations by AsciiDoc say of a page, and of a module that pages include."""


class AsciidocPages(PagesAlone):
    """Reads pages of AsciiDoc; see `page_format.PageFormat`.

    The front matter, and the attributes of the header, supply what the front matter of a Markdown page does. The fallback
    for the title is the first heading, and else the file name.

    Parameters
    ----------
    now : datetime
        Reference time. Pages with a later date are not published yet.
    """

    def __init__(self, now: datetime) -> None:
        self._now = now

    def head(self, page: Page) -> Head | Problem:
        """Return the metadata from the header."""
        split = _split(page)
        if isinstance(split, Problem):
            return split
        header = header_of(split.text[:_MOST_HEAD].split("\n"), Attributes(component_attributes(page.file)))
        fields = {**header.fields, **split.fields}
        title = fields.get("title") or header.title
        is_module = _MODULE.search(split.text, 0, _MOST_HEAD) is not None
        return Head(
            {"id": fields.get("id"), "url": fields.get("url"), "title": None if is_module else title or None},
            _part_reason(page)
            or page_reason(fields, page.path, self._now)
            or ("listing" if _is_book(split.text) else None),
            imports=tuple(found[0] for found in INCLUDE.findall(split.text) if "{" not in found[0]),
        )

    def parsed(self, page: Page) -> Content:
        """Return the fields of a page, its text with that of the parts it includes."""
        split = _split(page)
        if isinstance(split, Problem):
            return Content(split)
        given = component_attributes(page.file)
        lines = lines_of(split.text, page.file, Attributes(given))
        attributes = Attributes(given)  # set anew, so that each line finds what stands above it
        header = header_of(lines, attributes)
        matter = {**header.fields, **split.fields}
        reason = _part_reason(page) or page_reason(matter, page.path, self._now)
        blocks = asciidoc_blocks(lines[header.end :], attributes, partial(page_address, path=page.path))
        title = _title(matter, header, blocks) or stem_of(page.path).replace("-", " ").replace("_", " ")
        fields = page_fields(matter, page.path)
        fields["title"] = title
        if isinstance(fields["description"], str):
            fields["description"] = _plain(fields["description"])
        fields["text"] = "\n".join(f"<{element}>{text}</{element}>" for element, text in blocks)
        if reason is None and _is_book(split.text):
            reason = "listing"
        return Content(fields, reason or short_page_reason(fields, page.path), split.fault)


def _title(matter: dict[str, Any], header: Header, blocks: list[Block]) -> str:
    """Return the title. The first heading stands for one that is missing, unless another one has its level."""
    given = take(matter, "title")
    if header.title:
        return _plain(header.title).strip().removeprefix('"').removesuffix('"') or header.title
    if given:
        return str(given)
    places = [place for place, (element, _) in enumerate(blocks) if element[0] == "h"]
    if not places or sum(blocks[place][0] == blocks[places[0]][0] for place in places) > 1:
        return ""
    return unescape(_TAG.sub("", blocks.pop(places[0])[1]))


def _plain(text: str) -> str:
    return unescape(_TAG.sub("", inline_html(text)))


def _part_reason(page: Page) -> str | None:
    """Return ``template`` for parts of pages, navigation and signatures, ``section`` for the start page of Antora."""
    if isinstance(page.content, bytes) and page.content.startswith(_PGP):
        return "template"
    if _START.search(page.path):
        return "section"
    return "template" if _PARTS.search(page.path) or _NO_PAGE.search(page.path) else None


def _is_book(source: str) -> bool:
    """Return whether a document has little text of its own beside the chapters that it includes."""
    chapters = [found for found in INCLUDE.findall(source) if _PARTS.search(found[0]) is None]
    if len(chapters) < _FEWEST_CHAPTERS or _ASSEMBLY.search(source):
        return False
    return len(_WORD.findall(_NOT_TEXT.sub("", source))) < _FEW_OF_A_BOOK


def _split(page: Page) -> FrontMatter | Problem:
    text = text_of_page(page)
    if isinstance(text, Problem):
        return text
    if not text.startswith(_FRONT_MATTER):
        return FrontMatter({}, text.removeprefix("\ufeff"))
    return split_front_matter(text)
