"""The plug for Sphinx: a related list under every page.

The texts of documents are taken when Sphinx reads them, and are kept in its environment. Lists are made after all documents
were read, in ``env-updated``. Documents whose list differs from the one that was written last are written again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.errors import ConfigError, ExtensionError
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

import recommender
from recommender.engine import Recommender
from recommender.errors import InputError, RecommenderError
from recommender.plugins.plug_pages import PlugPage, entries_of, page_articles, with_list
from recommender.plugins.plug_settings import PlugSettings
from recommender.site_changes import shown_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

__all__ = ["setup"]

_FOLDER = "related-articles"
_WITHOUT = ("singlehtml", "epub")
"""Builders of HTML whose pages are not read one by one."""

_log = logging.getLogger(__name__)


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the plug. Its settings are those of `PlugSettings`, in ``related_articles`` of conf.py."""
    plug = SphinxLists()
    app.add_config_value("related_articles", {}, "html", types=frozenset({dict}))
    app.add_directive("related-articles", RelatedMarker)
    app.connect("builder-inited", plug.check)
    app.connect("doctree-read", _keep)
    app.connect("env-purge-doc", _purge)
    app.connect("env-merge-info", _merge)
    app.connect("env-updated", plug.update)
    app.connect("html-page-context", plug.place)
    app.connect("build-finished", plug.finish)
    return {
        "version": recommender.__version__,
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }


class RelatedMarker(SphinxDirective):
    """``.. related-articles::``, where a page shows its list instead of after its content."""

    def run(self) -> list[nodes.Node]:
        """Return the marker, which only HTML has."""
        return [nodes.raw("", "<!-- related -->", format="html")]


class SphinxLists:
    """The lists of a build."""

    def __init__(self) -> None:
        self._settings = PlugSettings()
        self._site: Recommender | None = None
        self._shown: dict[str, str] = {}

    def check(self, app: Sphinx) -> None:
        """Check the settings."""
        try:
            self._settings = PlugSettings.of(app.config.related_articles, Path(app.confdir))
            self._settings.list_template  # noqa: B018, a wrong one fails before a build
        except InputError as error:
            lines = "\n".join(f"related_articles: {each}" for each in error.problems)
            raise ConfigError(lines) from error
        except RecommenderError as error:
            raise ExtensionError(f"related_articles: {error}") from error

    def update(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        """Bring the site up to date. Return the documents whose list is not the one that was written last."""
        if app.builder.format != "html" or app.builder.name in _WITHOUT:
            return []
        articles = page_articles(_pages(app, env), self._settings, _log.warning)
        try:
            self._site = self._settings.site_of(
                articles, Path(app.doctreedir) / _FOLDER / "site.rec", _log.info
            )
        except RecommenderError as error:
            raise ExtensionError(f"related_articles: {error}") from error
        self._shown = {each: _digest(self._site, each) for each in sorted(env.found_docs)}
        before = _written(_record(app))
        return [each for each, digest in self._shown.items() if before.get(each) != digest]

    def place(
        self, app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
    ) -> None:  # fmt: skip
        """Put the list of a document at its marker or after its content, and into the context of its template."""
        if self._site is None or doctree is None:
            return
        builder = app.builder

        def address(other: str) -> str:
            return builder.get_relative_uri(pagename, other)

        def image(path: str) -> str:
            return str(context["pathto"](path, 1))

        entries = entries_of(self._site, pagename, address, image)
        meta = app.env.metadata.get(pagename, {})
        language = meta.get("language") or meta.get("lang") or app.config.language
        try:
            html = self._settings.list_template.render(entries, language=language)
        except RecommenderError as error:
            raise ExtensionError(f"related_articles: {error}") from error
        context["body"] = with_list(context.get("body", ""), html, append=self._settings.append)
        context["related_articles"] = entries

    def finish(self, app: Sphinx, exception: Exception | None) -> None:
        """Record which lists were written, so that an interrupted build is made up for by the next one."""
        if exception is None and self._site is not None:
            record = _record(app)
            record.parent.mkdir(parents=True, exist_ok=True)
            record.write_text(json.dumps(self._shown, indent=0), encoding="utf-8")


def _keep(app: Sphinx, doctree: nodes.document) -> None:
    """Keep the title, the text and the fields of a document that was read."""
    env, docname = app.env, app.env.docname
    meta = {
        node["name"].casefold(): node["content"]
        for node in doctree.findall(nodes.meta)
        if node.get("name") and node.get("content")
    }
    title = escape(env.titles[docname].astext(), quote=False) if docname in env.titles else ""
    _kept(env)[docname] = (title, _body(doctree), {**meta, **env.metadata.get(docname, {})})


def _purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    _kept(env).pop(docname, None)


def _merge(app: Sphinx, env: BuildEnvironment, docnames: Sequence[str], other: BuildEnvironment) -> None:
    """Take what another process has read."""
    _kept(env).update({each: _kept(other)[each] for each in docnames if each in _kept(other)})


def _kept(env: Any) -> dict[str, tuple[str, str, dict[str, Any]]]:
    if not hasattr(env, "related_articles"):
        env.related_articles = {}
    kept: dict[str, tuple[str, str, dict[str, Any]]] = env.related_articles
    return kept


def _pages(app: Sphinx, env: BuildEnvironment) -> Iterator[PlugPage]:
    for docname, (title, body, meta) in sorted(_kept(env).items()):
        section = docname.partition("/")[0] if "/" in docname else None
        yield PlugPage(docname, app.builder.get_target_uri(docname), title, body, meta, section)


def _body(doctree: nodes.document) -> str:
    """Return the blocks of text of a document as HTML, as they are read."""
    blocks = []
    for node in doctree.findall(nodes.TextElement):
        if isinstance(node.parent, nodes.TextElement) or isinstance(node, nodes.Invisible | nodes.raw):
            continue
        tag = (
            "h2"
            if isinstance(node, nodes.title)
            else "pre"
            if isinstance(node, nodes.FixedTextElement)
            else "p"
        )
        blocks.append(f"<{tag}>{escape(node.astext())}</{tag}>")
    return "\n".join(blocks)


def _digest(site: Recommender, docname: str) -> str:
    shown = repr(shown_of(site[docname])) if docname in site else ""
    return hashlib.blake2b(shown.encode(errors="surrogatepass"), digest_size=8).hexdigest()


def _record(app: Sphinx) -> Path:
    """Return the file that holds which lists a builder wrote. Builders with one doctree folder have their own."""
    target = hashlib.blake2b(str(app.outdir).encode(), digest_size=4).hexdigest()
    return Path(app.doctreedir) / _FOLDER / f"{app.builder.name}-{target}.json"


def _written(record: Path) -> dict[str, str]:
    try:
        found = json.loads(record.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
