"""What is not published, or is no article: the reasons, and the fields by which sources say so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from recommender.dates import parse_date, parse_iso_date

__all__ = ["REASONS", "field_reason", "front_matter_reason"]

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
    "other": "menu items or other records that are no articles",
    "template": "templates or files of the site itself",
}
"""Why a row is left out, by the name that `keep` takes, and in words."""

_TRUE = frozenset({"true", "yes", "on", "1", "y"})
_FALSE = frozenset({"false", "no", "off", "n"})
_DATES = {
    **dict.fromkeys(("date", "published", "publishdate", "pubdate"), "future"),
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
_LAYOUTS = {
    **dict.fromkeys(
        ("archive", "archives", "tag", "tags", "category", "categories", "author", "authors"), "listing"
    ),
    **dict.fromkeys(
        ("taxonomy", "terms", "search", "sitemap", "tag-page", "tagpage", "category-page"), "listing"
    ),
    **dict.fromkeys(("posts-list", "list", "blog-index", "feed"), "listing"),
    **dict.fromkeys(("home", "homepage", "section", "landing"), "section"),
    **dict.fromkeys(("redirect", "redirected"), "redirect"),
    **dict.fromkeys(("404", "error"), "error-page"),
}


def field_reason(fields: Mapping[str, Any]) -> str | None:
    """Return why the fields of a row say that it is not published; None where they do not.

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
    """Return why the front matter of a page says that its site generator does not publish it as an article."""
    for name, value in fields.items():
        moment = _moment(value) if name.casefold() in _DATES else None
        if moment is not None and moment > now and _DATES[name.casefold()] == "future":
            return "future"
        if moment is not None and moment <= now and _DATES[name.casefold()] == "expired":
            return "expired"
    return _by_rules(_FRONT_MATTER, fields)


@lru_cache(maxsize=1024)
def _names_with_rules(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name.casefold() in _RULES)


def _by_rules(rules: Mapping[str, Callable[[Any], str | None]], fields: Mapping[str, Any]) -> str | None:
    for name, value in fields.items():
        rule = rules.get(name.casefold())
        reason = None if rule is None else rule(value)
        if reason is not None:
            return reason
    return None


def is_true(value: object) -> bool:
    """Say whether a value says yes: True, 1, or a word such as ``yes``."""
    return value is True or value == 1 or (isinstance(value, str) and value.strip().casefold() in _TRUE)


def is_false(value: object) -> bool:
    """Say whether a value says no in so many words: False, or a word such as ``no``; 0 may be a number or a date."""
    return value is False or (isinstance(value, str) and value.strip().casefold() in _FALSE)


def _moment(value: object) -> datetime | None:
    try:
        return parse_date(value)
    except ValueError:
        pass
    try:
        return parse_iso_date(value)  # 9999-12-31 is no date of publication, but hides a page
    except ValueError:
        return None


def _if_true(reason: str) -> Callable[[Any], str | None]:
    return lambda value: reason if is_true(value) else None


def _if_false(reason: str) -> Callable[[Any], str | None]:
    return lambda value: reason if is_false(value) else None


def _if_zero(reason: str) -> Callable[[Any], str | None]:
    return lambda value: reason if is_false(value) or value in (0, "0") else None


def _if_text(reason: str) -> Callable[[Any], str | None]:
    return lambda value: reason if isinstance(value, str) and value.strip() and not is_false(value) else None


def _by_word(words: Mapping[str, str]) -> Callable[[Any], str | None]:
    def reason(value: Any) -> str | None:
        return words.get(value.strip().casefold().replace("_", "-")) if isinstance(value, str) else None

    return reason


def _robots(value: Any) -> str | None:
    """Read ``noindex, follow``, a list of such words, or ``{"index": false}``."""
    if isinstance(value, Mapping):
        return "noindex" if is_false(value.get("index")) or is_true(value.get("noindex")) else None
    words = ",".join(map(str, value)) if isinstance(value, list) else value if isinstance(value, str) else ""
    found = {word.strip().casefold() for word in words.split(",")}
    return "noindex" if found & {"noindex", "none"} else None


def _hugo_build(value: Any) -> str | None:
    """Read Hugo's build options: what is never listed or never rendered is in no list."""
    options = [value.get("list"), value.get("render")] if isinstance(value, Mapping) else []
    return "unlisted" if any(is_false(option) or option == "never" for option in options) else None


_RULES: Mapping[str, Callable[[Any], str | None]] = {
    **dict.fromkeys(("draft", "is_draft", "isdraft"), _if_true("draft")),
    **dict.fromkeys(("published", "publish", "public", "dg-publish"), _if_false("draft")),
    **dict.fromkeys(("is_published", "ispublished", "is_public"), _if_zero("draft")),
    **dict.fromkeys(("unlisted", "hidden", "is_hidden"), _if_true("unlisted")),
    **dict.fromkeys(("private", "is_private"), _if_true("private")),
    **dict.fromkeys(("status", "post_status", "_status", "state", "visibility"), _by_word(_STATUS)),
    **dict.fromkeys(("noindex", "no_index"), _if_true("noindex")),
    "robots": _robots,
    "post_password": _if_text("password"),
    "password": _if_text("password"),
}
_FRONT_MATTER: Mapping[str, Callable[[Any], str | None]] = {
    **dict.fromkeys(("redirect_to", "redirect", "redirectto", "redirect_url"), _if_text("redirect")),
    **dict.fromkeys(("headless", "eleventyexcludefromcollections"), _if_true("unlisted")),
    **dict.fromkeys(("build", "_build"), _hugo_build),
    **dict.fromkeys(("layout", "type"), _by_word(_LAYOUTS)),
    "permalink": _if_false("unlisted"),
}
