"""Metadata of an HTML page: meta tags, links, classes and JSON-LD."""

from __future__ import annotations

from functools import cached_property
from itertools import islice
from typing import Any
from urllib.parse import unquote, urlsplit

from recommender.readers.html.linked_data import LinkedData, linked_data
from recommender.readers.html.medium_export import MediumPage, medium_page
from recommender.readers.records.rows import is_given

__all__ = ["HtmlHead", "line_of", "path_of"]

_MOST_PIECES = 1_000
_NAMES = ("property", "name", "itemprop", "http-equiv")
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_PRINT = frozenset({"print", "printable", "print-view", "print-version", "print-page"})
_SINGLE = frozenset(
    {"single", "single-post", "singular", "post-template", "blog-post-page", "item-view", "layout--single"}
)


class HtmlHead:
    """Metadata of an HTML page. Each part is read once.

    Parameters
    ----------
    tree : lxml element
        The ``html`` element of the page.
    """

    def __init__(self, tree: Any) -> None:
        self.tree = tree
        self._meta: dict[str, list[str]] = {}
        for tag in tree.iter("meta"):
            name = next((tag.get(key) for key in _NAMES if tag.get(key)), "")
            if content := tag.get("content", "").strip():
                self._meta.setdefault(name.strip().lower(), []).append(content)

    def meta(self, *names: str) -> str:
        """Return the first non-empty content of several meta tags, or an empty string."""
        found = (content for name in names for content in self._meta.get(name, ()))
        return next(filter(is_given, found), "")

    def metas(self, name: str) -> list[str]:
        """Return the contents of all meta tags with a name, unchanged."""
        return self._meta.get(name, [])

    @cached_property
    def canonical(self) -> str:
        """The canonical address of the page, or an empty string."""
        declared = next((href for link, href in self.links if "canonical" in link), "")
        return declared or ("" if self.medium is None else self.medium.url)

    @cached_property
    def medium(self) -> MediumPage | None:
        """What the page says if it belongs to an export of Medium."""
        return medium_page(self.tree)

    @cached_property
    def links(self) -> list[tuple[frozenset[str], str]]:
        """The relations and the address of each ``link`` element."""
        found = (
            (tag.get("rel", "").lower().split(), tag.get("href", "").strip())
            for tag in self.tree.iter("link")
        )
        return [(frozenset(relations), href) for relations, href in found if href]

    @cached_property
    def alternates(self) -> dict[str, str]:
        """The address of the page in each language that its head names."""
        found: dict[str, str] = {}
        for tag in self.tree.iter("link"):
            language, href = tag.get("hreflang", "").strip(), tag.get("href", "").strip()
            if language and href and "alternate" in tag.get("rel", "").lower().split():
                found.setdefault(language, href)
        return found

    @cached_property
    def linked(self) -> LinkedData:
        """The JSON-LD of the page."""
        return linked_data(self.tree, self.canonical)

    @cached_property
    def classes(self) -> frozenset[str]:
        """The classes of ``html`` and ``body``, in lower case."""
        elements = [self.tree, *self.tree.findall("body")[:1]]
        return frozenset(" ".join(element.get("class", "") for element in elements).lower().split())

    @cached_property
    def title(self) -> str:
        """The text of ``title`` on one line."""
        tags = (tag for tag in self.tree.iter("title") if tag.getparent().tag in ("head", "html", "body"))
        return next((text for tag in tags if (text := line_of(tag))), "")

    @property
    def language(self) -> str:
        """The language of ``html``, or else of OpenGraph."""
        declared = self.tree.get("lang") or self.tree.get(_XML_LANG) or self.meta("content-language")
        return (declared or self.meta("og:locale")).strip().replace("_", "-")

    @property
    def is_variant(self) -> bool:
        """Whether the page is marked as an AMP or print version."""
        return not {"amp", "⚡", "amp4email"}.isdisjoint(self.tree.keys()) or not _PRINT.isdisjoint(
            self.classes
        )

    @cached_property
    def is_single(self) -> bool:
        """Whether the page is certainly an article, from its JSON-LD, date or generator classes."""
        is_dated = bool(self.meta("article:published_time"))
        return bool(self.linked.article) or is_dated or not _SINGLE.isdisjoint(self.classes)

    @property
    def is_article(self) -> bool:
        """Whether the page is marked as an article. Some generators also mark lists of articles this way."""
        return self.is_single or self.meta("og:type").lower() == "article"


def line_of(element: Any) -> str:
    """Return the text of an element on one line. Long texts are cut."""
    return " ".join("".join(islice(element.itertext(), _MOST_PIECES)).split())


def path_of(address: str) -> str:
    """Return the decoded path of an address. Empty for invalid addresses.

    Examples
    --------
    >>> path_of("https://example.org/caf%C3%A9/?page=2#top")
    '/café/'
    """
    try:
        return unquote(urlsplit(address).path)
    except ValueError:
        return ""
