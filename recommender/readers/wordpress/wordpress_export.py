"""Read WordPress exports (WXR). Items other than published posts and pages are left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from recommender.errors import InputError, Problem
from recommender.readers.inputs.sources import Source, open_source
from recommender.readers.pages.formal_pages import is_formal_name
from recommender.readers.records.rows import Caution, Row, first_given
from recommender.readers.wordpress.shortcodes import without_shortcodes
from recommender.readers.wordpress.wordpress_items import Export, Item, Term

__all__ = ["read_wordpress"]

_PUBLISHED = frozenset(("publish", "closed", ""))  # forums use closed for published topics without replies
_STATUS = {
    "private": "private",
    "trash": "trash",
    "future": "future",
    "inherit": "attachment",
    "spam": "trash",
}
_NO_ARTICLE = re.compile(
    r"nav_menu_item|revision|custom_css|customize_changeset|oembed_cache|user_request|feedback|safecss|scheduled-action"
    r"|(?:wp|acf|elementor|wpcf7|wpforms|jp|jetpack|shop|amn|mc4wp|ngg|vc|fusion|et|polylang|yith|edd|fl|ct)[_-].*"
    r"|elementor.*|acf|popup|spectra-popup|ml-slider|tablepress_table|reply|product_variation|wpforms|bricks_template"
)
_UNFILED = frozenset(
    (
        *(
            "uncategorized",
            "uncategorised",
            "unkategorisiert",
            "nicht kategorisiert",
            "non classé",
            "sin categoría",
        ),
        *("sin categorizar", "sem categoria", "senza categoria", "geen categorie", "niet gecategoriseerd"),
        *(
            "bez kategorii",
            "okategoriserade",
            "ikke-kategoriseret",
            "ukategorisert",
            "luokittelematon",
            "nezařazené",
        ),
        *(
            "nezaradené",
            "kategorizálatlan",
            "fără categorie",
            "sense categoria",
            "nekategorizirano",
            "kategorisiz",
        ),
        *(
            "tak berkategori",
            "chưa phân loại",
            "без рубрики",
            "без категорії",
            "без категории",
            "некатегоризирано",
        ),
        *("χωρίς κατηγορία", "ללא קטגוריה", "غير مصنف", "دسته‌بندی نشده", "未分类", "未分類", "미분류"),
    )
)
_GENERAL = frozenset(
    ("allgemein", "general", "général", "genel", "yleinen", "algemeen", "egyéb", "כללי", "geral", "generale")
)


def read_wordpress(source: Source) -> Iterator[Row]:
    """Yield a row for each item, with the line where it starts.

    The id is the post's guid, or else its link. The post number becomes the metadata ``post_id``. The first
    category is the section, unless it is the default category. Other categories and tags become tags.
    Shortcodes are removed from texts. The language is that of the item, or else that of the site, which is then
    ``html_lang`` too, since it may be that of the administrator. The image is the featured attachment. It is
    found only if the source is a file, which is read twice.

    Raises
    ------
    InputError
        If the source has no items or declares XML entities.

    Notes
    -----
    Memory use is one item, at most 64 MiB, and the addresses of all attachments.
    """
    images = dict(_attachments(source))
    export = Export(source)
    n_items = 0
    for item in export:
        n_items += 1
        fields = _fields(item, export, images.get(item.meta.get("_thumbnail_id", "")))
        yield Row(
            source.name, item.line, fields, left_out=_reason(item) or _reason_of_page(item, export.home)
        )
    if export.broken is not None:
        what, line = export.broken
        caution = Caution("XML that is not well-formed", what, "it was read as far as possible")
        yield Row(source.name, line or None, caution)
    if not n_items:
        raise InputError(Problem("no items in this export", "", "check the file and --format", source.name))


def _attachments(source: Source) -> Iterator[tuple[str, str]]:
    """Yield the number and the address of each attachment.

    Streams yield nothing, as they can be read only once.
    """
    if source.path is None:
        return
    with open_source(source.path) as again:
        for item in Export(again):
            if item.texts.get("post_type") == "attachment" and item.texts.get("attachment_url"):
                yield item.texts.get("post_id", ""), item.texts["attachment_url"]


def _reason(item: Item) -> str | None:
    """Return the reason to leave out an item, a key of `publication.REASONS`, or None."""
    kind, status = item.texts.get("post_type", "post"), item.texts.get("status", "")
    if kind == "attachment":
        return "attachment"
    if _NO_ARTICLE.fullmatch(kind):
        return "other"
    if status not in _PUBLISHED:
        return _STATUS.get(status, "draft")  # plugins add other draft states
    if item.texts.get("post_password"):
        return "password"
    is_hidden = item.meta.get("_yoast_wpseo_meta-robots-noindex") == "1"
    return "noindex" if is_hidden or "noindex" in item.meta.get("rank_math_robots", "") else None


def _reason_of_page(item: Item, home: str | None) -> str | None:
    """Return the reason to leave out a page that is no article: the front page, or one such as the imprint."""
    if item.texts.get("post_type") != "page":
        return None
    if home and item.texts.get("link", "").rstrip("/") == home.rstrip("/"):
        return "section"
    return "formal" if is_formal_name(item.texts.get("post_name", "")) else None


def _fields(item: Item, export: Export, image: str | None) -> dict[str, Any]:
    texts = item.texts
    categories = [
        term.name
        for term in item.terms
        if term.taxonomy == "category" and not _is_unfiled(term, export.default)
    ]
    tags = [term.name for term in item.terms if term.taxonomy == "post_tag"]
    languages = [term.slug for term in item.terms if term.taxonomy == "language"]  # Polylang
    dates = (texts.get(name, "") for name in ("post_date_gmt", "post_date", "pubDate"))
    own_language = first_given([*languages, texts.get("language")])
    fields = {
        "id": first_given(texts.get(name) for name in ("guid", "link", "post_id")),
        "title": texts.get("title"),
        "text": without_shortcodes(first_given([texts.get("content"), texts.get("description")]) or ""),
        "published": first_given(date for date in dates if not date.startswith("0000")),
        "section": categories[0] if categories else None,
        "language": own_language or export.language,
        "html_lang": None if own_language else export.language,
        "url": texts.get("link"),
        "description": without_shortcodes(texts.get("excerpt", "")),
        "image": image,
        "author": texts.get("creator"),
        "tags": list(dict.fromkeys([*categories[1:], *tags])),
        "series": [term.name for term in item.terms if term.taxonomy == "series"],
        "post_type": texts.get("post_type") if texts.get("post_type") != "post" else None,
        **{name: texts.get(name) for name in ("post_id", "post_name")},
    }
    return {name: value for name, value in fields.items() if value}


def _is_unfiled(term: Term, default: str | None) -> bool:
    """Return whether a category is the default category of posts."""
    name = term.name.casefold()
    return not name or name in _UNFILED or (term.slug == default and name in _GENERAL)
