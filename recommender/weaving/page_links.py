"""Addresses by which a page links other files of its site, also from below a ``base`` element."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterable
from html import unescape
from urllib.parse import unquote, urljoin, urlsplit

from recommender.rendering.addresses import path_address, relative_address
from recommender.weaving.tag_scan import attribute, scanned

__all__ = ["base_address", "links_from", "root_address"]

_IGNORED = re.compile(r"[\t\n\r]")  # by browsers, in an address
_BLANKS = "".join(map(chr, range(33)))
_NO_BASE = frozenset(("data", "javascript"))
"""Schemes that browsers refuse as a base."""


def links_from(path: str, base: str | None, root: str | None) -> Callable[[str], str]:
    """Return what gives the address of a file as a page links it.

    Addresses are relative, to the page or to its base. If the base leads to another host, they are full.

    Parameters
    ----------
    path : str
        Path of the page in the folder of the site. Files are given by such paths, too.
    base : str or None
        The base that the page declares, see `base_address`.
    root : str or None
        Address of the folder, see `root_address`. If it is unknown, a base that does not lead into the folder by a
        relative way is taken for it.

    Examples
    --------
    >>> to = links_from("2026/rain.html", "/blog/", "https://site.example/blog/")
    >>> to("2026/snow/index.html"), links_from("2026/rain.html", "..", None)("2026/snow/index.html")
    ('2026/snow/', '2026/snow/')
    """
    if not base:
        return lambda target: relative_address(target, path)
    folder = _folder_in_site(path, base)
    if folder is not None:
        return lambda target: relative_address(target, f"{folder}/index.html" if folder else "index.html")
    if root is None:
        return lambda target: path_address(target) or "./"
    place, site = urlsplit(urljoin(root + path_address(path), base)), urlsplit(root)
    if place.netloc.lower() != site.netloc.lower():
        return lambda target: root + path_address(target)
    above, start = unquote(site.path).lstrip("/"), unquote(place.path).lstrip("/")
    start = start[: start.rfind("/") + 1] + "index.html"
    return lambda target: relative_address(above + target, start)


def base_address(page: str) -> str | None:
    """Return the address of the first ``base`` element of a page that has one. None if it is no use.

    Examples
    --------
    >>> base_address("<base target=_top><base href=' /a&amp;b/ '>"), base_address("<base href='data:,x'>")
    ('/a&b/', None)
    """
    if "<base" not in page.lower():
        return None
    tags = (token for token in scanned(page) if token.kind == "start" and token.name == "base")
    declared = next((found for each in tags if (found := attribute(each, "href")) is not None), "")
    address = _IGNORED.sub("", unescape(declared)).strip(_BLANKS).replace("\\", "/")
    try:
        scheme = urlsplit(address).scheme
    except ValueError:
        return None
    return address if address and scheme not in _NO_BASE else None


def root_address(pages: Iterable[tuple[str, str]]) -> str | None:
    """Return the address of the folder of a site: the one that most pages declare.

    Parameters
    ----------
    pages : iterable of (path, address)
        Paths of pages in the folder, and the addresses that they declare.

    Examples
    --------
    >>> root_address([("a/index.html", "https://site.example/blog/a/"), ("b.html", "/b.html")])
    'https://site.example/blog/'
    """
    roots: Counter[str] = Counter()
    for path, declared in pages:
        address = path_address(path)
        for ending in (address, address.removesuffix(".html")):  # many servers leave it out
            root = declared.removesuffix(ending) if ending else ""
            if root.endswith("/") and root != declared:
                roots[root] += 1
                break
    return min(roots, key=lambda root: (-roots[root], -len(root), root), default=None)


def _folder_in_site(path: str, base: str) -> str | None:
    """Return the path of the folder to which a relative base leads. None if it leads out of the site, or is absolute."""
    parts = urlsplit(base)
    if parts.scheme or parts.netloc or base.startswith("/"):
        return None
    way = unquote(parts.path)
    way = way if way.rsplit("/", 1)[-1] in (".", "..") else way[: way.rfind("/") + 1]
    folder = posixpath.normpath(posixpath.join(posixpath.dirname(path), way))
    if folder == ".":
        return ""
    return None if folder.split("/")[0] == ".." else folder
