"""Which pages are AMP or print copies of another page of the site."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

__all__ = ["copies_among"]

_VARIANTS = frozenset(("amp", "print", "printable", "print-version", "ampproject"))


def copies_among(pages: Mapping[str, tuple[str | None, bool, str | None]]) -> set[str]:
    """Return the paths of pages whose text is that of another page, by the address they both call canonical.

    Parameters
    ----------
    pages : mapping of path to (canonical address or None, whether marked as AMP or print, title)

    Notes
    -----
    Of pages with one canonical address, those marked as a variant, by themselves or by their path, are copies, and so are
    those with the title of the page that the address leads to. Pages with titles of their own are none: a template that
    calls the home page canonical everywhere makes no copies.

    Examples
    --------
    >>> sorted(copies_among({"rain.html": ("/rain", False, "Rain"), "rain.amp.html": ("/rain", True, "Rain")}))
    ['rain.amp.html']
    """
    groups: dict[str, list[str]] = defaultdict(list)
    for path, (canonical, _, _) in pages.items():
        if canonical:
            groups[_address(canonical)].append(path)
    copies: set[str] = set()
    for address, paths in groups.items():
        if len(paths) < 2:
            continue
        variants = {path for path in paths if pages[path][1] or _is_variant(path)}
        original = min(
            paths, key=lambda path: (path in variants, not _leads_to(address, path), len(path), path)
        )
        title = pages[original][2]
        copies |= {p for p in paths if p != original and (p in variants or (title and pages[p][2] == title))}
    return copies


def _address(canonical: str) -> str:
    """Return the path of an address; AMP and the page itself may name it with another host, scheme or slash."""
    try:
        path = unquote(urlsplit(canonical).path)
    except ValueError:
        path = canonical
    return path.strip("/").removesuffix("index.html").removesuffix(".html").strip("/").lower()


def _leads_to(address: str, path: str) -> bool:
    return (
        _address(path) == address
        or _address(path).endswith("/" + address)
        or address.endswith("/" + _address(path))
    )


def _is_variant(path: str) -> bool:
    words = {word for part in PurePosixPath(path.lower()).parts for word in part.split(".")}
    return not _VARIANTS.isdisjoint(words)
