"""Addresses of links: which are safe to follow, and how one page of a site is reached from another."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import quote, urlsplit

__all__ = ["path_address", "relative_address", "safe_address"]

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_PLAIN = re.compile(r"[A-Za-z0-9._~/%-]+")
"""An address without a scheme in which nothing is to be encoded."""

_IGNORED = re.compile(r"[\x00-\x20\x7f-\xa0]+")
"""Browsers drop such characters at both ends of an address, and line breaks and tabs everywhere in it."""

_INDEX = frozenset(("index.html", "index.htm", "index.xhtml"))
_KEPT = "/:?#[]@!$&'()*+,;=%~-._"


def safe_address(address: str | None) -> str | None:
    r"""Return an address that a browser follows to another page, or None if it may do anything else.

    Allowed are ``http``, ``https`` and addresses without a scheme, absolute or relative. Other schemes, such as
    ``javascript`` and ``data``, are not. Characters that do not belong in an address are percent-encoded.

    Examples
    --------
    >>> [safe_address(each) for each in ("/a b", "https://example.com/?q=1", "java\nscript:alert(1)", " data:,x")]
    ['/a%20b', 'https://example.com/?q=1', None, None]
    """
    if not address or not isinstance(address, str):
        return None
    if _PLAIN.fullmatch(address):
        return address
    shown = re.sub(r"[\t\r\n]", "", address).strip("".join(map(chr, range(33))))
    found = _SCHEME.match(_IGNORED.sub("", shown))
    if not shown or (found and found[0].lower() not in ("http:", "https:")):
        return None
    shown = shown.replace("\\", "/") if not found else shown
    try:
        urlsplit(shown)
        return quote(shown, safe=_KEPT)
    except ValueError:  # such as "http://[", and lone surrogates
        return None


def path_address(path: str) -> str:
    """Return the address of a file of a site, from its root, without ``index.html``.

    Examples
    --------
    >>> path_address("2026/rain/index.html"), path_address("a b.html"), path_address("index.html")
    ('2026/rain/', 'a%20b.html', '')
    """
    folder, name = _split(path)
    return f"{folder}/{name}" if folder else name


def relative_address(target: str, page: str) -> str:
    """Return the address of a file of a site relative to the page at another path of it.

    Examples
    --------
    >>> relative_address("posts/rain/index.html", "posts/snow/index.html"), relative_address("index.html", "a/b.html")
    ('../rain/', '../')
    """
    folder, name = _split(target)
    if way := _way(folder, _split(page)[0]):
        return f"{way}/{name}"
    return f"./{name}" if not name or ":" in name else name  # "a:b" would be taken for a scheme


def _way(folder: str, start: str) -> str:
    """Return the relative way from one folder to another, an empty string if they are the same."""
    there, here = folder.split("/") if folder else [], start.split("/") if start else []
    common = 0
    while common < min(len(there), len(here)) and there[common] == here[common]:
        common += 1
    return "/".join([".."] * (len(here) - common) + there[common:])


def _split(path: str) -> tuple[str, str]:
    """Return the folder and the file name of a path, percent-encoded. The name of an index is empty."""
    folder, name = posixpath.split(path)
    return quote(folder, safe="/"), "" if name.lower() in _INDEX else quote(name)
