"""Reasons to leave out rows that are not published articles, and the fields that indicate them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from recommender.readers.records.field_rules import (
    FieldRule,
    by_word,
    if_false,
    if_text,
    if_true,
    if_zero,
    is_false,
    is_true,
)

__all__ = ["KEEPABLE", "REASONS", "field_reason", "has_rule"]

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
    "formal": "privacy, imprint, terms and contact pages",
    "copy": "AMP or print copies, or sources beside their page",
    "attachment": "attachments",
    "other": "menu items or other records that are not articles",
    "template": "templates or files of the site itself",
    "static": "HTML files beside Markdown pages, without front matter",
    "excluded": "pages that a pattern excludes",
}
"""Reasons for leaving out a row: the name accepted by `keep`, and a description."""

KEEPABLE = tuple(reason for reason in REASONS if reason != "excluded")
"""Reasons that `keep` can name. Excluded pages are not read at all."""

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


def has_rule(name: str) -> bool:
    """Return whether a field may be the reason why a row is not published."""
    return name.casefold() in _RULES


@lru_cache(maxsize=1024)
def _names_with_rules(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(filter(has_rule, names))


def _robots(value: Any) -> str | None:
    """Read ``noindex, follow``, a list of such words, or ``{"index": false}``."""
    if isinstance(value, Mapping):
        return "noindex" if is_false(value.get("index")) or is_true(value.get("noindex")) else None
    words = ",".join(map(str, value)) if isinstance(value, list) else value if isinstance(value, str) else ""
    found = {word.strip().casefold() for word in words.split(",")}
    return "noindex" if found & {"noindex", "none"} else None


_RULES: Mapping[str, FieldRule] = {
    **dict.fromkeys(("draft", "is_draft", "isdraft"), if_true("draft")),
    **dict.fromkeys(("published", "publish", "public", "dg-publish"), if_false("draft")),
    **dict.fromkeys(("is_published", "ispublished", "is_public"), if_zero("draft")),
    **dict.fromkeys(("unlisted", "hidden", "is_hidden"), if_true("unlisted")),
    **dict.fromkeys(("private", "is_private"), if_true("private")),
    **dict.fromkeys(("status", "post_status", "_status", "state", "visibility"), by_word(_STATUS)),
    **dict.fromkeys(("noindex", "no_index"), if_true("noindex")),
    "robots": _robots,
    **dict.fromkeys(("post_type", "post type"), by_word(_POST_TYPES)),
    "post_password": if_text("password"),
    "password": if_text("password"),
}
