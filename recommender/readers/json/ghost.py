"""Read Ghost exports: posts with their tags and authors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from recommender.errors import InputError, Problem
from recommender.readers.inputs.sources import Source
from recommender.readers.json.json_shapes import ghost_text
from recommender.readers.json.json_values import json_values
from recommender.readers.pages.formal_pages import is_formal_name
from recommender.readers.records.rows import Row, first_given, is_given

__all__ = ["read_ghost"]

_SITE = "__GHOST_URL__"
_LEFT_OUT = {"draft": "draft", "scheduled": "future", "sent": "unlisted"}  # sent by mail only

_Names = dict[Any, list[str]]


def read_ghost(source: Source) -> Iterator[Row]:
    """Yield a row for each post and page, with its number from 1 as the line.

    The first tag is the section and the others are tags. Internal tags, which begin with ``#``, are dropped.
    Posts for members only are articles too, since their page and title are public. Addresses have no host.

    Raises
    ------
    InputError
        If the source is not JSON or has no posts.
    """
    data = next(filter(None, map(_data, json_values(source))), {})
    posts = data.get("posts")
    if not isinstance(posts, list):
        move = "check the file and --format"
        raise InputError(Problem("no posts in this Ghost export", "", move, source.name))
    tags = _linked(data, "tags", "posts_tags", "tag_id")
    authors = _linked(data, "users", "posts_authors", "author_id")
    about = {
        each["post_id"]: each for each in _objects(data.get("posts_meta")) if _is_key(each.get("post_id"))
    }
    for number, post in enumerate(posts, 1):
        if not isinstance(post, dict):
            problem = Problem("post is not an object", type(post).__name__, "remove it")
            yield Row(source.name, number, problem, post)
            continue
        key = post["id"] if _is_key(post.get("id")) else None
        more = about.get(key, {})
        reason = "unlisted" if more.get("email_only") in (1, True) else _reason_of_page(post)
        fields = _fields({**more, **post}, tags.get(key, []), authors.get(key, []))
        yield Row(source.name, number, fields, left_out=_LEFT_OUT.get(str(post.get("status")), reason))


def _data(document: Any) -> dict[str, Any]:
    """Return the tables of an export, stored in ``data``, or in ``db[0].data`` by older versions."""
    if isinstance(document, dict):
        document = document.get("db", document)
    if isinstance(document, list):
        document = document[0] if document else None
    data = document.get("data") if isinstance(document, dict) else None
    return data if isinstance(data, dict) else {}


def _linked(data: dict[str, Any], table: str, links: str, key: str) -> _Names:
    """Return the names of the records linked to each post, in order."""
    names = {each["id"]: each.get("name") for each in _objects(data.get(table)) if _is_key(each.get("id"))}
    found: dict[Any, list[tuple[float, int, str]]] = defaultdict(list)
    for place, link in enumerate(_objects(data.get(links))):
        name = names.get(link[key]) if _is_key(link.get(key)) else None
        if isinstance(name, str) and _is_key(link.get("post_id")):
            order = link.get("sort_order")
            found[link["post_id"]].append((order if isinstance(order, int | float) else place, place, name))
    return {post: [name for *_, name in sorted(linked)] for post, linked in found.items()}


def _fields(post: dict[str, Any], tags: list[str], authors: list[str]) -> dict[str, Any]:
    public = [tag for tag in tags if not tag.startswith("#")]
    slug, visibility = post.get("slug"), post.get("visibility")
    fields = {
        "id": post.get("id"),
        "title": post.get("title"),
        "text": ghost_text(post),
        "published": first_given([post.get("published_at"), post.get("created_at")]),
        "section": public[0] if public else None,
        "language": post.get("locale"),
        "url": f"/{slug}/" if isinstance(slug, str) and slug else post.get("canonical_url"),
        "description": first_given([post.get("custom_excerpt"), post.get("meta_description")]),
        "image": first_given([post.get("feature_image"), post.get("og_image")]),
        "author": ", ".join(authors),
        "tags": public[1:],
        "slug": slug,
        "visibility": None if visibility == "public" else visibility,
    }
    return {
        name: value.replace(_SITE, "") if isinstance(value, str) else value
        for name, value in fields.items()
        if is_given(value)
    }


def _reason_of_page(post: dict[str, Any]) -> str | None:
    """Return the reason to leave out a page that is no article, such as the imprint."""
    is_page = post.get("type") == "page" or post.get("page") in (1, True)
    return "formal" if is_page and is_formal_name(str(post.get("slug"))) else None


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    yield from (each for each in value if isinstance(each, dict)) if isinstance(value, list) else ()


def _is_key(value: Any) -> bool:
    return isinstance(value, str | int)
