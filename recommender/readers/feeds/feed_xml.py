"""The XML of a feed: from its first element on, mended where it is not well-formed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler

from recommender.errors import InputError, Problem
from recommender.readers.inputs.encodings import decoded
from recommender.readers.inputs.xml_repair import declared_encoding, mended, root_start

__all__ = ["Fault", "FeedXml", "feed_xml"]

_ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)
_CUT_TAG = re.compile(rb"<[^<>]*\Z")
_ITEM = re.compile(rb"<(?:[\w-]{1,40}:)?(?:item|entry)[\s>]", re.IGNORECASE)
_CUT_SHORT = frozenset(("no element found", "unclosed token", "unclosed CDATA section"))  # as expat says it


class Fault(NamedTuple):
    """What is not well-formed, in which line, and which elements are open where a feed ends too early."""

    what: str
    line: int | None
    left_open: tuple[str, ...] = ()


class FeedXml(NamedTuple):
    """A feed in UTF-8, with the lines where its entries start.

    Parameters
    ----------
    content : bytes
        Its first element, and as many line ends before it as there were.
    lines : list of int
        One for each entry, in their order.
    fault : Fault or None
        What was not well-formed.
    is_cut : bool
        Whether it ended too early, so that its last entry may be a part of one.
    """

    content: bytes
    lines: list[int]
    fault: Fault | None
    is_cut: bool = False


def feed_xml(content: bytes, name: str) -> FeedXml:
    """Return the XML of a feed, whose name is given for messages.

    Raises
    ------
    InputError
        If it declares entities, holds no element of a feed, or is in no known encoding.
    """
    text, fault = _from_the_root(content, name)
    xml = text.encode("utf-8", "replace")
    lines, broken = _entry_lines(xml)
    if broken is None:
        return FeedXml(xml, lines, fault)
    xml = b"".join(mended([text]))
    lines, left = _entry_lines(xml)
    is_cut = left is not None and left.left_open != ()
    if left is not None and is_cut:
        ends = "".join(f"</{tag}>" for tag in reversed(left.left_open))
        xml = _CUT_TAG.sub(b"", xml) + ends.encode()
        lines, left = _entry_lines(xml)
    lines = lines if left is None else list(_lines_of_items(xml))
    return FeedXml(xml, lines, fault or broken, is_cut)


def _from_the_root(content: bytes, name: str) -> tuple[str, Fault | None]:
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
    """Return the lines where entries start, and what is not well-formed."""
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
        return Fault("an end that is missing", line, tuple(left_open))
    text = b"".join(xml.split(b"\n", line)[line - 1 : line])[: column + 200].decode("utf-8", "replace")
    what = error.getMessage().removeprefix("not well-formed").strip(" ()") or "an error"
    return Fault(f"{what} near {text[max(0, column - 20) : column + 20]!r}", line)


def _lines_of_items(xml: bytes) -> Iterator[int]:
    line, at = 1, 0
    for found in _ITEM.finditer(xml):
        line += xml.count(b"\n", at, found.start())
        at = found.start()
        yield line
