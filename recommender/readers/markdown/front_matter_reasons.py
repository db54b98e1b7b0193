"""Find reasons to leave out a page in its front matter, as site generators read it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from recommender.dates import date_in_path, parse_date, parse_iso_date
from recommender.readers.records.field_rules import FieldRule, by_word, if_text, if_true, is_false, is_true
from recommender.readers.records.publication import field_reason, has_rule
from recommender.readers.records.rows import is_given

__all__ = ["decides_publication", "folded_name", "front_matter_reason", "page_reason"]

_DATES = {
    **dict.fromkeys(("date", "published", "publishdate", "pubdate", "pubdatetime", "publishedat"), "future"),
    **dict.fromkeys(("expirydate", "unpublishdate"), "expired"),
}
_LAYOUTS = {
    **dict.fromkeys(
        ("archive", "archives", "tag", "tags", "category", "categories", "author", "authors"), "listing"
    ),
    **dict.fromkeys(
        ("taxonomy", "terms", "search", "sitemap", "tag-page", "tagpage", "category-page"), "listing"
    ),
    **dict.fromkeys(("posts-list", "list", "blog-index", "feed"), "listing"),
    **dict.fromkeys(("home", "homepage", "index", "section", "landing", "splash"), "section"),
    **dict.fromkeys(("redirect", "redirected"), "redirect"),
    **dict.fromkeys(("404", "error"), "error-page"),
}
_TYPES = {
    name: reason
    for name, reason in _LAYOUTS.items()
    if name not in ("author", "category", "tag", "list", "index", "section", "error", "feed")
}
"""Page types. Names such as ``author`` are excluded because an article may have them as its type."""

_TEMPLATE_CODE = re.compile(r"\{\{[^{}]*\}\}|<%.*%>")
_LISTS = re.compile(
    r"/?(?:tags?|categor(?:y|ies)|archives?|posts|blog|authors|search|sitemap|(?:year|tag|category|posts)-archives?)"
    r"(?:/|/index\.html|\.html)?"
)
_CHAPTER = re.compile(r"(?:^|/)\d+\.[^/]+/chapter(?:\.[\w-]+)?\.(?:md|markdown)")  # of Grav, in 03.themes
_PEOPLE = re.compile(
    r"(?:^|[/_-])(?:authors?|people|team|staff|contributors|members|speakers|maintainers|bios)/",
    re.IGNORECASE,
)
_OF_PEOPLE = frozenset(
    """
    avatar occupation company email bio twitter github linkedin picture photo image role position job website url mastodon
    """.split()  # noqa: SIM905
)
_ARCHIVES = re.compile(
    r"archives?-(?:by-)?(?:years?|months?|tag|category|taxonomy|dates?)|(?:year|month|tag|category|taxonomy|date|collection)-archives?"
)
_INDEX_OF = re.compile(r"[\w-]+\.index")
_NO_HTML = re.compile(r"[^?#]*\.(?:xml|json|txt|js|css|rss|atom|ics|csv|webmanifest)")


def front_matter_reason(fields: Mapping[str, Any], now: datetime) -> str | None:
    """Return the reason to leave out a page by its front matter, as site generators read it, or None.

    Examples
    --------
    >>> now = datetime.fromisoformat("2026-06-01T00:00:00+00:00")
    >>> pages = {"date": "2026-07-01"}, {"layout": "layouts/home.njk"}, {"title": "{{ title }}"}, {"title": "Rain"}
    >>> [front_matter_reason(page, now) for page in pages]
    ['future', 'section', 'template', None]
    """
    for name, value in fields.items():
        key = folded_name(name)
        if key in _DATES and (reason := _reason_of_date(value, now)) == _DATES[key]:
            return reason
        rule = _FRONT_MATTER.get(key)
        if rule is not None and (reason := rule(value)) is not None:
            return reason
    return None


def decides_publication(name: str) -> bool:
    """Return whether a field may be a reason to leave out a page, or is its title."""
    key = folded_name(name)
    return key in _DATES or key in _FRONT_MATTER or has_rule(name)


def page_reason(fields: Mapping[str, Any], path: str, now: datetime) -> str | None:
    """Return the reason to leave out a page by its front matter, or by its path, or None.

    A path says a date, or that a page opens a chapter of Grav.
    """
    reason = field_reason(fields) or front_matter_reason(fields, now)
    if reason is None and _CHAPTER.search(path):
        return "section"
    if reason is None and _is_person(fields, path):
        return "listing"
    if reason is None and not any(is_given(fields.get(name)) for name in ("date", "publishDate", "pubDate")):
        named = date_in_path(path)
        reason = "future" if named is not None and named > now else None
    return reason


def _is_person(fields: Mapping[str, Any], path: str) -> bool:
    """Return whether a page is the card of an author: of a folder of such, with a name and no title."""
    if _PEOPLE.search(path) is None or is_given(fields.get("title")):
        return False
    if not any(
        is_given(fields.get(name)) for name in ("name", "first_name", "firstName", "fullname", "display_name")
    ):
        return False
    return not _OF_PEOPLE.isdisjoint(map(str.lower, fields))


def _reason_of_date(value: Any, now: datetime) -> str | None:
    if isinstance(value, str) and _TEMPLATE_CODE.fullmatch(value.strip()):
        return None
    moment = _moment(value)
    return None if moment is None else "future" if moment > now else "expired"


@lru_cache(maxsize=10_000)
def folded_name(name: str) -> str:
    """Return a field name in lower case, with letters and digits only.

    Examples
    --------
    >>> folded_name("publishDate"), folded_name("Publish date"), folded_name("_publish-date")
    ('publishdate', 'publishdate', 'publishdate')
    """
    return "".join(filter(str.isalnum, name.casefold()))


def _moment(value: object) -> datetime | None:
    try:
        return parse_date(value)
    except ValueError:
        pass
    try:
        return parse_iso_date(value)  # 9999-12-31 is not a publication date, but it hides a page
    except ValueError:
        return None


def _layout(value: Any) -> str | None:
    """Read values such as ``home`` and ``layouts/home.njk``, and ``articles.index``, a collection of Statamic."""
    if isinstance(value, str) and _INDEX_OF.fullmatch(value.strip()):
        return "listing"
    word = value.strip().casefold().rpartition("/")[2].partition(".")[0] if isinstance(value, str) else ""
    word = word.replace("_", "-")
    return _LAYOUTS.get(word) or ("listing" if _ARCHIVES.fullmatch(word) else None)


def _hugo_build(value: Any) -> str | None:
    """Read Hugo's build options. Pages that are never listed or never rendered are unlisted."""
    options = [value.get("list"), value.get("render")] if isinstance(value, Mapping) else []
    return "unlisted" if any(is_false(option) or option == "never" for option in options) else None


