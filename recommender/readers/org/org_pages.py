"""Read pages of Org mode, the sources of sites by Emacs, Hugo and Nikola, and notes. The text is rendered to HTML."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape
from typing import Any

from recommender.errors import Problem
from recommender.readers.markdown.front_matter import FrontMatter, split_front_matter
from recommender.readers.markdown.front_matter_reasons import page_reason
from recommender.readers.markdown.markdown_fields import page_fields
from recommender.readers.markdown.nikola_fields import split_nikola
from recommender.readers.org.org_inline import inline_html
from recommender.readers.org.org_outline import outline_of, outside_blocks
from recommender.readers.org.org_text import Block, org_blocks
from recommender.readers.pages.decoded_page import text_of_page
from recommender.readers.pages.linked_pages import link_to
from recommender.readers.pages.page_folder import Page
from recommender.readers.pages.page_format import Content, Head
from recommender.readers.pages.page_paths import stem_of
from recommender.readers.pages.short_pages import short_page_reason

__all__ = ["OrgPages"]

_MOST_HEAD = 20_000  # characters of a page in which its keywords are looked for
_ID = re.compile(r"^[ \t]*(?::ID:|#\+identifier:)[ \t]+(\S{1,200})[ \t]*$", re.MULTILINE | re.IGNORECASE)
_STAMP = re.compile(r"\d{8}T\d{6}")
_DENOTE_NAME = re.compile(r"\d{8}T\d{6}(?:==[^-_.]+)?--")
_LINK_BY_ID = re.compile(r'<a href="(?:id|denote):([^"]{1,200})">(.{0,2000}?)</a>', re.DOTALL)
_FENCED_MATTER = re.compile(
    r"\s{0,100}#\+begin_(?:export[ \t]+html|html)[ \t]*\n(---\n.{0,20000}?\n---)[ \t]*\n#\+end_\w+[ \t]*(?:\n|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_COMMENT = re.compile(
    r"\s{0,100}#\+begin_comment[ \t]*\n(.{0,20000}?\n)#\+end_comment[ \t]*(?:\n|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_POST = re.compile(r"[ \t]*:EXPORT_FILE_NAME:.*", re.IGNORECASE)
_DRAFTS = ("drafts/", "_drafts/")  # of org-static-blog
_TAG = re.compile(r"<[^<>]*>")
_MARKED_UP = ("description", "author")
_LISTS = frozenset(("sitemap", "theindex"))
"""Files of links that Emacs makes."""


class OrgPages:
    """Reads pages of Org mode; see `page_format.PageFormat`.

    The keywords above the first heading supply what the front matter of a Markdown page does. The fallback for the title
    is the only heading of the first level, and else the file name. Links by ``id:`` and ``denote:`` lead to the page
    that has the id.

    Parameters
    ----------
    now : datetime
        Reference time. Pages with a later date are not published yet.
    """

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._places: dict[str, str] = {}

    def head(self, page: Page) -> Head | Problem:
        """Return the metadata from the keywords, and remember where ids are."""
        split = _split(page)
        if isinstance(split, Problem):
            return split
        stamp = _STAMP.match(stem_of(page.path))
        for name in [*_ID.findall(split.text), *([stamp[0]] if stamp else ())]:
            self._places.setdefault(name, page.path)
        outline = outline_of(split.text[:_MOST_HEAD].split("\n"))
        fields = {**outline.fields, **split.fields}
        return Head(
            {name: fields.get(name) for name in ("id", "url", "title")},
            _page_reason(split.text.split("\n"), fields, page.path, self._now),
            has_matter=bool(fields),
        )

    def parsed(self, page: Page) -> Content:
        """Return the fields of a page with its text."""
        split = _split(page)
        if isinstance(split, Problem):
            return Content(split)
        lines = split.text.split("\n")
        outline = outline_of(lines)
        matter = {**outline.fields, **split.fields}
        reason = _page_reason(lines, matter, page.path, self._now)
        blocks = org_blocks(lines, outline)
        title = _title(matter, blocks) or _name(page.path)
        fields = page_fields(matter, page.path)
        fields["title"] = title
        fields |= {name: _plain(fields[name]) for name in _MARKED_UP if isinstance(fields.get(name), str)}
        fields["text"] = "\n".join(f"<{element}>{text}</{element}>" for element, text in blocks)
        return Content(fields, reason or short_page_reason(fields, page.path), split.fault)

    def content(self, page: Page, parsed: Content) -> Content:
        """Return what was parsed, with the paths of the pages to which links by id lead."""
        if isinstance(parsed.fields, Problem):
            return parsed

        def link(found: re.Match[str]) -> str:
            place = self._places.get(unescape(found[1]))
            return found[2] if place is None else link_to(place, found[2], page.path)

        text = _LINK_BY_ID.sub(link, parsed.fields["text"])
        return parsed._replace(fields=parsed.fields | {"text": text})


def _page_reason(lines: list[str], fields: dict[str, Any], path: str, now: datetime) -> str | None:
    """Return the reason to leave out a page by its keywords and its path, or as the source of several pages."""
    if stem_of(path).lower() in _LISTS:
        return "listing"
    if path.startswith(_DRAFTS):
        return "draft"
    if sum(_POST.fullmatch(line) is not None for line in outside_blocks(lines)) > 1:
        return "copy"  # ox-hugo makes a page of each heading
    return page_reason(fields, path, now)


def _title(matter: dict[str, Any], blocks: list[Block]) -> str:
    """Return the title. The only heading of the first level stands for one that is missing."""
    if given := matter.pop("title", None):
        return _plain(str(given)) or str(given)
    places = [place for place, (element, _) in enumerate(blocks) if element == "h1"]
    return unescape(_TAG.sub("", blocks.pop(places[0])[1])).strip() if len(places) == 1 else ""


def _name(path: str) -> str:
    """Return the title that a file name says. Names of Denote hold a time and tags."""
    stem = stem_of(path)
    if (time := _DENOTE_NAME.match(stem)) is not None:
        stem = stem[time.end() :].partition("__")[0]
    return stem.replace("-", " ").replace("_", " ")


def _plain(text: str) -> str:
    return unescape(_TAG.sub("", inline_html(text))).strip()


def _split(page: Page) -> FrontMatter | Problem:
    """Return front matter in YAML, also inside a block of HTML, or in a comment of Nikola, and the text."""
    text = text_of_page(page)
    if isinstance(text, Problem):
        return text
    text = text.removeprefix("\ufeff")
    if text.startswith(("---\n", "+++\n")):
        return split_front_matter(text)
    if (fenced := _FENCED_MATTER.match(text)) is not None:
        matter = split_front_matter(f"{fenced[1]}\n")
        return matter if isinstance(matter, Problem) else matter._replace(text=text[fenced.end() :])
    if (comment := _COMMENT.match(text)) is not None and (nikola := split_nikola(comment[1])) is not None:
        return FrontMatter(nikola[0], text[comment.end() :])
    return FrontMatter({}, text)
