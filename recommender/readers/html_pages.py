"""HTML pages: what they say of themselves in JSON-LD and OpenGraph, and their main text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from recommender.errors import MissingExtraError, Problem
from recommender.readers.folder import Page, pages_of
from recommender.readers.rows import Row
from recommender.readers.sources import Source, not_utf8

__all__ = ["read_html"]

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?([A-Za-z0-9._:-]+)""", re.IGNORECASE)
_EXTRACTED = {"include_comments": False, "include_links": True, "output_format": "html"}
_ARTICLE_TYPES = ("Article", "BlogPosting")  # and what ends so: NewsArticle, LiveBlogPosting


def read_html(source: Source) -> Iterator[Row]:
    """Yield a row for each page.

    JSON-LD of an Article, NewsArticle or BlogPosting goes before OpenGraph, and that before other ``meta``. The text is
    the ``articleBody``, else the main text that trafilatura finds, as HTML with its links. The id is the JSON-LD
    ``identifier``, else the path in the folder without its suffix. Author and keywords become metadata.

    Raises
    ------
    MissingExtraError
        If trafilatura is not installed.
    """
    try:
        from trafilatura import extract
    except ImportError as error:
        raise MissingExtraError("Reading HTML pages", "trafilatura", "html") from error
    for page in pages_of(source, "html"):
        yield Row(page.name, None, _fields(page, extract))


def _fields(page: Page, extract: Callable[..., str | None]) -> dict[str, Any] | Problem:
    from lxml import etree, html

    if isinstance(page.content, Problem):
        return page.content
    text = _decoded(page.content)
    if isinstance(text, Problem):
        return text
    try:
        tree = html.document_fromstring(text.encode("utf-8"), html.HTMLParser(encoding="utf-8"))
    except etree.ParserError:
        return Problem("an empty page", "", "remove it")
    told = _linked_data(tree)
    meta = _meta(tree)
    fields = {
        "id": _text(told.get("identifier")) or page.page_id,
        "title": _text(told.get("headline")) or _text(told.get("name")) or meta.get("title"),
        "published": _text(told.get("datePublished")) or meta.get("published"),
        "section": _text(told.get("articleSection")) or meta.get("section"),
        "language": _text(told.get("inLanguage")) or meta.get("language"),
        "url": _text(told.get("url")) or meta.get("url"),
        "author": _names(told.get("author")) or meta.get("author"),
        "keywords": told.get("keywords") or meta.get("keywords"),
        "text": _text(told.get("articleBody")) or extract(tree, **_EXTRACTED),
    }
    return {name: value for name, value in fields.items() if value}


def _decoded(content: bytes) -> str | Problem:
    """Decode a page: UTF-8 if it is that, else as it declares."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        declared = _CHARSET.search(content, 0, 4096)
        try:
            return (
                not_utf8(content, error) if declared is None else content.decode(declared[1].decode("ascii"))
            )
        except (LookupError, UnicodeError):
            return not_utf8(content, error)


def _linked_data(tree: Any) -> dict[str, Any]:
    """Return the first article among the page's JSON-LD, also inside lists, ``@graph`` and ``mainEntity``."""
    for script in tree.xpath("//script[@type='application/ld+json']"):
        try:
            waiting = [
                json.loads(script.text_content(), strict=False)
            ]  # line ends in strings are common here
        except (ValueError, RecursionError):
            continue
        while waiting:
            node = waiting.pop()
            if isinstance(node, list):
                waiting += reversed(node)
            elif isinstance(node, dict):
                if _is_article(node.get("@type")):
                    return node
                waiting += [node.get("mainEntity"), node.get("@graph")]
    return {}


def _is_article(kinds: object) -> bool:
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(kind, str) and kind.endswith(_ARTICLE_TYPES) for kind in kinds)


def _meta(tree: Any) -> dict[str, str]:
    """Return what OpenGraph says, and where it is silent the older tags."""
    tags: dict[str, str] = {}
    for tag in tree.xpath("//meta[@content]"):
        name = tag.get("property") or tag.get("name") or tag.get("itemprop") or ""
        tags.setdefault(name.strip().lower(), tag.get("content").strip())
    canonical = tree.xpath("string(//link[@rel='canonical']/@href)")
    heading = tree.xpath("normalize-space(//head/title)") or tree.xpath("normalize-space(//h1)")
    names = {
        "title": (tags.get("og:title"), tags.get("twitter:title"), heading),
        "published": (tags.get("article:published_time"), tags.get("datepublished"), tags.get("date")),
        "section": (tags.get("article:section"), tags.get("section")),
        "language": (tree.get("lang"), tags.get("og:locale", "").replace("_", "-")),
        "url": (tags.get("og:url"), canonical),
        "author": (tags.get("author"), tags.get("article:author")),
        "keywords": (tags.get("keywords"),),
    }
    return {name: next((value for value in values if value), "") for name, values in names.items()}


def _text(value: object) -> str | None:
    """Return the text of a JSON-LD value, which may be wrapped in an object or be the first of several."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = next(
            (value[name] for name in ("@value", "value", "name", "alternateName", "@id") if name in value),
            None,
        )
    return str(value) if isinstance(value, str | int) and value != "" else None


def _names(authors: object) -> str:
    listed = authors if isinstance(authors, list) else [authors]
    return ", ".join(name for name in map(_text, listed) if name)
