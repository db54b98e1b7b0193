"""Which pages are AMP or print copies of another page of the site, or that page at a second address."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

__all__ = ["copies_among"]

_VARIANTS = frozenset(("amp", "print", "printable", "printview", "print-version", "ampproject"))
_IN_NAME = re.compile(r"^(?:amp|print)[-_]|[-_](?:amp|print|printable)$", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_OF_A_VARIANT = frozenset(
    ("amp", "print", "printable", "version", "view", "druckversion", "imprimer", "imprimir")
)

Said = tuple[str | None, bool, str | None]


def copies_among(pages: Mapping[str, Said]) -> set[str]:
    """Return the paths of pages whose text is that of another page.

    Parameters
    ----------
    pages : mapping of path to (canonical address or None, whether marked as AMP or print, title or None)

    Notes
    -----
    Of pages with one canonical address those are copies that are marked as a variant, by themselves or by their path, if
    that address leads to another of them; and those with the title of the page that it leads to. Without such an address
    a variant is a copy of the page whose path lacks the word that says so, if they have one title besides such words.
    Pages with titles of their own are none: a template that calls the home page canonical everywhere makes no copies.

    Examples
    --------
    >>> sorted(copies_among({"rain.html": ("/rain", False, "Rain"), "rain.amp.html": ("/rain", True, "Rain")}))
    ['rain.amp.html']
    """
    groups: dict[str, list[str]] = defaultdict(list)
    for path, (canonical, _, _) in pages.items():
        if canonical:
            groups[_address(canonical)].append(path)
    copies = {path for address, paths in groups.items() for path in _copies_in_group(address, paths, pages)}
    places = {_place(path): path for path in pages}
    return copies | {path for path in pages if _has_original_beside(path, pages, places)}


def _copies_in_group(address: str, paths: list[str], pages: Mapping[str, Said]) -> Iterator[str]:
    variants = {path for path in paths if pages[path][1] or _original_place(path) is not None}
    original = min(paths, key=lambda path: (path in variants, not _leads_to(address, path), len(path), path))
    is_certain = original not in variants and bool(address) and _leads_to(address, original)
    for path in paths:
        is_variant = path in variants and is_certain
        if path != original and (is_variant or _have_one_title(pages[path], pages[original])):
            yield path


def _has_original_beside(path: str, pages: Mapping[str, Said], places: Mapping[str, str]) -> bool:
    place = _original_place(path)
    original = None if place is None else places.get(place)
    return original is not None and original != path and _have_one_title(pages[path], pages[original])


def _have_one_title(page: Said, other: Said) -> bool:
    titles = [tuple(word for word in _WORD.findall((each[2] or "").casefold())) for each in (page, other)]
    plain = [[word for word in title if word not in _OF_A_VARIANT] for title in titles]
    return bool(titles[0]) and (titles[0] == titles[1] or (plain[0] == plain[1] != []))


def _address(address: str) -> str:
    """Return the path and query of an address; AMP and the page itself may name it with another host or scheme."""
    try:
        parts = urlsplit(address)
        place, query = _place(parts.path), parts.query
    except ValueError:
        return address
    return f"{place}?{query}" if query else place


def _place(path: str) -> str:
    """Return a path without what names no other page: slashes, suffixes, ``index``, capitals and percent signs."""
    place = unquote(path).strip("/").lower().removesuffix(".htm").removesuffix(".html")
    return place.removesuffix("/index") if place != "index" else ""


def _leads_to(address: str, path: str) -> bool:
    place = _place(path)
    return place == address or place.endswith(f"/{address}") or address.endswith(f"/{place}")


def _original_place(path: str) -> str | None:
    """Return where the original of a variant lies, by its path; None for a path that names no variant.

    Examples
    --------
    >>> [_original_place(path) for path in ("news/amp/rain.html", "rain.print.html", "rain/amp/index.html", "rain.html")]
    ['news/rain', 'rain', 'rain', None]
    """
    *folders, name = PurePosixPath(path.lower()).parts or ("",)
    kept = [folder for folder in folders if folder not in _VARIANTS]
    words = [word for word in name.split(".") if word not in _VARIANTS]
    stem = _IN_NAME.sub("", words[0]) if words else ""
    original = "/".join([*kept, ".".join([stem, *words[1:]])])
    return None if original == path.lower() else _place(original)
