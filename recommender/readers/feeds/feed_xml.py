"""Prepare the XML of a feed: drop the prolog and repair XML that is not well-formed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler

from recommender.errors import InputError, Problem
from recommender.readers.inputs.encodings import decoded
from recommender.readers.inputs.xml_repair import declared_encoding, repaired, root_start

__all__ = ["Fault", "FeedXml", "feed_xml"]

_ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)
_CUT_TAG = re.compile(rb"<[^<>]*\Z")
_ITEM = re.compile(rb"<(?:[\w-]{1,40}:)?(?:item|entry)[\s>]", re.IGNORECASE)
_CUT_SHORT = frozenset(("no element found", "unclosed token", "unclosed CDATA section"))  # messages of expat


class Fault(NamedTuple):
    """A fault in the XML: description, line, and the open elements if the feed is cut short."""

    what: str
    line: int | None
    left_open: tuple[str, ...] = ()


class FeedXml(NamedTuple):
    """A feed in UTF-8, with the lines where its entries start.

    Parameters
    ----------
    content : bytes
        The feed from its first element on. Line ends before it are kept.
    lines : list of int
        The first line of each entry, in order.
    fault : Fault or None
        The first fault in the XML.
    is_cut : bool
        Whether the feed was cut short. Its last entry may be incomplete.
    """

    content: bytes
    lines: list[int]
    fault: Fault | None
    is_cut: bool = False


def feed_xml(content: bytes, name: str) -> FeedXml:
    """Return the XML of a feed. `name` is used in messages.

    Raises
    ------
    InputError
        If the content declares entities, has no feed element, or is in an unknown encoding.
    """
    text, fault = _from_the_root(content, name)
    xml = text.encode("utf-8", "replace")
    lines, broken = _entry_lines(xml)
    if broken is None:
        return FeedXml(xml, lines, fault)
    xml = b"".join(repaired([text]))
    lines, left = _entry_lines(xml)
    is_cut = left is not None and left.left_open != ()
    if left is not None and is_cut:
        ends = "".join(f"</{tag}>" for tag in reversed(left.left_open))
        xml = _CUT_TAG.sub(b"", xml) + ends.encode()
        lines, left = _entry_lines(xml)
    lines = lines if left is None else list(_lines_of_items(xml))
    return FeedXml(xml, lines, fault or broken, is_cut)


def _from_the_root(content: bytes, name: str) -> tuple[str, Fault | None]:
    """Return the text of a feed with only line ends before its first element, and the fault before it.

    The parser therefore never sees entity declarations or an outdated encoding declaration.
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
        raise InputError(Problem("XML entities are not allowed", "", move, name))
    return "\n" * head.count("\n") + text[start:], _fault_before(head)


def _fault_before(head: str) -> Fault | None:
    first = head.lstrip()
    line = 1 + head[: len(head) - len(first)].count("\n")
    if first and not first.startswith("<"):
        return Fault(f"{first[:40]!r} before the feed", line)
    is_late = head != first and first.startswith("<?xml")
    return Fault("blanks before the XML declaration", line) if is_late else None


class _Entries(ContentHandler):
    _locator: Any = None

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[int] = []
        self.open: list[str] = []

    def startElement(self, name: str, attrs: object) -> None:  # noqa: N802 (SAX names it)
        self.open.append(name)
        if name.rpartition(":")[2].lower() in ("item", "entry"):
            self.lines.append(self._locator.getLineNumber() or 0)

    def endElement(self, name: str) -> None:  # noqa: N802
        self.open.pop()


def _entry_lines(xml: bytes) -> tuple[list[int], Fault | None]:
    """Return the lines where entries start, and the fault if the XML is not well-formed."""
    import defusedxml.sax
    from defusedxml import DefusedXmlException

    entries = _Entries()
    try:
        defusedxml.sax.parseString(xml, entries, forbid_dtd=True)
    except SAXParseException as error:
        return entries.lines, _fault(xml, error, entries.open)
    except (SAXException, DefusedXmlException) as error:
        return entries.lines, Fault(str(error), None)
    return entries.lines, None


def _fault(xml: bytes, error: SAXParseException, left_open: list[str]) -> Fault:
    line, column = error.getLineNumber() or 1, error.getColumnNumber() or 0
    if error.getMessage() in _CUT_SHORT:
        return Fault("missing end", line, tuple(left_open))
    text = b"".join(xml.split(b"\n", line)[line - 1 : line])[: column + 200].decode("utf-8", "replace")
    what = error.getMessage().removeprefix("not well-formed").strip(" ()") or "an error"
    return Fault(f"{what} near {text[max(0, column - 20) : column + 20]!r}", line)


def _lines_of_items(xml: bytes) -> Iterator[int]:
    line, at = 1, 0
    for found in _ITEM.finditer(xml):
        line += xml.count(b"\n", at, found.start())
        at = found.start()
        yield line
