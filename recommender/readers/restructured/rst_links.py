"""Links between pages of reStructuredText by the roles of Sphinx: ``:doc:`` names a page, ``:ref:`` a place in one."""

from __future__ import annotations

import posixpath
import re
from html import escape, unescape
from typing import NamedTuple
from urllib.parse import quote, unquote

from recommender.readers.pages.linked_pages import link_to

__all__ = ["LINKED_ROLES", "RstLinks", "address_of"]

LINKED_ROLES = frozenset(("doc", "ref"))

_LINK = re.compile(
    r'<a class="reference external" href="(doc|ref):([^"]{0,2000})">(.{0,2000}?)</a>', re.DOTALL
)
_TARGET = re.compile(r"^\.\. _(?:`([^`\n]{1,200})`|([^:`\n\\]{1,200})):[ \t]*$", re.MULTILINE)
_HEADING = re.compile(
    r"^(?:([!-/:-@\[-`{-~])\1+[ \t]*\n)?[ \t]?(\S[^\n]{0,300})\n([!-/:-@\[-`{-~])\3+[ \t]*(?:\n|\Z)",
    re.MULTILINE,
)
_BETWEEN = re.compile(r"(?:[ \t]*\n|\.\. _[^\n]*:[ \t]*\n){1,20}")
_MARKUP = re.compile(r":[\w:+.-]{1,60}:(?=`)|[`*]+")


class _Place(NamedTuple):
    path: str
    title: str


def address_of(role: str, target: str) -> str:
    """Return the address that stands for a target until `RstLinks.resolved` knows the pages."""
    return f"{role}:{quote(target.strip())}"


class RstLinks:
    r"""Finds the pages that roles name. Call `see` for each page first.

    ``:doc:`` names a page by its path, from the root of the documentation if it begins with a slash and else from the
    page it stands in. ``:ref:`` names a target such as ``.. _rain:``. Without a label they show the title of what they
    lead to. A path that no page has is the id of an article, which may come later or was not given; of a target that no
    page has the label stays.

    Examples
    --------
    >>> links = RstLinks()
    >>> links.see("docs/rain.rst", ".. _wet-days:\n\nWet days\n========\n")
    >>> page = '<a class="reference external" href="ref:wet-days">wet-days</a>'
    >>> links.resolved(page, "docs/guide/wind.rst")
    '<a href="../rain.rst">Wet days</a>'
    """

    def __init__(self) -> None:
        self._pages: dict[str, list[_Place]] = {}  # by the last part of the name
        self._targets: dict[str, _Place] = {}

    def see(self, path: str, source: str) -> None:
        """Record the names of a page."""
        heading = _HEADING.search(source[:20_000])
        page = _Place(path, "" if heading is None else _plain(heading[2]))
        self._pages.setdefault(posixpath.basename(_name_of(path)), []).append(page)
        for target in _TARGET.finditer(source):
            between = _BETWEEN.match(source, target.end())
            below = _HEADING.match(source, between.end() if between else target.end())
            title = "" if below is None else _plain(below[2])
            self._targets.setdefault(_folded(target[1] or target[2]), _Place(path, title))

    def resolved(self, text: str, path: str) -> str:
        """Return the HTML of a page with links to what its roles name."""
        folder = posixpath.dirname(f"/{path}")

        def link(found: re.Match[str]) -> str:
            role, target, label = found[1], unquote(unescape(found[2])), found[3]
            place = self._targets.get(_folded(target)) if role == "ref" else self._page(target, folder)
            if place is None:
                return label if role == "ref" else f'<a href="{escape(quote(target))}">{label}</a>'
            if unescape(label) == target and place.title:
                label = escape(place.title, quote=False)
            return link_to(place.path, label, path)

        return _LINK.sub(link, text)

    def _page(self, target: str, folder: str) -> _Place | None:
        name = target.removesuffix(".rst")
        whole = posixpath.normpath(posixpath.join(folder, name)).lstrip("/")
        alike = self._pages.get(posixpath.basename(whole), [])
        found = [page for page in alike if _name_of(page.path) == whole]
        if not found and name.startswith(
            "/"
        ):  # the root of the documentation may lie below the folder that is read
            found = [page for page in alike if f"/{_name_of(page.path)}".endswith(f"/{whole}")]
        return found[0] if len(found) == 1 else None


def _name_of(path: str) -> str:
    return posixpath.splitext(path)[0]


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _plain(heading: str) -> str:
    return _MARKUP.sub("", heading).strip()
