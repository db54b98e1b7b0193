"""RSS and Atom: read as far as they can be, after everything that could hurt is refused."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler

from recommender.errors import InputError, Problem
from recommender.readers.encodings import decoded
from recommender.readers.rows import Caution, Row, first_given
from recommender.readers.sources import Source, read_whole

__all__ = ["read_feed"]

_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,500}?\?>")
_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,500}?\sencoding\s*=\s*["']([A-Za-z0-9._:-]+)["']""")
_ENTITY = re.compile(r"<!ENTITY\b", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE\b[^<>\[\]]{0,1000}>", re.IGNORECASE)
_ITEM = re.compile(r"<(?:[\w-]{1,20}:)?(?:item|entry)[\s>]")
_FOREIGN = re.compile(
    r"</?(?:georss|gml|geo|media|itunes|psc|creativecommons|cc|slash|wfw):[^<>]{0,2000}>", re.IGNORECASE
)
_MEND = "mend the feed, or check --format"


def read_feed(source: Source) -> Iterator[Row]:
    """Yield a row for each entry of an RSS or Atom feed, with the line where it starts.

    The id is the entry's guid or id, else its link; the text is its full content, else its summary; the section is
    its first category; further categories and the author become the metadata ``tags`` and ``author``. A feed that is not
    well-formed is read as far as feedparser can, with a warning.

    Raises
    ------
    InputError
        If it declares entities (which can blow up or fetch files), cannot be read, or is no feed.
    """
    text = _text(read_whole(source), source.name)
    lines, broken = _entry_lines(text)
    if broken is not None:
        yield Row(
            source.name,
            broken[0],
            Caution("XML that is not well-formed", broken[1], "it was read as far as it goes"),
        )
    feed, dropped = _parsed(text, source.name)
    if dropped:
        yield Row(
            source.name,
            None,
            Caution("extensions of the feed that cannot be read", dropped, "they were left out"),
        )
    if not feed.get("version") and not feed.get("entries"):
        raise InputError(
            Problem("neither RSS nor Atom", "other XML", "check the file and --format", source.name)
        )
    entries = feed.get("entries", [])
    known: list[int | None] = [*lines] if len(lines) == len(entries) else [None] * len(entries)
    for line, entry in zip(known, entries, strict=True):
        yield Row(source.name, line, _entry_fields(entry, feed.get("feed", {}).get("language")))


def _text(content: bytes, name: str) -> str:
    """Return the feed as text, without its declaration of an encoding, so that the check and the parser see the same."""
    declared = _DECLARED.match(content)
    label = declared[1].decode("ascii") if declared else None
    text = decoded(content, label)
    if isinstance(text, Problem):
        raise InputError(text.at(name, 1 if declared else None))
    if _ENTITY.search(text):
        move = "remove the entity declarations from the feed"
        raise InputError(Problem("XML entities, which are refused", "", move, name))
    return _DOCTYPE.sub("", _DECLARATION.sub("", text, count=1), count=1)


class _EntryLines(ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[int] = []

    def startElement(self, name: str, attrs: object) -> None:  # noqa: N802 (SAX names it)
        if name.rpartition(":")[2] in ("item", "entry") and self._locator is not None:
            self.lines.append(self._locator.getLineNumber() or 0)

    _locator: Any = None


def _entry_lines(text: str) -> tuple[list[int], tuple[int | None, str] | None]:
    """Return the lines where entries start, and where and why the feed is not well-formed, if it is not."""
    import defusedxml.sax
    from defusedxml import DefusedXmlException

    entries = _EntryLines()
    try:
        defusedxml.sax.parseString(
            text.encode("utf-8", "replace"), entries, forbid_entities=True, forbid_external=True
        )
    except (SAXParseException, DefusedXmlException, ValueError) as error:
        at = error.getLineNumber() if isinstance(error, SAXParseException) else None
        said = error.getMessage() if isinstance(error, SAXParseException) else type(error).__name__
        starts = [found.start() for found in _ITEM.finditer(text)]
        return list(_line_numbers(text, starts)), (at, said)
    return entries.lines, None


def _line_numbers(text: str, starts: list[int]) -> Iterator[int]:
    line, at = 1, 0
    for start in starts:
        line += text.count("\n", at, start)
        at = start
        yield line


def _parsed(text: str, name: str) -> tuple[Any, str]:
    """Return what feedparser makes of a feed, and the elements without which alone it could read it."""
    try:
        return _parse(text), ""
    except Exception as first:  # feedparser raises KeyError, TypeError and others at extensions that it knows
        try:
            return _parse(_FOREIGN.sub("", text)), type(first).__name__
        except Exception as error:
            raise InputError(
                Problem("a feed that cannot be read", type(error).__name__, _MEND, name)
            ) from error


def _parse(text: str) -> Any:
    import feedparser

    return feedparser.parse(
        io.BytesIO(text.encode("utf-8", "replace")),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,  # the text stage takes all markup out
        resolve_relative_uris=False,
    )


def _entry_fields(entry: Any, language: str | None) -> dict[str, Any]:
    contents = [each for each in entry.get("content") or () if (each.get("value") or "").strip()]
    summary = entry.get("summary")
    tags = [tag["term"] for tag in entry.get("tags") or () if tag.get("term")]
    url = entry.get("link")
    if url == entry.get("id") and "://" not in (url or ""):
        url = None  # feedparser takes an id for the link where there is none
    text = contents[0]["value"] if contents else summary
    fields = {
        "id": entry.get("id") or url,
        "title": entry.get("title"),
        "text": text,
        "published": first_given([entry.get("published"), entry.get("updated")]),
        "section": tags[0] if tags else None,
        "language": first_given(
            [entry.get("language"), contents[0].get("language") if contents else None, language]
        ),
        "url": url,
        "description": summary if summary != text else None,
        "image": _image(entry),
        "author": entry.get("author"),
        "tags": tags[1:],
    }
    return {name: value for name, value in fields.items() if value}


def _image(entry: Any) -> str | None:
    """Return the address of the entry's picture: its thumbnail, a picture that is attached, or that of the episode."""
    thumbnails = [each.get("url") for each in entry.get("media_thumbnail") or ()]
    media = [each.get("url") for each in entry.get("media_content") or () if _is_image(each)]
    enclosures = [each.get("href") for each in entry.get("enclosures") or () if _is_image(each)]
    episode = entry.get("image")
    shown = [episode.get("href")] if isinstance(episode, dict) else []
    found: str | None = first_given([*thumbnails, *media, *enclosures, *shown])
    return found


def _is_image(link: Any) -> bool:
    return str(link.get("type") or "").startswith("image/") or link.get("medium") == "image"
