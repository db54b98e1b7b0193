"""The plug for Pelican: a related list under every article.

Lists are made when all content is read, and every article gets ``article.related``, the articles of its list. While the page
of an article is written, its content ends with the list: feeds, summaries and index pages go without.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pelican import signals
from pelican.generators import ArticlesGenerator

from recommender.engine import Recommender
from recommender.errors import InputError
from recommender.plugins.plug_pages import PlugPage, entries_of, page_articles, with_list
from recommender.plugins.plug_settings import PlugSettings

__all__ = ["register"]

_log = logging.getLogger(__name__)


def register() -> None:
    """Connect the plug. Its settings are those of `PlugSettings`, in ``RELATED_ARTICLES`` of pelicanconf.py."""
    signals.all_generators_finalized.connect(_relate)
    signals.article_generator_write_article.connect(_show)
    signals.content_written.connect(_restore)


def _relate(generators: Sequence[Any]) -> None:
    """Bring the site up to date, and give every article its list."""
    for generator in generators:
        if isinstance(generator, ArticlesGenerator):
            _relate_articles(generator)


def _relate_articles(generator: Any) -> None:
    given = generator.settings.get("RELATED_ARTICLES", {})
    folder = Path(generator.settings["PATH"]).parent
    try:
        settings = PlugSettings.of(given, folder)
    except InputError as error:
        raise InputError(each.at(f"RELATED_ARTICLES: {each.source}") for each in error.problems) from error
    settings.list_template  # noqa: B018, a wrong one fails before a build
    published = {_path(each): each for each in (*generator.articles, *generator.translations)}
    articles = page_articles(map(_page, published.values()), settings, _log.warning)
    path = Path(generator.settings["CACHE_PATH"]) / "related-articles" / "site.rec"
    site = settings.site_of(articles, path, _log.info)
    for each in (
        *published.values(),
        *generator.hidden_articles,
        *generator.hidden_translations,
        *generator.drafts,
    ):
        own = _path(each)
        each.related = [published[other] for other in site[own].article_ids] if own in site else []
    generator.related_lists = _ArticleLists(settings, site, published)


class _ArticleLists:
    """The lists of a generator's articles as HTML."""

    def __init__(self, settings: PlugSettings, site: Recommender, published: dict[str, Any]) -> None:
        self._settings, self._site, self._published = settings, site, published

    def beside(self, article: Any, content: str, siteurl: str) -> str:
        """Return the content of an article with its list."""

        def from_root(path: str) -> str:
            return f"{siteurl}/{path}"

        def address(other: str) -> str:
            return from_root(self._published[other].url)

        entries = entries_of(self._site, _path(article), address, from_root)
        html = self._settings.list_template.render(entries, language=article.lang)
        return with_list(content, html, append=self._settings.append)


def _show(generator: Any, content: Any) -> None:
    """Let the content of an article end with its list, while its page is written."""
    lists = getattr(generator, "related_lists", None)
    if lists is not None:
        content.summary  # noqa: B018, Pelican remembers it as it is without the list
        own = content.get_content
        content.get_content = lambda siteurl: lists.beside(content, own(siteurl), siteurl)


def _restore(path: str, context: dict[str, Any]) -> None:
    """Give an article its own content again after its page was written."""
    article = context.get("article")
    if article is not None:
        vars(article).pop("get_content", None)


def _page(article: Any) -> PlugPage:
    meta = {name: value for name, value in article.metadata.items() if isinstance(name, str)}
    meta |= {
        "date": getattr(article, "date", None),
        "tags": [str(tag) for tag in getattr(article, "tags", ())],
        "category": str(article.category) if getattr(article, "category", None) else None,
    }
    return PlugPage(_path(article), article.url, str(article.title), article._content or "", meta)


def _path(article: Any) -> str:
    """Return the source path of an article from the folder of content, or its address if it has no file."""
    return article.get_relative_source_path() or str(article.url)
