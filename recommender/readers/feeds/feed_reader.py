"""RSS and Atom: read as far as they can be, after everything that could hurt is refused."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from recommender.errors import InputError, Problem
from recommender.readers.feeds.feed_entries import entry_fields, entry_reason
from recommender.readers.feeds.feed_xml import feed_xml
from recommender.readers.inputs.sources import Source, read_whole
from recommender.readers.records.rows import Caution, Row

__all__ = ["read_feed"]

_EXTENSION = re.compile(rb"</?(?!(?:content|dc|atom|rdf):)[\w-]{1,40}:[^<>]{0,2000}>")


def read_feed(source: Source) -> Iterator[Row]:
    """Yield a row for each entry of an RSS or Atom feed, with the line where it starts.

    The id is the entry's guid or id, else its link; the text is its full content, else its summary; the section is
    its first category; further categories and the author become the metadata ``tags`` and ``author``. Dates are as written.
    A feed that is not well-formed is mended where that is plain, read as far as feedparser can, and warned of.

    Raises
    ------
    InputError
        If it declares entities (which can blow up or fetch files), cannot be read, or is no feed.

    Notes
    -----
    Linear in the size: about 0.5 s for each MB, and 1 s where it is not well-formed.
    """
    xml = feed_xml(read_whole(source), source.name)
    if xml.fault is not None:
        caution = Caution("XML that is not well-formed", xml.fault.what, "it was read as far as it goes")
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


def _parsed(xml: bytes, name: str) -> tuple[Any, str]:
    """Return what feedparser makes of a feed; and the error with its extensions, if it can read it only without them."""
    try:
        return _parse(xml), ""
    except Exception as first:  # it raises KeyError, TypeError and others at extensions that it knows
        try:
            return _parse(_EXTENSION.sub(b"", xml)), repr(first)[:100]
        except Exception as error:
            move = "mend the feed, or check --format"
            raise InputError(Problem("a feed that cannot be read", repr(error)[:100], move, name)) from error


def _parse(xml: bytes) -> Any:
    import feedparser

    return feedparser.parse(
        io.BytesIO(xml),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,  # the text stage takes all markup out
        resolve_relative_uris=False,
    )
