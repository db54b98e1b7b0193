"""Feeds: RSS 2.0 and Atom, after everything that could hurt is refused, and JSON Feed 1.1."""

from __future__ import annotations

import io
import re
from calendar import timegm
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler

import orjson

from recommender.errors import InputError, Problem
from recommender.readers.rows import Row, take
from recommender.readers.sources import Source, not_utf8, read_whole

__all__ = ["read_feed", "read_jsonfeed"]

_DECLARED = re.compile(rb"""\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._:-]+)["']""")


def read_feed(source: Source) -> Iterator[Row]:
    """Yield a row for each entry of an RSS or Atom feed, with the line where it starts.

    The id is the entry's guid or id, else its link; the text is its full content, else its summary; the section is
    its first category; further categories and the author become the metadata ``tags`` and ``author``.

    Raises
    ------
    InputError
        If it declares entities (which can blow up or fetch files), is not well-formed, or is no feed.
    """
    import feedparser

    content = _as_utf8(read_whole(source), source.name)
    lines = _entry_lines(content, source.name)
    feed = feedparser.parse(
        io.BytesIO(content),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,  # the text stage takes all markup out
        resolve_relative_uris=False,
    )
    if not feed.version:
        raise InputError(
            Problem("neither RSS nor Atom", "other XML", "check the file and --format", source.name)
        )
    known: list[int | None] = [*lines] if len(lines) == len(feed.entries) else [None] * len(feed.entries)
    for line, entry in zip(known, feed.entries, strict=True):
        yield Row(source.name, line, _entry_fields(entry, feed.feed.get("language")))


class _EntryLines(ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[int] = []

    def startElement(self, name: str, attrs: object) -> None:  # noqa: N802 (SAX names it)
        if name.rpartition(":")[2] in ("item", "entry") and self._locator is not None:
            self.lines.append(self._locator.getLineNumber() or 0)

    _locator: Any = None


def _entry_lines(content: bytes, name: str) -> list[int]:
    """Read the XML once with everything dangerous forbidden; return the lines where entries start."""
    import defusedxml.sax
    from defusedxml import DefusedXmlException

    entries = _EntryLines()
    try:
        defusedxml.sax.parseString(content, entries, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as error:
        move = "remove the entity declarations from the feed"
        raise InputError(
            Problem("XML entities, which are refused", type(error).__name__, move, name)
        ) from error
    except SAXParseException as error:
        move = "mend the feed, or check --format"
        problem = Problem("not well-formed XML", error.getMessage(), move, name, error.getLineNumber())
        raise InputError(problem) from error
    return entries.lines


def _as_utf8(content: bytes, name: str) -> bytes:
    """Return the XML in UTF-8, so that the check and the parser see the same characters."""
    declared = _DECLARED.match(content)
    if declared is None or declared[1].lower() in (b"utf-8", b"utf8"):
        try:
            content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise InputError(not_utf8(content, error).at(name)) from error
        return content
    encoding = declared[1].decode("ascii")
    try:
        text = content.decode(encoding)
    except (LookupError, UnicodeError) as error:
        move = "write the feed in UTF-8"
        raise InputError(
            Problem(f"not the encoding it declares, {encoding}", str(error), move, name, 1)
        ) from error
    start, end = declared.span(1)
    return (text[:start] + "utf-8" + text[end:]).encode("utf-8", "replace")


def _entry_fields(entry: Any, language: str | None) -> dict[str, Any]:
    contents = entry.get("content") or [entry.get("summary_detail") or {}]
    tags = [tag["term"] for tag in entry.get("tags", ()) if tag.get("term")]
    url = entry.get("link")
    if url == entry.get("id") and "://" not in (url or ""):
        url = None  # feedparser takes an id for the link where there is none
    fields = {
        "id": entry.get("id") or url,
        "title": entry.get("title"),
        "text": contents[0].get("value"),
        "published": _moment(entry, "published") or _moment(entry, "updated"),
        "section": tags[0] if tags else None,
        "language": entry.get("language") or contents[0].get("language") or language,
        "url": url,
        "author": entry.get("author"),
        "tags": tags[1:],
    }
    return {name: value for name, value in fields.items() if value}


def _moment(entry: Any, name: str) -> datetime | str | None:
    """Return the date as feedparser read it, or as written if it could not, which Article then refuses."""
    parsed = entry.get(f"{name}_parsed")
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        written: str | None = entry.get(name)
        return written


def read_jsonfeed(source: Source) -> Iterator[Row]:
    """Yield a row for each item of a JSON Feed, with its number from 1 as the line.

    The id is the item's id, else its URL; HTML content goes before plain, and that before the summary; the section is
    the first tag. Other fields become metadata, the authors as ``author`` by name.
    """
    try:
        feed = orjson.loads(read_whole(source))
    except orjson.JSONDecodeError as error:
        move = "check the file and --format"
        raise InputError(Problem("not JSON", f"{error.msg}", move, source.name, error.lineno)) from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise InputError(Problem("no list of 'items'", "", "check the file and --format", source.name))
    for number, item in enumerate(items, 1):
        if isinstance(item, dict):
            yield Row(source.name, number, _item_fields(dict(item), feed))
        else:
            yield Row(
                source.name, number, Problem("item is not an object", type(item).__name__, "remove it"), item
            )


def _item_fields(item: dict[str, Any], feed: dict[str, Any]) -> dict[str, Any]:
    tags = item.pop("tags", None) or []
    single = item.pop("author", None)
    authors = item.pop("authors", None) or ([single] if single else feed.get("authors")) or []
    names = [author["name"] for author in authors if isinstance(author, dict) and author.get("name")]
    fields = {
        "id": take(item, "id") or item.get("url"),
        "title": take(item, "title"),
        "text": take(item, "content_html", "content_text", "summary"),
        "published": take(item, "date_published", "date_modified"),
        "section": tags[0] if isinstance(tags, list) and tags else None,
        "language": take(item, "language") or feed.get("language"),
        "url": take(item, "url", "external_url"),
        "author": ", ".join(map(str, names)),
        "tags": tags[1:] if isinstance(tags, list) else tags,
    }
    return {**item, **{name: value for name, value in fields.items() if value}}
