"""Pages of Wagtail as articles: where their fields are, and which are live and public."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any

from django.apps import apps

__all__ = ["affected_pages", "is_page", "page_places", "page_site", "public_pages", "stream_text"]


def is_page(model: Any) -> bool:
    """Return whether a model is a page of Wagtail."""
    if not apps.is_installed("wagtail"):
        return False
    from wagtail.models import Page

    return issubclass(model, Page)


def page_places(model: Any) -> dict[str, Any]:
    """Return where the fields of a page are, unless the setting says otherwise.

    The body is the rich text, the streams and the long texts of its model, in their order.
    """
    places = {
        "title": "title",
        "body": _body,
        "published": "first_published_at",
        "language": "locale.language_code",
        "url": "get_url",
        "description": "search_description",
        "translation": "translation_key",
    }
    return places | ({"tags": "tags"} if hasattr(model, "tags") else {})


def page_site(page: Any) -> str | None:
    """Return the key of the site that a page is on, or None if it is on none."""
    parts = page.get_url_parts()
    return None if parts is None else str(parts[0])


def public_pages(pages: Any) -> Any:
    """Return the pages of a queryset that everybody may read."""
    return pages.live().public()


def stream_text(stream: Any) -> str:
    """Return the text of a StreamField as HTML: what Wagtail's search indexes, and rich text with its markup."""
    parts = []
    for child in stream:
        source = getattr(child.value, "source", None)
        if isinstance(source, str):
            parts.append(source)
        else:
            texts = child.block.get_searchable_content(child.value)
            parts += [f"<p>{html.escape(str(each), quote=False)}</p>" for each in texts if each]
    return "\n".join(parts)


def affected_pages(page: Any) -> Any:
    """Return a page and those below it, which a move, a restriction or another address of it concerns."""
    from wagtail.models import Page

    return Page.objects.descendant_of(page, inclusive=True)


def _body(page: Any) -> list[str]:
    return [text for text in _texts(page.specific) if text]


def _texts(page: Any) -> Iterator[str]:
    from django.db.models import TextField
    from wagtail.fields import RichTextField, StreamField
    from wagtail.models import Page

    own = {field.name for field in Page._meta.get_fields()}
    for field in page._meta.get_fields():
        if field.name in own or not isinstance(field, TextField | StreamField | RichTextField):
            continue
        value = getattr(page, field.name)
        yield stream_text(value) if isinstance(field, StreamField) else str(value or "")
