"""The export of WordPress (WXR): posts and pages; what else it holds is left out by its status and type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from recommender.errors import InputError, Problem
from recommender.readers.rows import Caution, Row, first_given
from recommender.readers.shortcodes import without_shortcodes
from recommender.readers.sources import Source, open_source

__all__ = ["read_wordpress"]

_STATUS = {
    **dict.fromkeys(("draft", "auto-draft", "pending"), "draft"),
    **{"private": "private", "trash": "trash", "future": "future", "inherit": "attachment"},
}
_NO_ARTICLE = re.compile(
    r"nav_menu_item|revision|custom_css|customize_changeset|oembed_cache|user_request|feedback|safecss|display_type"
    r"|scheduled-action|ml-slider|tablepress_table|(?:wp|acf|elementor|wpcf7|jp|jetpack|shop|amn|wpforms|mc4wp|ngg|vc)[_-].*"
    r"|acf|popup|spectra-popup|fusion_.*|et_pb_.*|polylang_.*"
)
_NO_CATEGORY = frozenset(
    ("uncategorized", "uncategorised", "allgemein", "non-classe", "sin-categoria", "sem-categoria")
)
_REPEATED = ("category", "postmeta", "comment")


def read_wordpress(source: Source) -> Iterator[Row]:
    """Yield a row for each item, with the line where it starts; memory is that of one item.

    The id is the post's guid, else its link; its number is the metadata ``post_id``. The first category is the section,
    the others and the tags are tags. Shortcodes are taken out of the texts. The image is the one that the post names, found
    among the attachments where the source is a file and can be read twice.

    Raises
    ------
    InputError
        If it holds no item, or declares entities.
    """
    images = dict(_attachments(source))
    language = None
    n_items = 0
    export = _Export(source)
    for element in export:
        if _name(element.tag) == "language":
            language = language or element.text
            continue
        n_items += 1
        values, categories = _values(element)
        yield Row(
            source.name,
            element.sourceline,
            _fields(values, categories, language, images),
            left_out=_left_out(values),
        )
    if export.broken:
        yield Row(
            source.name,
            None,
            Caution("XML that is not well-formed", export.broken, "it was read as far as it goes"),
        )
    if not n_items:
        raise InputError(Problem("no items in this export", "", "check the file and --format", source.name))


class _Export:
    """Iterates over the items of an export, forgetting each; and knows afterwards what is not well-formed."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.broken = ""

    def __iter__(self) -> Iterator[Any]:
        from lxml import etree

        if re.search(rb"<!ENTITY", self._source.head, re.IGNORECASE):
            move = "remove the entity declarations"
            raise InputError(Problem("XML entities, which are refused", "", move, self._source.name))
        parsing = etree.iterparse(
            self._source.stream,
            events=("end",),
            tag=("item", "language"),
            recover=True,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=True,  # bodies beyond 10 MB; memory is bounded, since items are cleared
        )
        try:
            for _, element in parsing:
                yield element
                element.clear()
                while element.getprevious() is not None and element.getparent() is not None:
                    del element.getparent()[0]
        except etree.LxmlError as error:
            self.broken = str(error)[:200]
        else:
            self.broken = next((f"{each.message} at line {each.line}" for each in parsing.error_log), "")


def _attachments(source: Source) -> Iterator[tuple[str, str]]:
    """Yield the number and the address of each picture; nothing for a stream, which can be read only once."""
    if source.path is None:
        return
    with open_source(source.path) as again:
        for element in _Export(again):
            values, _ = _values(element) if _name(element.tag) == "item" else ({}, [])
            if values.get("post_type") == "attachment" and "post_id" in values and "attachment_url" in values:
                yield values["post_id"], values["attachment_url"]


def _values(item: Any) -> tuple[dict[str, str], list[tuple[str, str, str]]]:
    """Return the texts of an item by name, and its categories as domain, nicename and name."""
    values: dict[str, str] = {}
    categories: list[tuple[str, str, str]] = []
    for child in item:
        name = _name(child.tag)
        text = (child.text or "").strip()
        if name == "category":
            categories.append((child.get("domain") or "", child.get("nicename") or "", text))
        elif name == "postmeta":
            key, value = (
                next((each.text or "" for each in child if _name(each.tag) == part), "")
                for part in ("meta_key", "meta_value")
            )
            if key == "_thumbnail_id":
                values["thumbnail"] = value.strip()
        elif name == "encoded":
            values["excerpt" if "/excerpt/" in child.tag else "content"] = child.text or ""
        elif name not in _REPEATED:
            values.setdefault(name, text)
    return values, categories


def _left_out(values: dict[str, str]) -> str | None:
    kind = values.get("post_type", "post")
    if kind == "attachment":
        return "attachment"
    if _NO_ARTICLE.fullmatch(kind):
        return "other"
    if values.get("post_password"):
        return "password"
    return _STATUS.get(values.get("status", "publish"))


def _fields(
    values: dict[str, str],
    categories: list[tuple[str, str, str]],
    language: str | None,
    images: dict[str, str],
) -> dict[str, Any]:
    named = [
        name
        for domain, nice, name in categories
        if domain == "category" and nice not in _NO_CATEGORY and name
    ]
    tags = [name for domain, _, name in categories if domain == "post_tag" and name]
    dates = (values.get("post_date_gmt"), values.get("post_date"), values.get("pubDate"))
    fields = {
        "id": values.get("guid") or values.get("link"),
        "title": values.get("title"),
        "text": without_shortcodes(values.get("content") or values.get("description", "")),
        "published": first_given(date for date in dates if date and not date.startswith("0000")),
        "section": named[0] if named else None,
        "language": language,
        "url": values.get("link"),
        "description": values.get("excerpt"),
        "image": images.get(values.get("thumbnail", "")),
        "author": values.get("creator"),
        "tags": [*named[1:], *tags],
        **{name: values.get(name) for name in ("post_id", "post_type", "post_name")},
    }
    return {name: value for name, value in fields.items() if value}


def _name(tag: Any) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
