"""Stream the items of a WordPress export."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from recommender.readers.inputs.sources import Source
from recommender.readers.inputs.xml_stream import XmlStream, name_of_element, text_of_element

__all__ = ["Export", "Item", "Term"]

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
        tags = ("item", "language", "{*}base_blog_url", "{*}category")
        stream = XmlStream(self._source, "a WordPress export", "item", tags)
        for element in stream:
            name = name_of_element(element)
            if name == "language":
                self.language = self.language or element.text
            elif name == "base_blog_url":
                self.home = self.home or element.text
            elif name == "category":
                self._read_category(element)
            else:
                yield _item(element)
        self.broken = stream.broken

    def _read_category(self, element: Any) -> None:
        texts = {name_of_element(child): child.text for child in element}
        if texts.get("term_id") == "1":
            self.default = texts.get("category_nicename")


def _item(element: Any) -> Item:
    texts: dict[str, str] = {}
    meta: dict[str, str] = {}
    terms: list[Term] = []
    for child in element:
        name = name_of_element(child)
        if name == "category":
            terms.append(Term(child.get("domain") or "", child.get("nicename") or "", text_of_element(child)))
        elif name == "postmeta":
            pair = {name_of_element(part): text_of_element(part) for part in child}
            if pair.get("meta_key") in _KEPT_META:
                meta[pair["meta_key"]] = pair.get("meta_value", "")
        elif name == "encoded":
            texts["excerpt" if "excerpt" in child.tag else "content"] = text_of_element(child)
        elif name != "comment":
            texts.setdefault(name, text_of_element(child))
    return Item(element.sourceline or 0, texts, meta, terms)
