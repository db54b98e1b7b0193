"""Stream the items of a WordPress export."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

from recommender.errors import InputError, Problem
from recommender.readers.inputs.encodings import decoded_chunks
from recommender.readers.inputs.sources import HEAD_BYTES, MAX_LINE_BYTES, Source
from recommender.readers.inputs.xml_repair import declared_encoding, repaired, root_start

__all__ = ["Export", "Item", "Term"]

_ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)
_KEPT_META = frozenset(("_thumbnail_id", "_yoast_wpseo_meta-robots-noindex", "rank_math_robots"))


class Term(NamedTuple):
    """A category or tag of an item: taxonomy, slug and display name."""

    taxonomy: str
    slug: str
    name: str


class Item(NamedTuple):
    """An item: its first line, texts by element name without prefix, relevant metadata, and terms."""

    line: int
    texts: dict[str, str]
    meta: dict[str, str]
    terms: list[Term]


class Export:
    """Single-use iterator over the items of an export. The attributes are filled in during iteration.

    Attributes
    ----------
    language : str or None
        The language of the site.
    home : str or None
        The address of the site.
    default : str or None
        The slug of category number 1, which is the default category unless it was renamed.
    broken : tuple of (str, int) or None
        Description and line of a fault in the XML.

    Raises
    ------
    InputError
        If the source is not RSS, declares XML entities, or has an item of more than 64 MiB.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self.language: str | None = None
        self.home: str | None = None
        self.default: str | None = None
        self.broken: tuple[str, int] | None = None

    def __iter__(self) -> Iterator[Item]:
        from lxml import etree

        parser = etree.XMLPullParser(
            events=("end",),
            tag=("item", "language", "{*}base_blog_url", "{*}category"),
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
                for item in self._read(parser):
                    yield item
                    size = 0
                self._check(size)
            parser.close()  # an item that ends only here is incomplete, may be a draft, and is not yielded
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
            raise InputError(
                Problem(
                    "not a WordPress export", repr(first[:40]), "check the file and --format", source.name
                )
            )
        if _ENTITY.search(first, 0, start):
            raise InputError(
                Problem("XML entities are not allowed", "", "remove their declarations", source.name)
            )
        yield "\n" * first.count("\n", 0, start) + first[start:]
        yield from chunks

    def _read(self, parser: Any) -> Iterator[Item]:
        """Yield completed items and free their memory."""
        for _, element in parser.read_events():
            name = _name(element)
            if name == "language":
                self.language = self.language or element.text
            elif name == "base_blog_url":
                self.home = self.home or element.text
            elif name == "category":
                self._read_category(element)
            else:
                yield _item(element)
                element.clear(keep_tail=False)
                parent = element.getparent()
                while parent is not None and element.getprevious() is not None:
                    del parent[0]

    def _read_category(self, element: Any) -> None:
        texts = {_name(child): child.text for child in element}
        if texts.get("term_id") == "1":
            self.default = texts.get("category_nicename")

    def _check(self, size: int) -> None:
        if size > MAX_LINE_BYTES:
            limit = f"an item longer than {MAX_LINE_BYTES // 2**20} MiB"
            raise InputError(Problem(limit, "", "check the file, or export it again", self._source.name))


def _item(element: Any) -> Item:
    texts: dict[str, str] = {}
    meta: dict[str, str] = {}
    terms: list[Term] = []
    for child in element:
        name = _name(child)
        if name == "category":
            terms.append(Term(child.get("domain") or "", child.get("nicename") or "", _text(child)))
        elif name == "postmeta":
            pair = {_name(part): _text(part) for part in child}
            if pair.get("meta_key") in _KEPT_META:
                meta[pair["meta_key"]] = pair.get("meta_value", "")
        elif name == "encoded":
            texts["excerpt" if "excerpt" in child.tag else "content"] = _text(child)
        elif name != "comment":
            texts.setdefault(name, _text(child))
    return Item(element.sourceline or 0, texts, meta, terms)


def _text(element: Any) -> str:
    return (element.text or "" if len(element) == 0 else "".join(element.itertext())).strip()


def _name(element: Any) -> str:
    """Return the name of an element without its namespace or undeclared prefix."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""