def _permalink(value: Any) -> str | None:
    """Read ``false``, which makes Eleventy skip the page, and addresses of the home page, of lists and of other files."""
    if isinstance(value, str) and value.strip() in ("/", "/index.html"):
        return "section"
    if isinstance(value, str) and _LISTS.fullmatch(value.strip()):
        return "listing"
    if isinstance(value, str) and _NO_HTML.fullmatch(value.strip()):
        return "template"
    return "unlisted" if is_false(value) else None


def _head(value: Any) -> str | None:
    """Read the elements that VitePress and Starlight put into the head of a page: a refresh, or ``noindex``."""
    for element in value if isinstance(value, list) else ():
        tag, attributes = None, None
        if isinstance(element, list) and len(element) > 1:
            tag, attributes = element[:2]
        elif isinstance(element, Mapping):
            tag, attributes = element.get("tag"), element.get("attrs")
        if tag != "meta" or not isinstance(attributes, Mapping):
            continue
        content = str(attributes.get("content", "")).lower()
        if str(attributes.get("http-equiv", "")).lower() == "refresh" and "url" in content:
            return "redirect"
        if attributes.get("name") == "robots" and "noindex" in content:
            return "noindex"
    return None


def _pagination(value: Any) -> str | None:
    """Read the pagination of Eleventy and Jekyll, which generates list pages from one source."""
    is_on = isinstance(value, Mapping) and ("data" in value or is_true(value.get("enabled")))
    return "listing" if is_on else None


def _content(value: Any) -> str | None:
    """Read the collection that a page of Grav shows, such as ``items: '@self.children'``."""
    items = value.get("items") if isinstance(value, Mapping) else None
    several = items if isinstance(items, list) else [items]
    named = [name for each in several for name in (each if isinstance(each, Mapping) else [each])]
    return "listing" if any("@" in str(name) for name in named) else None


def _template(value: Any) -> str | None:
    """Read the title or date of a template, such as ``{{ title }}`` or ``<% tp.date.now() %>``."""
    return "template" if isinstance(value, str) and _TEMPLATE_CODE.fullmatch(value.strip()) else None


_FRONT_MATTER: Mapping[str, FieldRule] = {
    **dict.fromkeys(("redirectto", "redirect", "redirecturl"), if_text("redirect")),
    **dict.fromkeys(("headless", "eleventyexcludefromcollections"), if_true("unlisted")),
    "build": _hugo_build,
    **dict.fromkeys(("layout", "template"), _layout),
    "type": by_word(_TYPES),
    "home": if_true("section"),
    "head": _head,
    "pagination": _pagination,
    "content": _content,
    "slug": lambda value: "section" if value == "/" else None,  # of Docusaurus
    "routable": lambda value: "unlisted" if is_false(value) else None,
    "permalink": _permalink,
    **dict.fromkeys(("title", "date"), _template),
}
