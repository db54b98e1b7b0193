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
from recommender.readers.records.rows import is_given

__all__ = ["KEEPABLE", "REASONS", "field_reason", "has_rule", "unknown_words"]

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
    **dict.fromkeys(
        ("draft", "auto-draft", "pending", "unpublished", "entwurf", "brouillon", "borrador"), "draft"
    ),
    **dict.fromkeys(("in-review", "needs-review"), "draft"),
    **dict.fromkeys(("private", "members-only"), "private"),
    **dict.fromkeys(("trash", "trashed", "deleted", "spam"), "trash"),
    **dict.fromkeys(("future", "scheduled", "embargoed"), "future"),
    **dict.fromkeys(("hidden", "unlisted"), "unlisted"),
    "inherit": "attachment",
}
_PUBLIC = (
    *(
        "publish",
        "published",
        "public",
        "live",
        "online",
        "active",
        "visible",
        "open",
        "approved",
        "accepted",
    ),
    *("final", "released", "posted", "current", "done", "complete", "completed", "enabled", "sent", "ok"),
)
_STATUSES = (
    *("status", "post_status", "_status", "article_status", "content_status", "publish_status"),
    *("publication_status", "workflow_state", "moderation_state"),
)
_FLAGS = (
    "draft",
    "is_draft",
    "isdraft",
    "is_published",
    "ispublished",
    "is_public",
    "unlisted",
    "hidden",
    "is_hidden",
)
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


def unknown_words(fields: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the fields of a row that may say that it is not published, in words that are not understood.

    Examples
    --------
    >>> unknown_words({"status": "Spiked", "draft": "soon", "title": "Rain"})
    [('status', 'Spiked'), ('draft', 'soon')]
    >>> unknown_words({"status": "live", "draft": "f", "is_published": "1"})
    []
    """
    found = []
    for name in _names_with_words(tuple(fields)):
        value = fields[name]
        if isinstance(value, str) and is_given(value) and not value.strip().isdigit():
            word = value.strip().casefold().replace("_", "-")
            is_status = name.casefold() in _STATUSES
            known = word in _STATUS or word in _PUBLIC if is_status else is_true(value) or is_false(value)
            if not known:
                found.append((name, value.strip()))
    return found


@lru_cache(maxsize=1024)
def _names_with_words(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name.casefold() in (*_STATUSES, *_FLAGS))


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
    **dict.fromkeys(("is_deleted", "isdeleted"), if_true("trash")),
    **dict.fromkeys(("deleted_at", "deletedat", "trashed_at"), if_text("trash")),
    **dict.fromkeys(("published", "publish", "public", "dg-publish"), if_false("draft")),
    **dict.fromkeys(("is_published", "ispublished", "is_public", "is_live"), if_zero("draft")),
    **dict.fromkeys(("is_active", "is_visible"), if_zero("unlisted")),
    **dict.fromkeys(("unlisted", "hidden", "is_hidden"), if_true("unlisted")),
    **dict.fromkeys(("private", "is_private"), if_true("private")),
    **dict.fromkeys((*_STATUSES, "state", "visibility"), by_word(_STATUS)),
    **dict.fromkeys(("noindex", "no_index"), if_true("noindex")),
    "robots": _robots,
    **dict.fromkeys(("post_type", "post type"), by_word(_POST_TYPES)),
    "post_password": if_text("password"),
    "password": if_text("password"),
}
