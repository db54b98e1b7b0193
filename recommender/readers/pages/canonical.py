"""Find pages that are AMP or print copies of another page of the site, or duplicates at a second address."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from urllib.parse import unquote, urlsplit

__all__ = ["copies_among"]

_VARIANTS = frozenset(("amp", "print", "printable", "printview", "print-version", "ampproject"))
_IN_NAME = re.compile(r"^(?:amp|print)[-_]|[-_](?:amp|print|printable)$", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_OF_A_VARIANT = frozenset(
    ("amp", "print", "printable", "version", "view", "druckversion", "imprimer", "imprimir")
)

PageMarks = tuple[str | None, bool, str | None]


def copies_among(pages: Mapping[str, PageMarks]) -> set[str]:
    """Return the paths of pages that are copies of another page.

    Parameters
    ----------
    pages : mapping of path to (canonical address or None, whether marked as AMP or print, title or None)

    Notes
    -----
    Pages with the same canonical address form a group. In a group, variants are copies if the address leads
    to another page of the group. A variant is marked as AMP or print in the page or its path. Pages with the
    same title as the page at the address are copies too. Without a shared address, a variant is a copy of the
    page at the same path without the variant word, if their titles match apart from such words. Pages with
    different titles are not copies, so a template that declares the home page canonical everywhere creates
    none.

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


def _copies_in_group(address: str, paths: list[str], pages: Mapping[str, PageMarks]) -> Iterator[str]:
    variants = {path for path in paths if pages[path][1] or _original_place(path) is not None}
    original = min(paths, key=lambda path: (path in variants, not _leads_to(address, path), len(path), path))
    is_certain = original not in variants and bool(address) and _leads_to(address, original)
    for path in paths:
        is_variant = path in variants and is_certain
        if path != original and (is_variant or _have_one_title(pages[path], pages[original])):
            yield path


def _has_original_beside(path: str, pages: Mapping[str, PageMarks], places: Mapping[str, str]) -> bool:
    place = _original_place(path)
    original = None if place is None else places.get(place)
    return original is not None and original != path and _have_one_title(pages[path], pages[original])


def _have_one_title(page: PageMarks, other: PageMarks) -> bool:
    titles = [tuple(word for word in _WORD.findall((each[2] or "").casefold())) for each in (page, other)]
    plain = [[word for word in title if word not in _OF_A_VARIANT] for title in titles]
    return bool(titles[0]) and (titles[0] == titles[1] or (plain[0] == plain[1] != []))


def _address(address: str) -> str:
    """Return the path and query of an address.

    Host and scheme may differ between a page and its AMP version.
    """
    try:
        parts = urlsplit(address)
        place, query = _place(parts.path), parts.query
    except ValueError:
        return address
    return f"{place}?{query}" if query else place


def _place(path: str) -> str:
    """Return a normalised path: decoded, in lower case, without outer slashes, suffix and ``index``."""
    place = unquote(path).strip("/").lower().removesuffix(".htm").removesuffix(".html")
    return place.removesuffix("/index") if place != "index" else ""


def _leads_to(address: str, path: str) -> bool:
    place = _place(path)
    return place == address or place.endswith(f"/{address}") or address.endswith(f"/{place}")


def _original_place(path: str) -> str | None:
    """Return the path of the original of a variant, from the variant's path.

    None if the path is not a variant.

    Examples
    --------
    >>> [_original_place(path) for path in ("news/amp/rain.html", "rain.print.html", "rain/amp/index.html", "rain.html")]
    ['news/rain', 'rain', 'rain', None]
    """
    *folders, name = path.lower().split("/")
    kept = [folder for folder in folders if folder not in _VARIANTS]
    words = [word for word in name.split(".") if word not in _VARIANTS]
    stem = _IN_NAME.sub("", words[0]) if words else ""
    original = "/".join([*kept, ".".join([stem, *words[1:]])])
    return None if original == path.lower() else _place(original)
