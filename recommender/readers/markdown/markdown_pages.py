"""Read Markdown pages with front matter. The text is rendered to HTML."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from recommender.dates import date_in_path
from recommender.errors import Problem
from recommender.metadata import plain
from recommender.readers.inputs.encodings import decoded
from recommender.readers.markdown.front_matter import split_front_matter
from recommender.readers.markdown.markdown_source import plain_markdown
from recommender.readers.markdown.markdown_titles import text_of, title_of
from recommender.readers.pages.page_folder import Page
from recommender.readers.pages.page_format import Head
from recommender.readers.pages.page_paths import language_in_name, stem_of
from recommender.readers.records.publication import field_reason, front_matter_reason, is_false, is_true
from recommender.readers.records.rows import first_given, is_given, take

__all__ = ["MarkdownPages", "page_fields"]

_DATES = ("published", "date", "publishDate", "publishdate", "pubDate", "pubdate", "pubDatetime", "created")
_CHANGES = ("lastmod", "updated", "modified", "last_modified_at")
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
_FEW_WORDS, _FEW_LETTERS = 8, 40  # letters count for scripts without spaces
_WORD = re.compile(r"[^\W\d_]{2,}")


class MarkdownPages:
    """Reads Markdown pages; see `page_format.PageFormat`.

    The front matter supplies ``id``, ``title``, the date, ``section`` or the first of ``categories``, the
    language, the URL, the description and the image. Its other fields become metadata. The fallback for the
    title is the first heading or the file name. The fallback for the date is the date in the file name.

    Parameters
    ----------
    now : datetime
        Reference time. Pages with a later date are not published yet.
    """

    def __init__(self, now: datetime) -> None:
        from markdown_it import MarkdownIt

        self._now = now
        self._markdown = MarkdownIt("commonmark").enable("table")

    def head(self, page: Page) -> Head | Problem:
        """Return the metadata from the front matter."""
        split = _split(page)
        if isinstance(split, Problem):
            return split
        matter = split[0]
        reason = self._reason(matter, page.path)
        return Head({name: matter.get(name) for name in ("id", "url", "title")}, reason)

    def content(self, page: Page) -> tuple[dict[str, Any] | Problem, str | None]:
        """Return the fields of a page, and the reason to leave it out or None."""
        split = _split(page)
        if isinstance(split, Problem):
            return split, None
        matter, source = split
        reason = self._reason(matter, page.path)
        text, had_template = plain_markdown(source)
        title_given = take(matter, "title", "Title")
        heading, body = self._rendered(text, page.path, is_titled=title_given is not None)
        fields = page_fields(matter, page.path)
        fields["title"] = self._shown(title_given) if isinstance(title_given, str) else title_given or heading
        fields["text"] = body.strip()
        reason = reason or _text_reason(fields, text, had_template, page.path)
        if reason is None and not (text.strip() or title_given or fields["description"]):
            reason = "other"  # an empty note
        return fields, reason

    def _reason(self, matter: dict[str, Any], path: str) -> str | None:
        """Return the reason to leave out a page by its front matter, or by the date in its file name."""
        reason = field_reason(matter) or front_matter_reason(matter, self._now)
        if reason is None and not any(
            is_given(matter.get(name)) for name in ("date", "publishDate", "pubDate")
        ):
            named = date_in_path(path)
            reason = "future" if named is not None and named > self._now else None
        return reason

    def _rendered(self, text: str, path: str, is_titled: bool) -> tuple[str, str]:
        """Return the title from the text or file name, and the text as HTML without the title."""
        tokens = self._markdown.parse(text)
        title, place = ("", None) if is_titled else title_of(tokens, path)
        if place is not None:
            del tokens[place]
        return title, self._markdown.renderer.render(tokens, self._markdown.options, {})

    def _shown(self, title: str) -> str:
        """Return a front matter title without Markdown markup."""
        if not any(mark in title for mark in "*_`[\\"):
            return title
        (inline,) = self._markdown.parseInline(title)
        return text_of(inline) or title


def _text_reason(fields: dict[str, Any], text: str, had_template: bool, path: str) -> str | None:
    """Return the reason to leave out a page by its text, or None.

    A page of little more than template code is a list. A folder's index with only a title is a section page.
    """
    words = _WORD.findall(text)
    is_of_a_folder = stem_of(path).lower() in ("index", "readme")
    if had_template and len(words) < _FEW_WORDS and sum(map(len, words)) < _FEW_LETTERS:
        is_described = fields["published"] or fields["description"]
        return None if is_described and not is_of_a_folder else "listing"
    is_bare = not fields["text"] and not fields["published"] and not fields["description"]
    return "section" if is_bare and is_of_a_folder and "/" in path else None


def page_fields(matter: dict[str, Any], path: str) -> dict[str, Any]:
    """Return the front matter of a page with the standard field names. Other fields are kept.

    Parameters
    ----------
    matter : dict
        Front matter of the page.
    path : str
        Path of the page. It may contain the date and the language.
    """
    matter = _flattened(matter)
    if isinstance(both := matter.get("date"), dict):  # Material for MkDocs
        matter = {**both, **{name: value for name, value in matter.items() if name != "date"}}
    dates = [matter.pop(name, None) for name in _DATES]
    changes = [matter.pop(name, None) for name in _CHANGES]
    published = first_given(date for date in dates if not (is_true(date) or is_false(date)))
    fields = {
        "id": take(matter, "id", "article_id"),
        "published": [
            date for date in (published, date_in_path(path), first_given(changes)) if is_given(date)
        ],
        "section": _section(matter),
        "language": take(matter, "language", "lang", "locale") or language_in_name(path),
        "url": _url(matter),
        "description": take(matter, "description", "summary", "excerpt", "subtitle", "abstract"),
        "image": take(matter, *_IMAGES, *_MORE_IMAGES),
    }
    if isinstance(tags := matter.get("tags"), str) and "," not in tags:
        matter["tags"] = tags.split()  # Jekyll's form
    return {**{name: plain(value) for name, value in matter.items()}, **fields}


def _flattened(matter: dict[str, Any]) -> dict[str, Any]:
    """Return front matter with the nested fields of Zola and Jekyll moved to the top level."""
    flat = dict(matter)
    for group in ("taxonomies", "extra", "header"):
        inner = flat.get(group)
        if isinstance(inner, dict):
            known = {"tags", "categories", "image", "teaser", "summary", "description"} & inner.keys()
            flat = {**{"image" if name == "teaser" else name: inner[name] for name in sorted(known)}, **flat}
    return flat


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


def _split(page: Page) -> tuple[dict[str, Any], str] | Problem:
    if isinstance(page.content, Problem):
        return page.content
    text = decoded(page.content, None)
    if isinstance(text, Problem):
        return text
    return split_front_matter(text.replace("\r\n", "\n").replace("\r", "\n"))
