"""Recognise HTML pages that list other pages of the site, by the links in their main part."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urljoin, urlsplit

from recommender.readers.html.html_head import HtmlHead, path_of
from recommender.readers.pages.page_paths import is_under_term

__all__ = ["list_reason"]

_MARGINS = frozenset(
    ("nav", "footer", "aside", "form", "script", "style", "noscript", "template", "head", "button", "svg", "time")
)  # fmt: skip
_ROLES = frozenset(("navigation", "search", "banner", "contentinfo", "complementary"))
_MARGIN_CLASSES = frozenset(
    ("sidebar", "breadcrumb", "breadcrumbs", "pagination", "pager", "menu", "navbar", "sphinxsidebar")
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5"))
_PAGES = frozenset(("", ".html", ".htm", ".xhtml", ".php", ".asp", ".aspx", ".jsp", ".md"))
_NO_LETTERS = re.compile(r"[\W\d_]+")
_MOSTLY, _ALL = 0.6, 0.9  # minimum share of linked letters in a list of links
_FEWEST, _FEWEST_BENEATH, _FEWEST_HEADINGS = 5, 2, 3
_LITTLE = 400  # maximum number of letters outside the teasers of a list
_DEEPEST = 200


def list_reason(head: HtmlHead, path: str) -> str | None:
    """Return ``section`` or ``listing`` for a page that mainly links to pages of its site; otherwise None.

    A list consists mostly of links to at least five other pages, or to two pages below it if it is the index
    of a folder. Below a folder such as ``tags``, one link is enough. A page with three linked headings and
    little text outside them is also a list, unless it has a single ``article`` with a heading. Pages marked
    as articles are never lists.

    Parameters
    ----------
    path : str
        Path of the page in its folder.
    """
    if head.is_article:
        return None
    main = _MainPart(head, path)
    is_index = PurePosixPath(path).stem.lower() in ("index", "default")
    is_list = _is_links(
        main, [target for target in main.targets if is_index and _is_beneath(target, head, path)]
    ) or (is_under_term(path) and bool(main.targets) and main.n_linked >= _MOSTLY * main.n_letters)
    if not is_list and len(main.linked_headings) >= _FEWEST_HEADINGS and not _has_one_article(head.tree):
        is_list = main.letters_around() <= _LITTLE
    return None if not is_list else "section" if is_index else "listing"


def _is_links(main: _MainPart, beneath: list[str]) -> bool:
    """Return whether the main part of a page consists of links."""
    if main.n_linked < _MOSTLY * main.n_letters:
        return False
    is_nothing_else = main.n_linked >= _ALL * main.n_letters and bool(main.linked_headings)
    return is_nothing_else or len(main.targets) >= _FEWEST or len(beneath) >= _FEWEST_BENEATH


class _MainPart:
    """The main part of a page: letter counts, linked letter counts, link targets and linked headings."""

    def __init__(self, head: HtmlHead, path: str) -> None:
        self.n_letters = self.n_linked = 0
        self.targets: set[str] = set()
        self.linked_headings: list[Any] = []
        self._spans: dict[Any, tuple[int, int]] = {}  # element -> (start, end) in letters
        self._head, self._path = head, path
        self._hosts = set(_hosts(head))
        start, is_body = _main_of(head.tree)
        self._walk(start, is_body, linked=False, depth=0)

    def letters_around(self) -> int:
        """Return the number of letters before the first linked heading's teaser and after the last one's."""
        first = _largest_without(self.linked_headings[0], self.linked_headings[1])
        last = _largest_without(self.linked_headings[-1], self.linked_headings[-2])
        return self._spans[first][0] + self.n_letters - self._spans[last][1]

    def _walk(self, element: Any, is_body: bool, linked: bool, depth: int) -> None:
        begin = self.n_letters
        if element.tag == "a" and (target := self._target(element.get("href", ""))):
            self.targets.add(target)
            linked = True
        before = self.n_linked
        is_body = is_body and element.tag != "article"
        self._count(element.text, linked)
        for child in element:
            if depth < _DEEPEST and not _is_margin(child, is_body):
                self._walk(child, is_body, linked, depth + 1)
            self._count(child.tail, linked)
        n_own, n_linked = self.n_letters - begin, self.n_linked - before
        if element.tag in _HEADINGS and n_own:
            if linked or n_linked >= _MOSTLY * n_own:
                self.linked_headings.append(element)
            elif element.tag == "h1":
                self.n_letters = begin  # the title does not count as text
        self._spans[element] = begin, self.n_letters

    def _count(self, text: str | None, linked: bool) -> None:
        if text:
            n_letters = len(_NO_LETTERS.sub("", text))
            self.n_letters += n_letters
            self.n_linked += n_letters if linked else 0

    def _target(self, href: str) -> str:
        """Return the path of the page of this site that a link points to. Empty for other links."""
        try:
            address = urlsplit(urljoin(f"/{self._path}", href.strip()))
        except ValueError:
            return ""
        is_inside = address.scheme in ("", "http", "https") and address.netloc.lower() in self._hosts
        if not is_inside or PurePosixPath(address.path).suffix.lower() not in _PAGES:
            return ""
        target = path_of(address.path)
        return "" if target.strip("/") == self._path else target


def _hosts(head: HtmlHead) -> Iterator[str]:
    """Yield the hosts of the site. The empty host stands for relative addresses."""
    yield ""
    feeds = (href for relations, href in head.links if "alternate" in relations)
    for address in (head.canonical, head.meta("og:url"), *feeds):
        try:
            yield urlsplit(address).netloc.lower()
        except ValueError:
            continue


def _main_of(tree: Any) -> tuple[Any, bool]:
    """Return the element with the main part of a page, and whether it is just the body."""
    for mains in (tree.xpath("//main | //*[@role='main']"), tree.xpath("//article")):
        if len(mains) == 1:
            return mains[0], False
    return next(iter(tree.xpath("//body")), tree), True


def _is_margin(element: Any, is_body: bool) -> bool:
    if not isinstance(element.tag, str) or element.tag in _MARGINS or (is_body and element.tag == "header"):
        return True
    return element.get("role") in _ROLES or not _MARGIN_CLASSES.isdisjoint(
        element.get("class", "").lower().split()
    )


def _largest_without(heading: Any, other: Any) -> Any:
    """Return the largest element that contains `heading` but not `other`."""
    around = {other, *other.iterancestors()}
    part = heading
    for parent in heading.iterancestors():
        if parent in around:
            break
        part = parent
    return part


def _has_one_article(tree: Any) -> bool:
    articles = tree.xpath("//article")
    return len(articles) == 1 and next(articles[0].iter("h1"), None) is not None


def _is_beneath(target: str, head: HtmlHead, path: str) -> bool:
    """Return whether a page lies in the folder of an index.

    Addresses may have another base path than files.
    """
    folder = PurePosixPath(path).parent.as_posix().strip("./").lower()
    named = path_of(head.canonical).strip("/").lower().removesuffix("index.html").strip("/")
    inside = target.strip("/").lower()
    return (
        any(inside.startswith(f"{place}/") for place in (folder, named) if place)
        or f"/{folder}/" in f"/{inside}"
    )
