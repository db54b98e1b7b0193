"""Reasons to leave out rows that are not published articles, and the fields that indicate them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from recommender.dates import parse_date, parse_iso_date

__all__ = ["REASONS", "field_reason", "folded", "front_matter_reason", "is_false", "is_true"]

REASONS: Mapping[str, str] = {
    "draft": "drafts",
    "unlisted": "unlisted",
    "private": "private",
    "password": "protected by a password",
    "trash": "in the trash",
    "future": "dated in the future",
    "expired": "expired",
    "noindex": "marked noindex",
    "redirect": "redirects",
    "error-page": "error pages",
    "listing": "tag, category, author, archive or numbered pages",
    "section": "home or section pages",
    "copy": "AMP or print copies",
    "attachment": "attachments",
    "other": "menu items or other records that are not articles",
    "template": "templates or files of the site itself",
}
"""Reasons for leaving out a row: the name accepted by `keep`, and a description."""

_TRUE = frozenset({"true", "yes", "on", "1", "y"})
_FALSE = frozenset({"false", "no", "off", "n"})
_DATES = {
    **dict.fromkeys(("date", "published", "publishdate", "pubdate", "pubdatetime", "publishedat"), "future"),
    **dict.fromkeys(("expirydate", "unpublishdate"), "expired"),
}
_STATUS = {
    **dict.fromkeys(("draft", "auto-draft", "pending", "in-review", "needs-review", "unpublished"), "draft"),
    **dict.fromkeys(("private", "members-only"), "private"),
    **dict.fromkeys(("trash", "trashed", "deleted", "spam"), "trash"),
    **dict.fromkeys(("future", "scheduled"), "future"),
    **dict.fromkeys(("hidden", "unlisted"), "unlisted"),
    "inherit": "attachment",
}
_POST_TYPES = {
    "attachment": "attachment",
    **dict.fromkeys(
        ("nav-menu-item", "revision", "wp-block", "wp-template", "wp-navigation", "custom-css"), "other"
    ),
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
_NO_HTML = re.compile(r"[^?#]*\.(?:xml|json|txt|js|css|rss|atom|ics|csv|webmanifest)")


def field_reason(fields: Mapping[str, Any]) -> str | None:
    """Return the reason why a row is not published, from its fields, or None.

    Examples
    --------
    >>> [field_reason(row) for row in ({"draft": True}, {"status": "publish"}, {"published": "false"}, {"noindex": "1"})]
    ['draft', None, 'draft', 'noindex']
    """
    for name in _names_with_rules(tuple(fields)):
        reason = _RULES[name.casefold()](fields[name])
        if reason is not None:
            return reason
    return None


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
        key = folded(name)
        if key in _DATES and (reason := _reason_of_date(value, now)) == _DATES[key]:
            return reason
        rule = _FRONT_MATTER.get(key)
        if rule is not None and (reason := rule(value)) is not None:
            return reason
    return None


def _reason_of_date(value: Any, now: datetime) -> str | None:
    if isinstance(value, str) and _TEMPLATE_CODE.fullmatch(value.strip()):
        return None
    moment = _moment(value)
    return None if moment is None else "future" if moment > now else "expired"


@lru_cache(maxsize=10_000)
def folded(name: str) -> str:
    """Return a field name in lower case, with letters and digits only.

    Examples
    --------
    >>> folded("publishDate"), folded("Publish date"), folded("_publish-date")
    ('publishdate', 'publishdate', 'publishdate')
    """
    return "".join(filter(str.isalnum, name.casefold()))


@lru_cache(maxsize=1024)
def _names_with_rules(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name.casefold() in _RULES)


def is_true(value: object) -> bool:
    """Return whether a value is true: True, 1, or a word such as ``yes``."""
    return value is True or value == 1 or (isinstance(value, str) and value.strip().casefold() in _TRUE)


def is_false(value: object) -> bool:
    """Return whether a value is explicitly false: False, or a word such as ``no``.

    0 may be a number or a date.
    """
    return value is False or (isinstance(value, str) and value.strip().casefold() in _FALSE)


def _moment(value: object) -> datetime | None:
    try:
        return parse_date(value)
    except ValueError:
        pass
    try:
        return parse_iso_date(value)  # 9999-12-31 is not a publication date, but it hides a page
    except ValueError:
        return None


def _if_true(reason: str) -> Callable[[Any], str | None]:
    return lambda value: reason if is_true(value) else None


def _if_false(reason: str) -> Callable[[Any], str | None]:
    return lambda value: reason if is_false(value) else None


def _if_zero(reason: str) -> Callable[[Any], str | None]:
    return lambda value: reason if is_false(value) or value in (0, "0") else None


def _if_text(reason: str) -> Callable[[Any], str | None]:
    def reason_of(value: Any) -> str | None:
        text = value[0] if isinstance(value, list) and value else value
        return reason if isinstance(text, str) and text.strip() and not is_false(text) else None

    return reason_of


def _by_word(words: Mapping[str, str]) -> Callable[[Any], str | None]:
    def reason(value: Any) -> str | None:
        return words.get(value.strip().casefold().replace("_", "-")) if isinstance(value, str) else None

    return reason


def _layout(value: Any) -> str | None:
    """Read values such as ``home`` and ``layouts/home.njk``."""
    word = value.strip().casefold().rpartition("/")[2].partition(".")[0] if isinstance(value, str) else ""
    return _LAYOUTS.get(word.replace("_", "-"))


def _robots(value: Any) -> str | None:
    """Read ``noindex, follow``, a list of such words, or ``{"index": false}``."""
    if isinstance(value, Mapping):
        return "noindex" if is_false(value.get("index")) or is_true(value.get("noindex")) else None
    words = ",".join(map(str, value)) if isinstance(value, list) else value if isinstance(value, str) else ""
    found = {word.strip().casefold() for word in words.split(",")}
    return "noindex" if found & {"noindex", "none"} else None


def _hugo_build(value: Any) -> str | None:
    """Read Hugo's build options. Pages that are never listed or never rendered are unlisted."""
    options = [value.get("list"), value.get("render")] if isinstance(value, Mapping) else []
    return "unlisted" if any(is_false(option) or option == "never" for option in options) else None


