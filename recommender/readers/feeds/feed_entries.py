"""Convert feed entries, as parsed by feedparser, to fields of an article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from recommender.readers.records.rows import first_given

__all__ = ["entry_fields", "entry_reason"]

_WORDS = re.compile(r"(?:^|>)[^<>]*\w")
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:$|[?#])", re.IGNORECASE)
_KIND = "http://schemas.google.com/g/2005#kind"  # scheme of the entry kind in Blogger exports
_ITUNES = "http://www.itunes.com/"
_BLOGGER = {"DRAFT": "draft", "SCHEDULED": "future", "SOFT_TRASHED": "trash"}


def entry_fields(entry: Any, language: str | None, *, is_atom: bool) -> dict[str, Any]:
    """Return the fields of an entry. `language` is the language of the feed, which may be that of a template.

    The text is the full content, or else the longest summary. Another summary becomes the description.
    """
    summaries = [entry.get("summary")]
    contents: list[str] = []
    for each in entry.get("content") or ():
        # feedparser stores a second summary, such as the iTunes one, as plain-text content
        full = is_atom or "html" in (each.get("type") or "")
        (contents if full else summaries).append(each.get("value"))
    summaries = list(filter(_has_words, summaries))
    text = next(filter(_has_words, contents), None) or max(summaries, key=len, default=None)
    categories = list(dict.fromkeys(_categories(entry)))
    url = entry.get("link")
    if url == entry.get("id") and "://" not in (url or ""):
        url = None  # feedparser uses the id as the link if there is no link
    own_language = first_given([entry.get("language"), *_languages(entry)])
    fields = {
        "id": entry.get("id") or url,
        "title": entry.get("title"),
        "text": text,
        "published": first_given([entry.get("published"), entry.get("created"), dict.get(entry, "updated")]),
        "section": categories[0] if categories else None,
        "language": own_language or language,
        "html_lang": language if own_language in (None, language) else None,
        "url": url,
        "description": first_given(each for each in [*summaries, entry.get("subtitle")] if each != text),
        "image": _image(entry),
        "author": _author(entry),
        "tags": categories[1:],
    }
    return {name: value for name, value in fields.items() if value}


def entry_reason(entry: Any) -> str | None:
    """Return the reason to leave out an entry, or None. Blogger exports contain drafts and comments."""
    if str(entry.get("app_draft")).strip() == "yes":
        return "draft"
    kinds = [str(tag.get("term")) for tag in entry.get("tags") or () if tag.get("scheme") == _KIND]
    kind = kinds[0].rpartition("#")[2] if kinds else str(entry.get("blogger_type") or "post")
    if kind.lower() not in ("post", "page"):
        return "other"
    return _BLOGGER.get(str(entry.get("blogger_status")).upper())


def _has_words(text: Any) -> bool:
    return isinstance(text, str) and _WORDS.search(text) is not None


def _categories(entry: Any) -> Iterator[str]:
    """Yield the names of an entry's categories, followed by its iTunes keywords."""
    tags = [tag for tag in entry.get("tags") or () if tag.get("term") and tag.get("scheme") != _KIND]
    for tag in sorted(tags, key=lambda tag: tag.get("scheme") == _ITUNES):
        yield tag["term"].strip()


def _languages(entry: Any) -> Iterator[str | None]:
    """Yield the ``xml:lang`` values of an entry's texts."""
    for each in [*(entry.get("content") or ()), entry.get("summary_detail"), entry.get("title_detail")]:
        yield each.get("language") if each else None


def _author(entry: Any) -> str | None:
    names = [each.get("name") for each in entry.get("authors") or ()]
    return ", ".join(dict.fromkeys(filter(None, names))) or entry.get("author")


def _image(entry: Any) -> Any:
    """Return the address of the entry's image: an attachment, its thumbnail, or the episode image."""
    attached = [each.get("href") for each in entry.get("enclosures") or () if _is_picture(each)]
    thumbnails = [each.get("url") for each in entry.get("media_thumbnail") or ()]
    media = [each.get("url") for each in entry.get("media_content") or () if _is_picture(each)]
    own = entry.get("image")
    found = [*attached, *thumbnails, *media, own.get("href") if isinstance(own, dict) else None]
    return first_given(each for each in found if "gravatar.com/avatar/" not in (each or ""))


def _is_picture(link: Any) -> bool:
    kind = link.get("medium") or link.get("type")
    return (
        str(kind).startswith("image")
        if kind
        else _PICTURE.search(str(link.get("url") or link.get("href"))) is not None
    )
