"""Where a page stands on its site, as the segments of its path, and the segments that may name a language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from recommender.articles import ArticleSummary
from recommender.collection.version_names import is_version
from recommender.text.languages import primary_language

__all__ = ["Place", "before", "may_name_a_language", "places_of", "shallow"]

Place = tuple[str, ...]
"""Segments of the path of a page."""

_CONTAINERS = frozenset(
    ("i18n", "l10n", "locale", "locales", "lang", "langs", "translations", "version", "versions")
)
"""Folders that hold trees and nothing else. The tree beside them has no such folder: ``x`` and ``versions/1.0/x``."""

_DOCUSAURUS = ("docs", "versioned_docs")
"""Docusaurus keeps older versions of ``docs`` in ``versioned_docs/version-1.0``, and one or both in ``website``."""

_DEEPEST = 12  # segments of a path that may name a tree

_SUFFIX = re.compile(r"\.(?:html?|xhtml|php|aspx?|jsp|mdx?|markdown|rst|txt|adoc|org)$", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_](?:[a-z]{4}|[a-z]{2}|[0-9]{3})){0,2}", re.IGNORECASE)
_IN_NAME = re.compile(rf"(.+)\.({_LANGUAGE.pattern})", re.IGNORECASE)


def places_of(summaries: Iterable[ArticleSummary], field: str) -> list[Place]:
    """Return the place of each article by its ``url`` or its ``article_id``; empty where it is no path.

    A language before the suffix of a name is a segment of its own that begins with a dot. The first label of a host
    name is a segment too if it names a language or a version.

    Examples
    --------
    >>> places_of([ArticleSummary("guide/quay.de", ""), ArticleSummary("https://v2.port.example/quay/", "")], "article_id")
    [('guide', 'quay', '.de'), ('v2', 'port.example', 'quay')]
    """
    return [_place(getattr(summary, field) or "") for summary in summaries]


def before(place: Place, at: int) -> Place:
    """Return the segments before the one that names a tree, without a folder that holds nothing but trees.

    Examples
    --------
    >>> before(("docs", "versions", "1.0", "quay"), 2)
    ('docs',)
    """
    return place[: at - 1] if at and place[at - 1].lower() in _CONTAINERS else place[:at]


def shallow(place: Place) -> Iterator[tuple[int, str]]:
    """Yield the segments that are looked at, with their numbers: the first twelve and the last."""
    yield from enumerate(place[:_DEEPEST])
    if len(place) > _DEEPEST:
        yield len(place) - 1, place[-1]


@lru_cache(maxsize=4_096)  # folders recur
def may_name_a_language(segment: str) -> bool:
    """Return whether a segment has the form of a language tag."""
    return _LANGUAGE.fullmatch(segment) is not None and bool(primary_language(segment))


def _place(text: str) -> Place:
    scheme, sign, rest = text.partition("://")
    is_address = bool(sign) and scheme.isalpha()
    if is_address:
        text = rest.partition("?")[0].partition("#")[0]
    parts = [part for part in text.split("/") if part]
    if is_address and parts:
        parts[:1] = _host_segments(parts[0].lower().removeprefix("www."))
    if not parts:
        return ()
    if "." in parts[-1] and not (is_address and len(parts) == 1):
        parts[-1] = _SUFFIX.sub("", parts[-1])
        if named := _IN_NAME.fullmatch(parts[-1]):
            parts[-1:] = [named[1], f".{named[2]}"]
    name = -2 if len(parts) > 1 and parts[-1].startswith(".") else -1
    if parts[name].lower() == "index":
        del parts[name]
    if set(parts[:-1]).isdisjoint(_DOCUSAURUS):
        return tuple(parts)
    return tuple(
        "docs" if part in _DOCUSAURUS else part
        for part, following in zip(parts, [*parts[1:], ""], strict=True)
        if part != "website" or following not in _DOCUSAURUS
    )


def _host_segments(host: str) -> list[str]:
    first, _, rest = host.partition(".")
    names_a_tree = "." in rest and (may_name_a_language(first) or is_version(first))
    return [first, rest] if names_a_tree else [host]
