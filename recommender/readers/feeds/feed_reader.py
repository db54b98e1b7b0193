"""Read RSS and Atom feeds. Feeds with dangerous XML are refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from recommender.errors import InputError, Problem
from recommender.readers.feeds.feed_entries import entry_fields, entry_reason
from recommender.readers.feeds.feed_xml import feed_xml
from recommender.readers.inputs.sources import Source, read_whole
from recommender.readers.records.rows import Caution, Row

if TYPE_CHECKING:
    from recommender.readers.feeds.feed_parsers import ParsedFeed

__all__ = ["read_feed"]

_EXTENSION = re.compile(rb"</?(?!(?:content|dc|atom|rdf):)[\w-]{1,40}:[^<>]{0,2000}>")


def read_feed(source: Source) -> Iterator[Row]:
    """Yield a row for each entry of an RSS or Atom feed, with the line where it starts.

    The id is the entry's guid or id, or else its link. The text is its full content, or else its summary. The
    section is its first category. Other categories and the author become the metadata ``tags`` and
    ``author``. Dates are kept as written. A feed that is not well-formed is repaired where possible and read
    as far as feedparser can, with a warning.

    Raises
    ------
    InputError
        If the source declares XML entities (which can expand without limit or fetch files), is unreadable, or
        is not a feed.

    Notes
    -----
    The time is linear in the size: about 0.5 s per MB, or 1 s per MB if the feed is not well-formed.
    """
    xml = feed_xml(read_whole(source), source.name)
    if xml.fault is not None:
        caution = Caution("XML that is not well-formed", xml.fault.what, "it was read as far as possible")
        yield Row(source.name, xml.fault.line, caution)
    feed, error = _parsed(xml.content, source.name)
    if error:
        caution = Caution("extensions of a feed that cannot be read", error, "they are left out")
        yield Row(source.name, None, caution)
    is_exact = len(xml.lines) == len(feed.entries)
    language, is_atom = feed.feed.get("language"), feed.version.startswith("atom")
    for number, entry in enumerate(feed.entries, 1):
        fields = entry_fields(entry, language, is_atom=is_atom)
        if xml.is_cut and number == len(feed.entries) and not _is_whole(fields):
            break
        line = xml.lines[number - 1] if is_exact else None
        yield Row(source.name, line, fields, left_out=entry_reason(entry))


def _is_whole(fields: dict[str, Any]) -> bool:
    return "id" in fields and ("title" in fields or "text" in fields)


def _parsed(xml: bytes, name: str) -> tuple[ParsedFeed, str]:
    """Return the parsed feed, and the error if the feed can be read only without its extensions."""
    from recommender.readers.feeds.feed_parsers import parsed_feed

    try:
        return parsed_feed(xml), ""
    except Exception as first:  # known extensions can raise KeyError, TypeError and others
        try:
            return parsed_feed(_EXTENSION.sub(b"", xml)), repr(first)[:100]
        except Exception as error:
            move = "repair the feed, or check --format"
            raise InputError(Problem("a feed that cannot be read", repr(error)[:100], move, name)) from error
