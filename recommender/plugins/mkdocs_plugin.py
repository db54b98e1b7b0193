"""The plug for MkDocs and ProperDocs: a related list under every page.

Lists are made when all pages are rendered and none is written, in ``on_env``. They are put into the pages after all other
plugins have seen these, so that a search index does not hold them.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from mkdocs.config.base import ValidationError
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
from mkdocs.utils import get_relative_url

from recommender.engine import Recommender
from recommender.errors import InputError, RecommenderError
from recommender.plugins.plug_pages import PlugPage, entries_of, is_absolute, page_articles, with_list
from recommender.plugins.plug_settings import PlugSettings

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import File, Files
    from mkdocs.structure.pages import Page
    from mkdocs.utils.templates import TemplateContext

__all__ = ["RelatedPlugin"]

_LAST = -100  # the search plugins read pages in the same event
_log = get_plugin_logger("related")


class RelatedPlugin(BasePlugin):  # type: ignore[type-arg, no-untyped-call] # PlugSettings checks the settings
    """Puts a list of related pages under every page. Its settings are those of `PlugSettings`."""

    def __init__(self) -> None:
        self._settings = PlugSettings()
        self._is_dirty = False
        self._site: Recommender | None = None
        self._files: Files | None = None

    def load_config(self, options: dict[str, Any], config_file_path: str | None = None) -> tuple[Any, Any]:
        """Check the settings. Return the errors by name, and no warnings."""
        super().load_config({}, config_file_path)
        folder = Path(config_file_path or "mkdocs.yml").absolute().parent
        try:
            self._settings = PlugSettings.of(options, folder)
        except InputError as error:
            return [(each.source, ValidationError(each.what)) for each in error.problems], []
        return [], []

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Note whether pages that are unchanged are not rendered."""
        self._is_dirty = dirty

    def on_env(self, env: Any, *, config: MkDocsConfig, files: Files) -> None:
        """Bring the site up to date with all pages."""
        language = _language(config)
        path = self._settings.folder / ".cache" / "plugin" / "related" / f"{language}.rec"
        try:
            self._settings.list_template  # noqa: B018, a wrong one fails before a build
            last = self._settings.place(path)
            if self._is_dirty and last.exists():  # unchanged pages have no content, so the lists stay
                self._site = Recommender.load(last)
            else:
                articles = page_articles(_pages(files), self._settings, _log.warning)
                self._site = self._settings.site_of(articles, path, _log.info)
        except RecommenderError as error:
            raise PluginError(f"related: {error}") from error
        self._files = files

    @event_priority(_LAST)
    def on_page_context(
        self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Any
    ) -> TemplateContext:
        """Put the list of a page at its marker or after its content, and into the context of its template."""
        if self._site is None or self._files is None:
            return context
        files = self._files

        def address(other: str) -> str | None:
            file = files.get_file_from_path(other)
            return None if file is None else file.url_relative_to(page.file)

        def image(path: str) -> str:
            return get_relative_url(path, page.url)

        entries = entries_of(self._site, page.file.src_uri, address, image)
        language = page.meta.get("lang") or page.meta.get("language") or _language(config)
        try:
            html = self._settings.list_template.render(entries, language=str(language))
        except RecommenderError as error:
            raise PluginError(f"related: {error}") from error
        page.content = with_list(page.content or "", html, append=self._settings.append)
        cast("dict[str, Any]", context)["related_articles"] = entries
        return context


def _pages(files: Files) -> Iterator[PlugPage]:
    """Yield the pages that will be published. Lists of posts, such as the archives of a blog, are none."""
    for file in files.documentation_pages():
        page = file.page
        if page is None or page.content is None or hasattr(page, "posts"):
            continue
        meta = dict(page.meta)
        if isinstance(meta.get("image"), str):
            meta["image"] = _from_root(meta["image"], file, files)
        section = file.src_uri.partition("/")[0] if "/" in file.src_uri else None
        language = getattr(file, "locale", None)  # of mkdocs-static-i18n
        yield PlugPage(
            file.src_uri, file.url, _title(page), page.content, meta, section,
            language if isinstance(language, str) else None,
        )  # fmt: skip


def _title(page: Page) -> str:
    """Return the title of a page: its own one rather than that of the navigation, which may be "Overview"."""
    heading = next((each.title for each in page.toc if each.level == 1), None)
    return str(page.meta.get("title") or heading or page.title or "")


def _from_root(image: str, file: File, files: Files) -> str:
    """Return the address of a picture from the root of the site. A path counts from its page, or else from the root."""
    if is_absolute(image):
        return image
    beside = posixpath.normpath(posixpath.join(posixpath.dirname(file.src_uri), image))
    found = files.get_file_from_path(beside)
    return image if found is None else found.url


def _language(config: MkDocsConfig) -> str:
    """Return the language of the theme, as its own words are in."""
    theme: Any = config["theme"]
    language = theme["language"] if "language" in theme else theme.get("locale", "en")
    return str(language).replace("_", "-")
