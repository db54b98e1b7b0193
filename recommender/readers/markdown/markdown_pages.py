"""Read Markdown pages with front matter. The text is rendered to HTML."""

from __future__ import annotations

import html
import re
from datetime import datetime
from typing import Any

from recommender.errors import Problem
from recommender.readers.markdown.exported_fields import exported_fields
from recommender.readers.markdown.front_matter import FrontMatter, split_front_matter
from recommender.readers.markdown.front_matter_reasons import page_reason
from recommender.readers.markdown.included_parts import imported_parts, with_parts
from recommender.readers.markdown.link_labels import bound_link_labels
from recommender.readers.markdown.markdown_fields import page_fields
from recommender.readers.markdown.markdown_source import plain_markdown
from recommender.readers.markdown.markdown_titles import text_of, title_of
from recommender.readers.markdown.wiki_links import WikiLinks
from recommender.readers.pages.decoded_page import text_of_page
from recommender.readers.pages.page_folder import Page
from recommender.readers.pages.page_format import Content, Head
from recommender.readers.pages.page_paths import is_under_term, stem_of
from recommender.readers.records.rows import take

__all__ = ["MarkdownPages"]

_FEW_WORDS, _FEW_LETTERS = 8, 40  # letters count for scripts without spaces
_SHORT_HEADING = 100  # characters of the markup of a heading
_SHORT = 5_000  # characters of a page whose words are counted without those of its HTML
_HEADING = re.compile(r"^(?:#[ \t]|[^\n]+\n=+[ \t]*$|<h1\b)", re.MULTILINE)
_MARKUP = re.compile(r"<(script|style)\b.*?</\1\s*>|</?[a-z][^<>]*>", re.DOTALL | re.IGNORECASE)
_MARKS = "-*+># \t\n"  # of a list, quotation or heading without text
_OF_QGIS = "<!DOCTYPE qgis"  # metadata of maps in files named .qmd, as those of Quarto
_WORD = re.compile(r"[^\W\d_]{2,}")
_BARE = frozenset(
    (
        "title",
        "date",
        "lastmod",
        "updated",
        "type",
        "layout",
        "slug",
        "url",
        "permalink",
        "weight",
        "id",
        "lang",
    )
)
"""Fields of pages that a template fills, such as the archive of a month."""
_LISTS = re.compile(
    r"\{%-?\s*(?:for|include|render|paginate|assign)\b|\{\{-?\s*(?:range|with|partial|collections|\.)"
    r"|(?:\{\{[<%]\s*|<)[\w/-]*(?:list|posts|recent|archive|index|children|pages|section|cards|grid)",
    re.IGNORECASE,
)
"""Code that lists other pages. Other shortcodes show a film, a note or a style."""
_FILM = re.compile(
    r"\{\{[<%]\s*(?:youtube|vimeo|peertube|video|audio|podcast|tweet|gist|figure)\b", re.IGNORECASE
)


class MarkdownPages:
    """Reads Markdown pages; see `page_format.PageFormat`.

    The front matter supplies ``id``, ``title``, the date, ``section`` or the first of ``categories``, the
    language, the URL, the description and the image. Its other fields become metadata. The fallback for the
    title is the first heading or the file name. The fallback for the date is the date in the file name.
    Wikilinks lead to the pages that they name.

    Parameters
    ----------
    now : datetime
        Reference time. Pages with a later date are not published yet.
    """

    def __init__(self, now: datetime) -> None:
        from markdown_it import MarkdownIt

        self._now = now
        self._markdown = MarkdownIt("commonmark").enable("table")
        bound_link_labels(self._markdown)
        self._links = WikiLinks()

    def head(self, page: Page) -> Head | Problem:
        """Return the metadata from the front matter, and remember the page for wikilinks."""
        self._links.see(page.path)
        split = _split(page)
        if isinstance(split, Problem):
            return split
        matter, source, _ = split
        reason = page_reason(matter, page.path, self._now)
        is_bare = not source.strip() and _BARE.issuperset(map(str.lower, matter))
        return Head(
            {name: matter.get(name) for name in ("id", "url", "title")},
            reason,
            is_bare=is_bare,
            has_matter=bool(matter),
            has_heading=_HEADING.search(source) is not None,
            imports=imported_parts(source),
        )

    def parsed(self, page: Page) -> Content:
        """Return the fields of a page, its text with that of the parts it includes."""
        split = _split(page)
        if isinstance(split, Problem):
            return Content(split)
        matter, source, fault = split
        reason = page_reason(matter, page.path, self._now)
        if reason is None and not source.strip() and is_under_term(page.path):
            reason = "listing"  # what a page of a tag says of it
        source = with_parts(source, page.file)
        text, had_template = plain_markdown(source)
        title_given = take(matter, "title", "Title")
        heading, body = self._rendered(text, page.path, is_titled=title_given is not None)
        fields = page_fields(matter, page.path)
        fields["title"] = self._shown(title_given) if isinstance(title_given, str) else title_given or heading
        fields["text"] = "" if _only_repeats(fields["title"], body) else body.strip()
        reason = reason or _text_reason(fields, text, source if had_template else "", page.path)
        if reason is None and not (text.strip(_MARKS) or title_given or fields["description"]):
            reason = "other"  # an empty note
        return Content(fields, reason, fault)

    def content(self, page: Page, parsed: Content) -> Content:
        """Return what was parsed, with links to the pages that wikilinks name."""
        if isinstance(parsed.fields, Problem):
            return parsed
        text = self._links.resolved(parsed.fields["text"], page.path)
        return parsed._replace(fields=parsed.fields | {"text": text})

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


def _only_repeats(title: Any, body: str) -> bool:
    """Return whether a text is nothing but the title again. The text of the page is then its description."""
    if not isinstance(title, str) or len(body) > 2 * len(title) + _SHORT_HEADING:
        return False
    return " ".join(html.unescape(_MARKUP.sub("", body)).split()) == " ".join(title.split())


def _text_reason(fields: dict[str, Any], text: str, templates: str, path: str) -> str | None:
    """Return the reason to leave out a page by its text and by what it holds of template code, or None.

    A page of little more than template code is a list. A folder's index with only a title is a section page.
    """
    if text.lstrip().startswith(_OF_QGIS):
        return "other"
    words = _WORD.findall(_MARKUP.sub(" ", text) if templates and len(text) < _SHORT else text)
    is_of_a_folder = stem_of(path).lower() in ("index", "readme")
    if templates and len(words) < _FEW_WORDS and sum(map(len, words)) < _FEW_LETTERS:
        if is_of_a_folder:
            is_article = fields["published"] or _FILM.search(templates)
            return None if is_article and not _LISTS.search(templates) else "listing"
        return None if fields["published"] or fields["description"] else "listing"
    is_bare = not fields["text"] and not fields["published"] and not fields["description"]
    return "section" if is_bare and is_of_a_folder and "/" in path else None


def _split(page: Page) -> FrontMatter | Problem:
    text = text_of_page(page)
    if isinstance(text, Problem):
        return text
    split = split_front_matter(text)
    if isinstance(split, Problem) or not page.path.lower().endswith(".mdx"):
        return split
    return split._replace(fields={**exported_fields(split.text), **split.fields})