def _permalink(value: Any) -> str | None:
    """Read ``false``, which makes Eleventy skip the page, and addresses of files that are not HTML."""
    if isinstance(value, str) and _NO_HTML.fullmatch(value.strip()):
        return "template"
    return "unlisted" if is_false(value) else None


def _pagination(value: Any) -> str | None:
    """Read the pagination of Eleventy and Jekyll, which generates list pages from one source."""
    is_on = isinstance(value, Mapping) and ("data" in value or is_true(value.get("enabled")))
    return "listing" if is_on else None


def _template(value: Any) -> str | None:
    """Read the title or date of a template, such as ``{{ title }}`` or ``<% tp.date.now() %>``."""
    return "template" if isinstance(value, str) and _TEMPLATE_CODE.fullmatch(value.strip()) else None


_RULES: Mapping[str, Callable[[Any], str | None]] = {
    **dict.fromkeys(("draft", "is_draft", "isdraft"), _if_true("draft")),
    **dict.fromkeys(("published", "publish", "public", "dg-publish"), _if_false("draft")),
    **dict.fromkeys(("is_published", "ispublished", "is_public"), _if_zero("draft")),
    **dict.fromkeys(("unlisted", "hidden", "is_hidden"), _if_true("unlisted")),
    **dict.fromkeys(("private", "is_private"), _if_true("private")),
    **dict.fromkeys(("status", "post_status", "_status", "state", "visibility"), _by_word(_STATUS)),
    **dict.fromkeys(("noindex", "no_index"), _if_true("noindex")),
    "robots": _robots,
    **dict.fromkeys(("post_type", "post type"), _by_word(_POST_TYPES)),
    "post_password": _if_text("password"),
    "password": _if_text("password"),
}
_FRONT_MATTER: Mapping[str, Callable[[Any], str | None]] = {
    **dict.fromkeys(("redirectto", "redirect", "redirecturl"), _if_text("redirect")),
    **dict.fromkeys(("headless", "eleventyexcludefromcollections"), _if_true("unlisted")),
    "build": _hugo_build,
    **dict.fromkeys(("layout", "template"), _layout),
    "type": _by_word(_TYPES),
    "home": _if_true("section"),
    "pagination": _pagination,
    "permalink": _permalink,
    **dict.fromkeys(("title", "date"), _template),
}
