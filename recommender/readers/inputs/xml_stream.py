"""Stream the elements of a long XML document, such as an export."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from recommender.errors import InputError, Problem
from recommender.readers.inputs.encodings import decoded_chunks
from recommender.readers.inputs.sources import HEAD_BYTES, MAX_LINE_BYTES, Source
from recommender.readers.inputs.xml_repair import declared_encoding, repaired, root_start

__all__ = ["XmlStream", "name_of_element", "text_of_element"]

_ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)


class XmlStream:
    """Single-use iterator over elements of an XML document, as they end. Each row is freed when the next one comes.

    Parameters
    ----------
    source : Source
    kind : str
        What the document is, for messages: ``"a WordPress export"``.
    row : str
        Name of the elements that are freed, without a prefix.
    tags : tuple of str
        Tags of all elements that are yielded, as lxml matches them.

    Attributes
    ----------
    broken : tuple of (str, int) or None
        Description and line of a fault in the XML. It is filled in during iteration.

    Raises
    ------
    InputError
        If the source has no element, declares XML entities, or has a row of more than 64 MiB.
    """

    def __init__(self, source: Source, kind: str, row: str, tags: tuple[str, ...]) -> None:
        self._source, self._kind, self._row, self._tags = source, kind, row, tags
        self.broken: tuple[str, int] | None = None

    def __iter__(self) -> Iterator[Any]:
        from lxml import etree

        parser = etree.XMLPullParser(
            events=("end",),
            tag=self._tags,
            recover=True,
            resolve_entities=False,
            no_network=True,
            huge_tree=True,  # bodies may exceed 10 MB; `_check` sets the limit
        )
        size = 0
        try:
            for chunk in repaired(self._from_the_root()):
                size += len(chunk)
                parser.feed(chunk)
                for _, element in parser.read_events():
                    yield element
                    if name_of_element(element) == self._row:
                        _free(element)
                        size = 0
                self._check(size)
            parser.close()  # a row that ends only here is incomplete, may be a draft, and is not yielded
        except etree.LxmlError as error:
            self.broken = self.broken or (str(error)[:200], 0)
        first = next(iter(parser.feed_error_log), None)
        if first is not None:
            self.broken = (first.message, first.line)

    def _from_the_root(self) -> Iterator[str]:
        """Yield the text from its first element on. The parser never sees entity declarations."""
        source = self._source
        chunks = decoded_chunks(
            iter(partial(source.stream.read, HEAD_BYTES), b""), declared_encoding(source.head)
        )
        first = next(chunks, "")
        start = root_start(first)
        if start is None:
            move = "check the file and --format"
            raise InputError(Problem(f"not {self._kind}", repr(first[:40]), move, source.name))
        if _ENTITY.search(first, 0, start):
            raise InputError(
                Problem("XML entities are not allowed", "", "remove their declarations", source.name)
            )
        yield "\n" * first.count("\n", 0, start) + first[start:]
        yield from chunks

    def _check(self, size: int) -> None:
        if size > MAX_LINE_BYTES:
            limit = f"{self._row} longer than {MAX_LINE_BYTES // 2**20} MiB"
            raise InputError(Problem(limit, "", "check the file, or export it again", self._source.name))


def _free(element: Any) -> None:
    element.clear(keep_tail=False)
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def text_of_element(element: Any) -> str:
    """Return the text of an element and of those in it, without outer blanks."""
    return (element.text or "" if len(element) == 0 else "".join(element.itertext())).strip()


def name_of_element(element: Any) -> str:
    """Return the name of an element without its namespace or undeclared prefix."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""
