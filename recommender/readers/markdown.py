"""Markdown pages with YAML (``---``) or TOML (``+++``) front matter, rendered to HTML."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from recommender.errors import Problem
from recommender.readers.folder import Page, pages_of
from recommender.readers.rows import Row, plain, take
from recommender.readers.sources import Source, not_utf8

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

__all__ = ["read_markdown"]

_OPENED = re.compile(r"(---|\+\+\+)[ \t]*\n")
_FENCED = re.compile(r"(---|\+\+\+)[ \t]*\n(.*?)^(\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_SPACE_BEFORE_ZONE = re.compile(r"(?<=\d)\s+(?=(?:[+-]\d\d:?\d\d|Z)$)")
_MAX_DEPTH = 50
_MEND = "mend the front matter"


def read_markdown(source: Source) -> Iterator[Row]:
    """Yield a row for each page.

    From the front matter: ``id``, ``title``, ``published`` or ``date`` or ``lastmod``, ``section`` or the first of
    ``categories``, ``language`` or ``lang``, ``url``; the rest is metadata. Without an id the path in the folder,
    without its suffix, is the id; without a title a first heading of level one is. YAML values are taken as text, as
    written: the language ``no`` is Norwegian, and the id ``007`` keeps its zeros.
    """
    from markdown_it import MarkdownIt

    markdown = MarkdownIt("commonmark").enable("table")
    for page in pages_of(source, "markdown"):
        content = _fields(page, markdown)
        yield Row(page.name, 1 if isinstance(content, Problem) else None, content)


def _fields(page: Page, markdown: MarkdownIt) -> dict[str, Any] | Problem:
    if isinstance(page.content, Problem):
        return page.content
    try:
        text = page.content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        return not_utf8(page.content, error)
    matter, start = _front_matter(text)
    if isinstance(matter, Problem):
        return matter
    section = take(matter, "section", "categories", "category")
    published = take(matter, "published", "date", "lastmod")
    tokens = markdown.parse(text[start:])
    title = take(matter, "title")
    if not title and len(tokens) > 2 and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        title = tokens[1].content
        tokens = tokens[3:]
    fields = {
        "id": take(matter, "id", "article_id") or page.page_id,
        "title": title,
        "text": markdown.renderer.render(tokens, markdown.options, {}).strip(),
        "published": _SPACE_BEFORE_ZONE.sub("", published) if isinstance(published, str) else published,
        "section": section[0] if isinstance(section, list) and section else section or None,
        "language": take(matter, "language", "lang"),
        "url": take(matter, "url"),
    }
    return {**{name: plain(value) for name, value in matter.items()}, **fields}


def _front_matter(text: str) -> tuple[dict[str, Any] | Problem, int]:
    """Return the fields at the head of a page, and where the page goes on."""
    if not _OPENED.match(text):
        return {}, 0
    fenced = _FENCED.match(text)
    if fenced is None:
        return Problem("front matter that never ends", "", f"close it with {text[:3]}"), 0
    try:
        matter = _yaml(fenced[2]) if fenced[1] == "---" else tomllib.loads(fenced[2])
    except (ValueError, RecursionError) as error:
        said = " ".join(str(error).split())[:200]
        return Problem("front matter that cannot be read", said, _MEND), 0
    if not isinstance(matter, dict):
        return Problem("front matter is not a mapping", type(matter).__name__, _MEND), 0
    return matter, fenced.end()


def _yaml(text: str) -> object:
    """Read YAML with every value as text; no aliases, which a few lines can blow up to gigabytes, and no deep nesting."""
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the C parser is not built everywhere
    depth = 0
    try:
        for event in yaml.parse(text, loader):
            if isinstance(event, yaml.AliasEvent):
                raise ValueError(f"the alias *{event.anchor} is refused")
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _MAX_DEPTH:
                raise ValueError(f"nested deeper than {_MAX_DEPTH}")
        read = yaml.load(text, loader)  # noqa: S506 (the base loader makes text, lists and mappings only)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error
    return {} if read in (None, "") else read
