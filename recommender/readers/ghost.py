"""The export of Ghost: posts, and beside them the tags that they have."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import orjson

from recommender.errors import InputError, Problem
from recommender.readers.json_documents import parsed
from recommender.readers.rows import Row
from recommender.readers.sources import Source, read_whole

__all__ = ["read_ghost"]

_SITE = "__GHOST_URL__"
_LEFT_OUT = {"draft": "draft", "scheduled": "future", "sent": "unlisted"}  # sent by mail, and on no page
_BLOCKS = frozenset(
    ("paragraph", "heading", "listitem", "quote", "extended-heading", "aside", "extended-quote")
)
_DEEPEST = 50


def read_ghost(source: Source) -> Iterator[Row]:
    """Yield a row for each post and page, with its number from 1 as the line.

    The first tag is the section, the others are tags; internal ones, which begin with ``#``, are neither. What members alone may
    read is published: its page is there for everybody.
    """
    try:
        (document,) = parsed(read_whole(source))
    except (orjson.JSONDecodeError, ValueError) as error:
        raise InputError(Problem("not JSON", str(error)[:100], "export it again", source.name)) from error
    data = _data(document)
    posts = data.get("posts")
    if not isinstance(posts, list):
        raise InputError(
            Problem("no posts in this export of Ghost", "", "check the file and --format", source.name)
        )
    tags = _tags(data)
    for number, post in enumerate(posts, 1):
        if isinstance(post, dict):
            reason = _LEFT_OUT.get(str(post.get("status")))
            yield Row(source.name, number, _fields(post, tags), left_out=reason)
        else:
            yield Row(
                source.name, number, Problem("post is not an object", type(post).__name__, "remove it"), post
            )


def _data(document: Any) -> dict[str, Any]:
    for name in ("db", 0, "data"):
        if isinstance(document, dict) and name in document:
            document = document[name]
        elif name == 0 and isinstance(document, list) and document:
            document = document[0]
    return document if isinstance(document, dict) else {}


def _tags(data: dict[str, Any]) -> dict[Any, list[str]]:
    """Return the names of the public tags of each post, in their order."""
    names = {tag["id"]: tag.get("name") for tag in _objects(data.get("tags")) if _is_key(tag.get("id"))}
    found: dict[Any, list[tuple[float, str]]] = defaultdict(list)
    for place, link in enumerate(_objects(data.get("posts_tags"))):
        if not (_is_key(link.get("post_id")) and _is_key(link.get("tag_id"))):
            continue
        name, order = names.get(link["tag_id"]), link.get("sort_order")
        if isinstance(name, str) and not name.startswith("#"):
            found[link["post_id"]].append((order if isinstance(order, int | float) else place, name))
    return {post: [name for _, name in sorted(tags)] for post, tags in found.items()}


def _fields(post: dict[str, Any], tags: dict[Any, list[str]]) -> dict[str, Any]:
    named = tags.get(post["id"], []) if _is_key(post.get("id")) else []
    slug = post.get("slug")
    fields = {
        "id": post.get("id"),
        "title": post.get("title"),
        "text": _text(post),
        "published": post.get("published_at") or post.get("created_at"),
        "section": named[0] if named else None,
        "language": post.get("locale"),
        "url": f"/{slug}/" if isinstance(slug, str) and slug else None,
        "description": post.get("custom_excerpt") or post.get("meta_description"),
        "image": post.get("feature_image"),
        "tags": named[1:],
        "slug": slug,
        "visibility_of_text": post.get("visibility") if post.get("visibility") != "public" else None,
    }
    return {
        name: value.replace(_SITE, "") if isinstance(value, str) else value
        for name, value in fields.items()
        if value not in (None, "", [])
    }


def _text(post: dict[str, Any]) -> Any:
    for name in ("html", "plaintext"):
        if isinstance(post.get(name), str) and post[name].strip():
            return post[name]
    for name in ("lexical", "mobiledoc"):
        try:
            document = json.loads(post.get(name) or "null")
        except (TypeError, ValueError, RecursionError):
            continue
        if text := "".join(_texts(document, 0)).strip():
            return text
    return None


def _texts(node: Any, depth: int) -> Iterator[str]:
    """Yield the texts of an editor's document, paragraphs apart."""
    if depth > _DEEPEST:
        return
    if isinstance(node, list):
        for each in node:
            if isinstance(each, str) and depth > 4:
                yield each + " "  # mobiledoc has its words so
            else:
                yield from _texts(each, depth + 1)
    elif isinstance(node, dict):
        if isinstance(node.get("text"), str):
            yield node["text"]
        for value in node.values():
            yield from _texts(value, depth + 1) if isinstance(value, dict | list) else ()
        if node.get("type") in _BLOCKS:
            yield "\n\n"


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    yield from (each for each in value if isinstance(each, dict)) if isinstance(value, list) else ()


def _is_key(value: Any) -> bool:
    return isinstance(value, str | int)
