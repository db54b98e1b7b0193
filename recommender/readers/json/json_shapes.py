"""Convert fields of a post that content management systems structure in their own ways."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from recommender.metadata import tags_of
from recommender.readers.json.rich_text import rich_text
from recommender.readers.records.rows import first_given, is_given

__all__ = ["MARKERS", "complete", "ghost_text"]

MARKERS = ("_embedded", "primary_tag", "lexical", "mobiledoc", "tag_list", "langcode", "documentId")
"""Fields that occur only in posts of these systems."""

_UNFILED = frozenset({"uncategorized", "uncategorised"})
_WORDPRESS = (
    "_embedded",
    "_links",
    "class_list",
    "guid",
    "meta",
    "template",
    "ping_status",
    "comment_status",
)
_WORDPRESS_MORE = ("featured_media", "jetpack_featured_media_url", "yoast_head", "yoast_head_json")
_GHOST = ("lexical", "mobiledoc", "plaintext", "primary_tag", "primary_author", "custom_excerpt", "excerpt")
_GHOST_MORE = ("codeinjection_head", "codeinjection_foot", "comment_id")


def complete(post: dict[str, Any]) -> dict[str, Any]:
    """Convert the structures of WordPress, Ghost, Drupal and Forem in place, and return the post.

    Examples
    --------
    >>> complete({"html": "<p>It rained.</p>", "primary_tag": {"name": "Rain"}, "tags": [{"name": "Rain"}, {"name": "#x"}]})
    {'html': '<p>It rained.</p>', 'tags': [], 'section': 'Rain'}
    """
    if isinstance(post.get("title"), dict) and "rendered" in post["title"]:
        _wordpress(post)
    if not post.keys().isdisjoint(("primary_tag", "lexical", "mobiledoc")):
        _ghost(post)
    if "langcode" in post:
        _drupal(post)
    if "tag_list" in post:  # Forem has the tags both as text and as a list
        _put(post, tags=post.pop("tag_list"))
        post.pop("body_markdown", None)
    is_draft = "documentId" in post and "publishedAt" in post and post["publishedAt"] is None  # Strapi
    if is_draft or post.get("status") is False or str(post.get("_id")).startswith("drafts."):  # Sanity
        post["status"] = "draft"
    if isinstance(post.get("slug"), dict):
        post["slug"] = post["slug"].get("current")
    return post


def _put(post: dict[str, Any], **found: Any) -> None:
    """Add the fields that have a value and that the post lacks."""
    post.update(
        (name, value) for name, value in found.items() if is_given(value) and not is_given(post.get(name))
    )


def _wordpress(post: dict[str, Any]) -> None:
    """Convert a post of the WordPress REST API.

    Only embedded categories and tags have names; others are numbers.
    """
    content, gmt = post.get("content"), post.get("date_gmt")
    if isinstance(content, dict) and content.get("protected") is True and not content.get("rendered"):
        post["post_password"] = "protected"  # noqa: S105 (a placeholder)
    if isinstance(gmt, str) and gmt[:4] != "0000":
        post["date"] = gmt
    post.pop("date_gmt", None)
    for name in ("categories", "tags"):
        if isinstance(post.get(name), list) and all(isinstance(each, int) for each in post[name]):
            del post[name]
    embedded = post["_embedded"] if isinstance(post.get("_embedded"), dict) else {}
    terms = list(_terms(embedded.get("wp:term"))) or list(_classes(post.get("class_list")))
    sections = [name for taxonomy, name in terms if taxonomy == "category" and name.lower() not in _UNFILED]
    tags = sections[1:] + [name for taxonomy, name in terms if taxonomy in ("post_tag", "tag")]
    seo = post["yoast_head_json"] if isinstance(post.get("yoast_head_json"), dict) else {}
    media = [_first(embedded.get("wp:featuredmedia"), "source_url"), post.get("jetpack_featured_media_url")]
    _put(post, section=sections[0] if sections else None, tags=tags)
    _put(post, image=first_given([*media, _first(seo.get("og_image"), "url")]))
    for name in (*_WORDPRESS, *_WORDPRESS_MORE):
        post.pop(name, None)


def _terms(groups: Any) -> Iterator[tuple[Any, str]]:
    """Yield taxonomy and name of each term embedded in a post."""
    for group in groups if isinstance(groups, list) else ():
        for term in group if isinstance(group, list) else ():
            if isinstance(term, dict) and isinstance(term.get("name"), str):
                yield term.get("taxonomy"), term["name"]


def _classes(classes: Any) -> Iterator[tuple[str, str]]:
    """Yield taxonomy and slug of each term in the style classes of a post, such as ``category-harbour``."""
    for name in classes if isinstance(classes, list) else ():
        taxonomy, _, slug = name.partition("-") if isinstance(name, str) else ("", "", "")
        if taxonomy in ("category", "tag") and slug:
            yield taxonomy, slug


def _first(values: Any, name: str) -> Any:
    first = values[0] if isinstance(values, list) and values else None
    return first.get(name) if isinstance(first, dict) else None


def _ghost(post: dict[str, Any]) -> None:
    """Convert a post of the Ghost APIs.

    The first tag is the section. Tags that begin with ``#`` are internal.
    """
    primary = post.get("primary_tag")
    named = primary.get("name") if isinstance(primary, dict) else None
    if "tags" in post:
        post["tags"] = [tag for tag in tags_of(post["tags"]) if tag != named and not tag.startswith("#")]
    _put(
        post,
        section=named,
        html=ghost_text(post),
        description=first_given([post.get("custom_excerpt"), post.get("excerpt")]),
    )
    for name in (*_GHOST, *_GHOST_MORE):
        post.pop(name, None)


def ghost_text(post: dict[str, Any]) -> Any:
    """Return the text of a Ghost post: its HTML, or else its editor document, or else plain text."""
    if is_given(post.get("html")):
        return post["html"]
    return rich_text(post.get("lexical")) or rich_text(post.get("mobiledoc")) or post.get("plaintext")


def _drupal(post: dict[str, Any]) -> None:
    body, path = post.get("body"), post.get("path")
    path = path[0] if isinstance(path, list) and path else path
    if isinstance(path, dict):
        _put(post, url=path.get("alias"))
        del post["path"]
    if isinstance(body, dict):
        _put(post, description=body.get("summary"))
    _put(post, language=post.pop("langcode"))
