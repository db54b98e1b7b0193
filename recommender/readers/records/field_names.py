"""Map field names of JSON and tables, which have no fixed names, to the standard names of article fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from recommender.errors import Problem
from recommender.metadata import TAG_FIELDS
from recommender.readers.records.rows import is_given

__all__ = [
    "ID_NAMES",
    "NAMES",
    "Renamed",
    "is_name_of_id",
    "missing_columns",
    "name_and_url",
    "renamed",
    "stand_in_for_id",
]

ID_NAMES = ("id", "article_id")
"""Names of the id field. `STAND_INS` are used if a source has none of them."""

STAND_INS = ("guid", "uuid", "_id", "post_id", "postid", "slug", "path", "permalink", "url", "link")
"""Fields used as the id of articles without one. The first that a source has serves all its articles."""

NAMES: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "headline", "post_title", "name"),
    "text": (
        *("text", "body", "content", "html", "content_html", "body_html", "content_text", "body_text"),
        *("article_body", "articlebody", "post_content", "full_text", "fulltext", "plaintext", "markdown"),
    ),
    "published": (
        *(
            "published",
            "date",
            "published_at",
            "publishedat",
            "publication_date",
            "publish_date",
            "publishdate",
        ),
        *("pubdate", "pub_date", "date_published", "datepublished", "published_date", "published_time"),
        *("post_date_gmt", "post_date", "created_at", "createdat", "created", "date_created", "datecreated"),
    ),
    "section": ("section", "category", "categories"),
    "language": ("language", "lang", "locale"),
    "url": ("url", "link", "permalink", "canonical_url", "web_url"),
    "description": (
        *(
            "description",
            "summary",
            "excerpt",
            "standfirst",
            "meta_description",
            "post_excerpt",
            "dek",
            "subtitle",
        ),
        *("abstract", "teaser", "lede", "og_description", "brief"),
    ),
    "image": (
        *("image", "image_url", "imageurl", "og_image", "thumbnail", "thumbnail_url", "feature_image"),
        *(
            "featured_image",
            "featuredimage",
            "cover_image",
            "cover",
            "banner_image",
            "hero_image",
            "picture",
            "coverimage",
            "urltoimage",
            "mainimage",
        ),
    ),
}
"""Names of each field in order of precedence. Case is ignored; spaces and hyphens count as underscores."""

_OF_ARTICLES = frozenset((*ID_NAMES, *NAMES["title"], *NAMES["text"], *NAMES["description"]))
_WELL_KNOWN = {
    "text": ("text", "body"),
    "published": ("published",),
    "language": ("language",),
    "url": ("url",),
}
_KEPT = frozenset({*TAG_FIELDS, "name"})  # stay in the metadata even when used for another field


class Renamed(NamedTuple):
    """The fields of a row under their standard names.

    Parameters
    ----------
    fields : dict
        Standard fields first, then all other fields under their original names.
    aliases : dict
        The original name of each renamed field that has a value.
    """

    fields: dict[str, Any]
    aliases: dict[str, str]


def renamed(row: dict[str, Any]) -> Renamed:
    """Return the fields of a row under their standard names.

    Examples
    --------
    >>> renamed({"ID": 7, "Title": "Rain", "text": "", "Content": "It rained.", "mood": "wet"})
    Renamed(fields={'id': 7, 'title': 'Rain', 'text': 'It rained.', 'mood': 'wet'}, aliases={'text': 'Content'})
    """
    columns = tuple(row)
    if _is_plain(columns):
        return Renamed(row, {})
    fields: dict[str, Any] = {}
    aliases: dict[str, str] = {}
    left = dict(row)
    for field, names in _plan(columns):
        found = next((name for name in names if _has_value(field, row[name], len(names))), None)
        if found is not None:
            fields[field] = row[found]
            if found.lower() not in _KEPT or field == found:
                left.pop(found)
            if found.lower() not in _WELL_KNOWN.get(field, (found.lower(),)):
                aliases[field] = found
        for name in names:
            if not _has_value(field, row[name]):
                left.pop(name, None)
    return Renamed(fields | left, aliases)


def name_and_url(row: dict[str, Any]) -> dict[str, Any]:
    """Return the id and the URL of a row, possibly with other fields. Much faster than renaming all fields.

    Examples
    --------
    >>> name_and_url({"ID": 7, "title": "Rain", "Link": "/rain"})
    {'id': 7, 'url': '/rain'}
    """
    columns = tuple(row)
    if _is_plain(columns):
        return row
    plan = _plan(columns)
    return {
        field: next((row[name] for name in names if _has_value(field, row[name])), None)
        for field, names in plan
        if field in ("id", "url")
    }


def _has_value(field: str, value: object, n_names: int = 1) -> bool:
    """Return whether a field has a value. "None" is a valid title but an empty section.

    If several columns can hold the text, only values of type str count, since `content` may be a list of
    blocks.
    """
    if field == "text" and n_names > 1:
        return isinstance(value, str) and value != ""
    return value not in (None, "") if field in ("id", "title", "text") else is_given(value)


@lru_cache(maxsize=1024)
def _is_plain(columns: tuple[str, ...]) -> bool:
    """Return whether every field occurs under its standard name only."""
    plan = _plan(columns)
    return ("id", ["id"]) in plan and all(names == [field] for field, names in plan)


@lru_cache(maxsize=1024)
def _plan(columns: tuple[str, ...]) -> list[tuple[str, list[str]]]:
    """Return the columns that can hold each field, in order of precedence."""
    by_name: dict[str, str] = {}
    for column in columns:
        by_name.setdefault(_folded(column), column)
    stand_in = next((name for name in STAND_INS if name in by_name), None)
    ids = ID_NAMES if any(name in by_name for name in ID_NAMES) or stand_in is None else ()
    plan = [("id", [by_name[name] for name in ids if name in by_name])]
    plan += [(field, [by_name[name] for name in names if name in by_name]) for field, names in NAMES.items()]
    return [(field, names) for field, names in plan if names]


def stand_in_for_id(columns: Iterable[str]) -> str | None:
    """Return the column used as the id if a source has no id column, or None.

    Examples
    --------
    >>> stand_in_for_id(["title", "Slug", "url"]), stand_in_for_id(["id", "slug"]), stand_in_for_id(["title"])
    ('Slug', None, None)
    """
    by_name = {_folded(column): column for column in reversed(list(columns))}
    if any(name in by_name for name in ID_NAMES):
        return None
    name = next((name for name in STAND_INS if name in by_name), None)
    return "url" if name in NAMES["url"] else by_name.get(name or "")


def is_name_of_id(column: str) -> bool:
    """Return whether a column can serve as the id."""
    return _folded(column) in {*ID_NAMES, *STAND_INS}


def is_name_of_article(name: str) -> bool:
    """Return whether a field name marks an article: its id, title, text or description."""
    return _folded(name) in _OF_ARTICLES


def missing_columns(columns: Iterable[str]) -> Iterator[Problem]:
    """Yield a problem for each required kind of column that is missing, and for duplicate columns."""
    found = list(columns)
    known = {_folded(name) for name in found}
    shown = ", ".join(map(repr, found[:20])) or "none"
    move = "rename a column, and check --format"
    if not known & {*ID_NAMES, *STAND_INS}:
        yield Problem("no column 'id'", f"columns {shown}", "rename a column, or name one with id= or --id")
    if not known & {*NAMES["title"], *NAMES["text"], *NAMES["description"]}:
        yield Problem("no column 'title', 'text' or 'body'", f"columns {shown}", move)
    repeated = sorted({name for name in found if name and found.count(name) > 1})
    if repeated:
        yield Problem("duplicate column names", ", ".join(map(repr, repeated)), "rename one")


def _folded(name: str) -> str:
    return name.strip().casefold().replace(" ", "_").replace("-", "_")
