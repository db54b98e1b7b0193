"""What plugs make of pages: articles from the pages of a generator, and pages with their lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from recommender.articles import Article
from recommender.engine import Recommender
from recommender.lists.related import RelatedArticle
from recommender.plugins.plug_settings import PlugSettings
from recommender.readers.article_maker import ArticleMaker
from recommender.readers.markdown.markdown_fields import page_fields
from recommender.readers.records.field_rules import is_false, is_true
from recommender.readers.records.rows import Row
from recommender.rendering import ShownEntry, shown_entries

__all__ = ["PlugPage", "entries_of", "is_absolute", "page_articles", "with_list"]

_MARKER = re.compile(r"<!--\s*related\s*-->")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|/")


@dataclass(frozen=True)
class PlugPage:
    """A page as its generator has it.

    Parameters
    ----------
    path : str
        Path of its source, which becomes the id of its article.
    url : str
        Its address from the root of the site.
    title, body : str
        Plain text, and HTML.
    meta : mapping
        Its front matter.
    section, language : str or None
        Where its front matter names none.
    """

    path: str
    url: str
    title: str
    body: str
    meta: Mapping[str, Any] = field(default_factory=dict)
    section: str | None = None
    language: str | None = None


def page_articles(
    pages: Iterable[PlugPage], settings: PlugSettings, say: Callable[[str], object]
) -> Iterator[Article]:
    """Yield the articles of the pages that take part.

    Pages take no part if the settings exclude their path, if their front matter says ``related: false``, ``search:
    {exclude: true}`` or ``orphan``, or as that of a draft, a hidden page or one with ``noindex`` does. Pages and fields
    that cannot be read are passed to `say` and left out.
    """
    maker = ArticleMaker()
    for page in pages:
        if settings.excludes(page.path) or _opts_out(page.meta):
            continue
        stem = page.path.rpartition(".")[0] or page.path
        fields = page_fields({str(name): value for name, value in page.meta.items()}, stem)
        fields |= {
            "id": page.path,
            "url": page.url,
            "title": page.title,
            "text": page.body,
            "section": fields["section"] or page.section,
            "language": fields["language"] or page.language,
        }
        made = maker.make(Row(page.path, None, fields, page=page.path), fields)
        for problem in (*made.problems, *made.cautions):
            say(str(problem))
        if made.article is not None:
            yield made.article


def _opts_out(meta: Mapping[str, Any]) -> bool:
    """Return whether a page's front matter keeps it out, in the words of a generator."""
    search = meta.get("search")
    if isinstance(search, Mapping) and is_true(search.get("exclude")):  # Material for MkDocs
        return True
    if any(name in meta and not is_false(meta[name]) for name in ("orphan", "nosearch")):  # Sphinx
        return True
    return is_false(meta.get("related"))


def entries_of(
    site: Recommender, page: str, address: Callable[[str], str | None], image: Callable[[str], str]
) -> list[ShownEntry]:
    """Return what a page shows of its list.

    Parameters
    ----------
    site : Recommender
    page : str
        Id of the page. One that takes no part has no entries.
    address : callable
        Returns the address of an article on this page, by its id; None where there is none.
    image : callable
        Returns the address on this page of a picture with a path from the root of the site.
    """

    def shown_image(entry: RelatedArticle) -> str | None:
        if not entry.image or is_absolute(entry.image):
            return entry.image
        return image(entry.image)

    if page not in site:
        return []
    return shown_entries(site[page], lambda entry: address(entry.article_id), shown_image)


def is_absolute(address: str) -> bool:
    """Return whether an address has a scheme or begins with a slash."""
    return _ABSOLUTE.match(address) is not None


def with_list(content: str, html: str, *, append: bool) -> str:
    """Return the HTML of a page with a list at its first marker ``<!-- related -->``, or else after it if `append`.

    Examples
    --------
    >>> with_list("<p>Rain.</p><!-- related --><p>Hail.</p>", "<ul></ul>", append=True)
    '<p>Rain.</p><ul></ul><p>Hail.</p>'
    """
    if found := _MARKER.search(content):
        return content[: found.start()] + html + content[found.end() :]
    return f"{content}\n{html}\n" if append and html else content
