"""Map the front matter of a page to the standard field names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from recommender.dates import date_in_path
from recommender.metadata import plain
from recommender.readers.pages.page_paths import language_in_name
from recommender.readers.records.field_rules import is_false, is_true
from recommender.readers.records.rare_names import RARE_NAMES
from recommender.readers.records.rows import first_given, is_given, take
from recommender.readers.records.standard_names import NAMES

__all__ = ["page_fields"]

_DATES = dict.fromkeys(
    name.replace("_", "")
    for name in ("published", "date", "pubdatetime", *NAMES["published"], *RARE_NAMES["published"])
)
_CHANGES = dict.fromkeys(
    (
        "lastmod",
        "updated",
        "modified",
        "lastmodifiedat",
        "updatedat",
        "updatedon",
        "lastupdated",
        "datemodified",
        "modifiedat",
    )
)
"""Names of dates, folded, in order of precedence."""

_COMPUTED = frozenset(
    ("today", "now", "last-modified", "last modified", "created", "git last modified", "git created")
)
"""Words for which Quarto and Eleventy put a date when they make the page."""

_IMAGES = (
    "image",
    "cover",
    "thumbnail",
    "featured_image",
    "featuredImage",
    "featureImage",
    "banner",
    "images",
)
_MORE_IMAGES = (
    "hero",
    "heroImage",
    "og_image",
    "ogImage",
    "socialImage",
    "feature_image",
    "coverImage",
    "img",
)


def page_fields(matter: dict[str, Any], path: str) -> dict[str, Any]:
    """Return the front matter of a page with the standard field names. Other fields are kept.

    Parameters
    ----------
    matter : dict
        Front matter of the page.
    path : str
        Path of the page. It may contain the date and the language. The date may also stand in the address that
        the front matter gives.
    """
    matter = _flattened(matter)
    if isinstance(both := matter.get("date"), dict):  # Material for MkDocs
        matter = {**both, **{name: value for name, value in matter.items() if name != "date"}}
    dates, changes = _take_folded(matter, _DATES), _take_folded(matter, _CHANGES)
    published = first_given(
        date for date in dates if not (is_true(date) or is_false(date) or _is_computed(date))
    )
    url = _url(matter)
    addresses = [each for each in (path, url, matter.get("path")) if isinstance(each, str)]  # Zola: path
    found = [
        published,
        *map(date_in_path, addresses),
        first_given(each for each in changes if not _is_computed(each)),
    ]
    fields = {
        "id": take(matter, "id", "article_id"),
        "published": [date for date in found if is_given(date)],
        "section": _section(matter),
        "language": _language(matter) or language_in_name(path),
        "url": url,
        "description": take(matter, "description", "summary", "excerpt", "subtitle", "abstract"),
        "image": take(matter, *_IMAGES, *_MORE_IMAGES),
    }
    if isinstance(tags := matter.get("tags"), str) and "," not in tags:
        matter["tags"] = tags.split()  # Jekyll's form
    return {**{name: plain(value) for name, value in matter.items()}, **fields}


def _take_folded(matter: dict[str, Any], names: Iterable[str]) -> list[Any]:
    """Remove the fields of these names, whatever their capitals and hyphens. Return the values in order of the names."""
    found: dict[str, list[Any]] = {name: [] for name in names}
    for name in list(matter):
        folded = re.sub(r"[-_ ]", "", name).lower()
        if folded in found:
            found[folded].append(matter.pop(name))
    return [value for values in found.values() for value in values]


def _flattened(matter: dict[str, Any]) -> dict[str, Any]:
    """Return front matter with the nested fields of Zola and Jekyll moved to the top level."""
    flat = dict(matter)
    for group in ("taxonomies", "extra", "header"):
        inner = flat.get(group)
        if isinstance(inner, dict):
            known = {"tags", "categories", "image", "teaser", "summary", "description"} & inner.keys()
            flat = {**{"image" if name == "teaser" else name: inner[name] for name in sorted(known)}, **flat}
    return flat


def _is_computed(date: Any) -> bool:
    return isinstance(date, str) and date.strip().lower() in _COMPUTED


def _language(matter: dict[str, Any]) -> Any:
    """Return the language of a page. A mapping holds the words of a theme instead, as in Quarto."""
    for name in ("language", "lang", "locale"):
        if isinstance(matter.get(name), dict):
            del matter[name]
    return take(matter, "language", "lang", "locale")


def _section(matter: dict[str, Any]) -> Any:
    section = take(matter, "section", "category")
    if section is None and (categories := matter.get("categories")):
        listed = categories if isinstance(categories, list) else str(categories).split(",")
        section = listed[0]
        if len(listed) < 2:
            del matter["categories"]
    return section


def _url(matter: dict[str, Any]) -> Any:
    url = take(matter, "url")
    permalink = matter.get("permalink")
    if (
        url is None
        and isinstance(permalink, str)
        and ":" not in permalink.removeprefix("https:")
        and not is_false(permalink)
    ):
        url = matter.pop("permalink")
    return url
