"""RSS and Atom: read as far as they can be, after everything that could hurt is refused."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler

from recommender.errors import InputError, Problem
from recommender.readers.encodings import decoded
from recommender.readers.feed_entries import entry_fields, entry_reason
from recommender.readers.rows import Caution, Row
from recommender.readers.sources import Source, read_whole
from recommender.readers.xml_repair import declared_encoding, mended, root_start

__all__ = ["read_feed"]

_LATE_DECLARATION = re.compile(r"\s+<\?xml\s")
_ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)
_ITEM = re.compile(rb"<(?:[\w-]{1,40}:)?(?:item|entry)[\s>]", re.IGNORECASE)
_EXTENSION = re.compile(rb"</?(?!(?:content|dc|atom|rdf):)[\w-]{1,40}:[^<>]{0,2000}>")


class _Fault(NamedTuple):
    """What is not well-formed in a feed, and in which line."""

    what: str
    line: int | None


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
    About 2 s for each MB, 4 s where it is not well-formed; in memory are the feed and a few times its size.
    """
    text, fault = _from_the_root(read_whole(source), source.name)
    xml = text.encode("utf-8", "replace")
    lines, broken = _entry_lines(xml)
    fault = fault or broken
    if fault is not None:
        caution = Caution("XML that is not well-formed", fault.what, "it was read as far as it goes")
        yield Row(source.name, fault.line, caution)
    if broken is not None:
        xml = b"".join(mended([text]))
        lines, broken = _entry_lines(xml)
        lines = lines if broken is None else list(_lines_of_items(xml))
    feed, error = _parsed(xml, source.name)
    if error:
        caution = Caution("extensions of a feed that cannot be read", error, "they are left out")
        yield Row(source.name, None, caution)
    known: list[int | None] = [*lines] if len(lines) == len(feed.entries) else [None] * len(feed.entries)
    language, is_atom = feed.feed.get("language"), feed.version.startswith("atom")
    for line, entry in zip(known, feed.entries, strict=True):
        fields = entry_fields(entry, language, is_atom=is_atom)
        yield Row(source.name, line, fields, left_out=entry_reason(entry))


def _from_the_root(content: bytes, name: str) -> tuple[str, _Fault | None]:
    """Return the text of a feed with nothing but line ends before its first element, and what is wrong before it.

    So no parser ever sees a declaration of entities, or one of an encoding that the text is no longer in.
    """
    text = decoded(content, declared_encoding(content))
    if isinstance(text, Problem):
        raise InputError(text.at(name))
    start = root_start(text)
    if start is None:
        shown = repr(text[:40]) if text.strip() else "nothing"
        raise InputError(Problem("neither RSS nor Atom", shown, "check the file and --format", name))
    head = text[:start]
    if _ENTITY.search(head):
        move = "remove the entity declarations from the feed"
        raise InputError(Problem("XML entities, which are refused", "", move, name))
    late = _LATE_DECLARATION.match(head)
    fault = None if late is None else _Fault("blanks before the XML declaration", 1 + late[0].count("\n"))
    return "\n" * head.count("\n") + text[start:], fault


class _EntryLines(ContentHandler):
    _locator: Any = None

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[int] = []

    def startElement(self, name: str, attrs: object) -> None:  # noqa: N802 (SAX names it)
        if name.rpartition(":")[2].lower() in ("item", "entry"):
            self.lines.append(self._locator.getLineNumber() or 0)


def _entry_lines(xml: bytes) -> tuple[list[int], _Fault | None]:
    """Return the lines where entries start, and what is not well-formed."""
    import defusedxml.sax
    from defusedxml import DefusedXmlException

    entries = _EntryLines()
    try:
        defusedxml.sax.parseString(xml, entries, forbid_dtd=True)
    except SAXParseException as error:
        return entries.lines, _fault(xml, error)
    except (SAXException, DefusedXmlException) as error:
        return entries.lines, _Fault(str(error), None)
    return entries.lines, None


def _fault(xml: bytes, error: SAXParseException) -> _Fault:
    line, column = error.getLineNumber() or 1, error.getColumnNumber() or 0
    text = b"".join(xml.split(b"\n", line)[line - 1 : line])[: column + 200].decode("utf-8", "replace")
    what = error.getMessage().removeprefix("not well-formed").strip(" ()") or "an error"
    return _Fault(f"{what} near {text[max(0, column - 20) : column + 20]!r}", line)


def _lines_of_items(xml: bytes) -> Iterator[int]:
    line, at = 1, 0
    for found in _ITEM.finditer(xml):
        line += xml.count(b"\n", at, found.start())
        at = found.start()
        yield line


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
