"""Wikilinks: ``[[Page]]``, ``[[Page#heading|label]]``, which name a page of the site wherever it lies."""

from __future__ import annotations

import posixpath
import re
from html import escape, unescape
from urllib.parse import quote, unquote

from recommender.readers.pages.linked_pages import link_to

__all__ = ["WikiLinks", "as_link"]

_SCHEME = "wiki:"
_LINK = re.compile(rf'<a href="{_SCHEME}([^"]{{0,2000}})">(.{{0,2000}}?)</a>', re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_JOINS = re.compile(r"[ _-]+")


def as_link(target: str, label: str) -> str:
    """Return a wikilink as a link of Markdown, whose address `WikiLinks.resolved` knows.

    Examples
    --------
    >>> as_link("Wet days", "rain")
    '[rain](wiki:Wet%20days)'
    """
    return f"[{label}]({_SCHEME}{quote(target.strip())})"


class WikiLinks:
    """Finds the pages that wikilinks name. Call `see` for each page first.

    A link names a page by its file, with as many folders before it as its author wrote. Case does not matter, and a blank
    is as good as a hyphen, as in the wikis of GitHub. A name that several pages have stands for the one that lies
    beside the linking page, and for none if there is no such. A name that no page has is the id of an article, relative
    to the folder: so a page that is updated alone keeps its links to those beside it.

    Examples
    --------
    >>> links = WikiLinks()
    >>> links.see("days/Wet days.md")
    >>> links.resolved('<a href="wiki:wet%20days">rain</a> and <a href="wiki:Sun">sun</a>', "notes/a.md")
    '<a href="../days/Wet%20days.md">rain</a> and <a href="Sun">sun</a>'
    """

    def __init__(self) -> None:
        self._paths: dict[str, list[str]] = {}

    def see(self, path: str) -> None:
        """Record the names of a page."""
        self._paths.setdefault(_name_of(path).rpartition("/")[2], []).append(path)

    def resolved(self, text: str, path: str) -> str:
        """Return the HTML of a page with links to the pages that its wikilinks name."""
        if _SCHEME not in text:
            return text
        folder = posixpath.dirname(f"/{path}")

        def link(found: re.Match[str]) -> str:
            target, label = unquote(unescape(found[1])), unescape(_TAG.sub("", found[2]))
            named = self._named(target, folder) or self._named(label, folder)  # GitHub has the label first
            if named is None:  # an article with this very id, which may come later or was not given
                return f'<a href="{escape(quote(target.strip()))}">{found[2]}</a>'
            return link_to(named, found[2], path)

        return _LINK.sub(link, text)

    def _named(self, target: str, folder: str) -> str | None:
        name = _folded(target.strip().strip("/\\").removesuffix(".md"))
        alike = self._paths.get(name.rpartition("/")[2], ())
        found = [path for path in alike if f"/{_name_of(path)}".endswith(f"/{name}")]
        if len(found) > 1:
            whole = [path for path in found if _name_of(path) == name]
            found = whole or [path for path in found if posixpath.dirname(f"/{path}") == folder]
        return found[0] if len(found) == 1 else None


def _name_of(path: str) -> str:
    return _folded(posixpath.splitext(path)[0])


def _folded(name: str) -> str:
    """Return a name by which pages are compared. Logseq writes a slash as ``___`` or ``%2F``."""
    return _JOINS.sub("-", name.replace("___", "/").replace("%2F", "/").casefold())
