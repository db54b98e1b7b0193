"""Recognise drafts, section pages, error pages, templates and lists by the path of a page."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from itertools import takewhile
from pathlib import PurePosixPath

from recommender.readers.pages.formal_pages import is_formal

__all__ = ["BESIDE_PAGES", "is_under_term", "language_in_name", "names_a_date", "path_reason", "stem_of"]

_LANGUAGES = (
    "af|am|ar|az|be|bg|bn|bs|ca|cs|cy|da|de|el|en|eo|es|et|eu|fa|fi|fr|ga|gl|gu|he|hi|hr|hu|hy|id|is|it|ja|ka|kk"
    "|km|kn|ko|ku|ky|lo|lt|lv|mk|ml|mn|mr|ms|my|nb|ne|nl|nn|no|pa|pl|ps|pt|ro|ru|si|sk|sl|sq|sr|sv|sw|ta|te|th"
    "|tl|tr|uk|ur|uz|vi|zh|zu"
)
_LANGUAGE = re.compile(rf"(?:{_LANGUAGES})(?:[-_](?:[a-z]{{2}}|[a-z]{{4}}))?")
_IN_NAME = re.compile(rf"\.((?:{_LANGUAGES})(?:[-_](?:[A-Za-z]{{2}}|[A-Za-z]{{4}}))?)$")
_TEMPLATES = re.compile(
    "_(?:layouts|includes?|internal|sass|data|plugins|site|templates|static|build|book|assets|partials|snippets|components"
    "|archetypes|common|shared|fragments|reusables|macros|hint|modules|sources|downloads|images|media)"
)
_TEMPLATES_OF_A_REPOSITORY = re.compile(r"archetypes|\.github|__\w{2,20}__")
_PIECES = "src/lib/components"
"""Folder of SvelteKit with code, and with Markdown that its components show."""

_TEMPLATES_BESIDE_CONTENT = frozenset(
    ("layouts", "includes", "partials", "themes", "vendor", "overrides", "fixtures", "testdata")
)
"""Folders of templates beside the content. In it they hold pages about layouts and themes."""

_CONTENT = frozenset(("content", "contents", "posts", "_posts", "pages", "articles", "blog"))
_CONTENT_OF_MARKDOWN = _CONTENT | {"docs", "doc"}
"""Folders of content. ``docs`` may also hold a whole site with its templates, which are HTML."""

_TOOLS_OF_A_REPOSITORY = frozenset(("scripts", "test", "tests", "fixtures", "patches", "ci"))
_COPIED = frozenset(("static", "public"))
"""Folders that generators copy as they are."""

BESIDE_PAGES = _TOOLS_OF_A_REPOSITORY | _COPIED
"""Folders at the top of a repository that hold no pages, unless they hold most of its Markdown."""

_ERROR_PAGES = re.compile(r"(?:40[0-9]|410|451|50[0-9]|[45]0x|[45]xx)(?:[-_]?page)?")
_ROOTS = re.compile(
    rf"contents?|src|source|pages?|public|static|docs?|site|website|web|www|html|i18n|current|(?:{_LANGUAGES})(?:[-_][a-z]{{2,4}})?"
    r"|(?:v|version-)?\d+(?:\.[\dx]+)*|docusaurus-plugin-content-pages|latest|stable|next|main|master",
    re.IGNORECASE,
)
"""Folders that hold a site, or one of its languages or versions. An error page of a source lies at the top of one."""

_ERROR_PAGES_AT_THE_ROOT = re.compile(r"(?:error|not[-_]?found|offline)(?:[-_]?page)?")
"""Error pages in the top folder only. In other folders these names are articles about errors."""

_PARTIAL = re.compile(r"_(?!_)")
"""Docusaurus and Astro do not publish _name. [name] is a route of VitePress and Next.js."""

_HOME = frozenset(("index", "readme", "home"))
_ABOVE_HOME = frozenset(("src", "app", "routes", "pages", "content", "source"))
_README = re.compile(rf"readme[-_](?:{_LANGUAGES}|cn|jp|kr|tw|br)(?:[-_][a-z]{{2,4}})?")
_SECTIONS = frozenset(("_index", "_category_"))
_TERMS = frozenset(("tag", "tags", "category", "categories", "author", "authors", "label", "labels"))
_LISTS = _TERMS | {"archive", "archives", "search", "sitemap", "etiquetas", "schlagwort", "kategorie", "toc"}
_SITEMAP = re.compile(
    rf"site-?map[-_](?:{_LANGUAGES})(?:[-_][a-z]{{2,4}})?|(?:year|month|tag|category|date|collection)-archives?"
)
_BEFORE_LISTS = re.compile(rf"blog|posts?|news|articles?|(?:{_LANGUAGES})(?:-[a-z]{{2,4}})?")
_TERM_PAGE = re.compile(r"(?:tag|category)-[\w-]{1,80}")
_NUMBERED = re.compile(r"(?:page|seite|pagina)[-_]?\d{1,5}")
_NUMBERS = frozenset(("page", "p", "seite", "pagina"))
_VARIANTS = frozenset(("amp", "print", "printable"))
_INDEXES = re.compile(
    r"genindex(?:-[a-z_]{1,9})?|(?:np-|py-|cpp-)?modindex|index-all|allclasses-(?:no)?frame|class_list|method_list"
)
_PROOFS = re.compile(
    r"google[0-9a-f]{16}|yandex_[0-9a-f]{16}|baidu_verify_[\w-]{5,40}|naver[0-9a-f]{32}|pinterest-[0-9a-f]{5}"
)
"""Files that prove ownership of a site to search engines."""

_VENDORED = frozenset(("lib", "libs", "vendor", "vendors", "bower_components"))
_ABOUT_THE_REPOSITORY = re.compile(
    "licen[cs]e|contributing|contributors|code[-_]of[-_]conduct|security|changelog|changes|history|authors|maintainers"
    "|governance|support|notice|todo|releasing|claude|agents|(?:pull_request|issue)_template|third_party_notices"
)
_IN_CAPITALS = re.compile(
    "STYLE(?:[-_]?GUIDE)?|RELEASES?|ROADMAP|TRANSLAT(?:IONS?|ING)|ADOPTERS|OWNERS|NOTICES?|AUTHORING|DEVELOP(?:MENT|ING)|BUILDING|TESTING"
)
"""Notes at the top of a repository that are pages if their names are not in capitals."""

_FOR_AGENTS = frozenset(("CLAUDE.md", "AGENTS.md", "AGENT.md", "GEMINI.md", "SKILL.md"))
_LICENCE = re.compile(r"(?:LICEN[CS]E|COPYING|UNLICENSE)\.(?:md|markdown|html)")
_A_LICENCE = re.compile(r"LICEN[CS]E[-_.][\w.-]{1,60}")


def path_reason(path: str, is_rendered: bool = False, is_repository: bool = False) -> str | None:
    """Return the reason to leave out a page by its path in the folder, or None.

    Parameters
    ----------
    path : str
        Path with ``/`` as separator and with its suffix.
    is_rendered : bool
        Whether the folder is the output of a generator. If so, ``tags/x/index.html`` and ``page/2`` are
        lists.
    is_repository : bool
        Whether the folder is the repository of a site, with templates and a licence in addition to the
        content.

    Examples
    --------
    >>> paths = "_drafts/rain.md", "post/_index.md", "404.html", "_layouts/post.html", "index.md", "post/rain/index.md"
    >>> [path_reason(path) for path in paths]
    ['draft', 'section', 'error-page', 'template', 'section', None]
    """
    parts = path.split("/")
    folders, name = [part.lower() for part in parts[:-1]], parts[-1]
    stem = _README.sub("readme", name.partition(".")[0].lower())
    if "_drafts" in folders or (is_rendered and folders == ["drafts"]):  # the second are those of Pelican
        return "draft"
    if _is_site_file(folders, name, stem, is_repository):
        return "template"
    if stem in _SECTIONS or (not folders and stem in _HOME) or (is_repository and _is_home(folders, stem)):
        return "section"
    if _is_error_page(folders, stem, is_rendered):
        return "error-page"
    if (
        name == "SUMMARY.md"
        or _SITEMAP.fullmatch(stem)
        or (not folders and (stem in _LISTS or name.lower() == "summary.md"))
    ):
        return "listing"  # SUMMARY.md is the table of contents of mdBook and GitBook
    if is_formal(folders, _IN_NAME.sub("", posixpath.splitext(name)[0]).lower()):
        return "formal"
    return _list_of_pages(folders, stem) if is_rendered else None


def is_under_term(path: str) -> bool:
    """Return whether a page lies below a folder whose pages may be those of a tag, category or author.

    Examples
    --------
    >>> is_under_term("features/tags/rain/index.html"), is_under_term("tags.html")
    (True, False)
    """
    return not _TERMS.isdisjoint(part.lower() for part in PurePosixPath(path).parts[:-1])


def stem_of(path: str) -> str:
    """Return the file name without suffix and language.

    Examples
    --------
    >>> stem_of("post/rain.pt-BR.md"), stem_of("post/node.js.md")
    ('rain', 'node.js')
    """
    return _IN_NAME.sub("", PurePosixPath(path).stem)


def language_in_name(path: str) -> str | None:
    """Return the language code before the suffix of a file name, as used by Hugo and MkDocs.

    Examples
    --------
    >>> language_in_name("post/rain.pt-BR.md"), language_in_name("post/node.js.md")
    ('pt-BR', None)
    """
    found = _IN_NAME.search(PurePosixPath(path).stem)
    return found[1] if found else None


def _is_site_file(folders: list[str], name: str, stem: str, is_repository: bool) -> bool:
    """Return whether a file is a template, an ownership proof, a licence, or part of a bundled library."""
    if any(_TEMPLATES.fullmatch(folder) for folder in folders):
        return True
    is_html = name.lower().endswith((".html", ".htm"))
    is_code = _PIECES in "/".join(folders) or any(map(_TEMPLATES_OF_A_REPOSITORY.fullmatch, folders))
    if is_repository and is_code:
        return True
    content = _CONTENT if is_html else _CONTENT_OF_MARKDOWN
    beside = takewhile(lambda folder: folder not in content, folders)
    if is_repository and not _TEMPLATES_BESIDE_CONTENT.isdisjoint(beside):
        return True
    if is_repository and not _TOOLS_OF_A_REPOSITORY.isdisjoint(folders[:1]):
        return True
    if is_repository and not _COPIED.isdisjoint(folders[:1]) and not is_html:
        return True  # Markdown for readers of raw text
    if is_repository and folders[:1] == ["templates"] and is_html:
        return True  # of Zola, Datasette and others; pages about templates lie deeper or are Markdown
    if folders and _is_note_of_a_folder(folders, stem):
        return True
    if not folders and _is_about_the_repository(name, stem, is_repository):
        return True
    if name in _FOR_AGENTS or _LICENCE.fullmatch(name) or (not folders and _A_LICENCE.fullmatch(name)):
        return True
    is_route = name.startswith("[") and posixpath.splitext(name)[0].endswith(
        "]"
    )  # [...path].md of Astro and Nuxt
    is_partial = is_route or (_PARTIAL.match(stem) is not None and stem not in _SECTIONS)
    return is_partial or _PROOFS.fullmatch(stem) is not None or name.lower() == "template.html"


def _is_note_of_a_folder(folders: list[str], stem: str) -> bool:
    """Return whether a file is a note on a bundled library, or on the folder of the posts, or a template of these."""
    if (stem == "readme" and folders[-1] in ("_posts", "_notebooks")) or folders[-2:] == [
        "_posts",
        "templates",
    ]:
        return True
    return folders[0] in _VENDORED and (stem == "readme" or _ABOUT_THE_REPOSITORY.fullmatch(stem) is not None)


def _is_about_the_repository(name: str, stem: str, is_repository: bool) -> bool:
    """Return whether a file at the top is a note for those who work on the site."""
    if _ABOUT_THE_REPOSITORY.fullmatch(stem) is not None:
        return is_repository or name.startswith(stem.upper())
    return is_repository and _IN_CAPITALS.fullmatch(name.partition(".")[0]) is not None


def _is_home(folders: list[str], stem: str) -> bool:
    """Return whether a page of a repository is the home page of its site, such as ``src/pages/index.mdx``."""
    above = [folder for folder in folders if not folder.startswith("(")]
    if above and _LANGUAGE.fullmatch(above[-1]):
        del above[-1]  # content/fr/index.md
    return stem in (*_HOME, "page", "+page") and _ABOVE_HOME.issuperset(above)


def _is_error_page(folders: list[str], stem: str, is_rendered: bool) -> bool:
    parts = folders if stem == "index" and folders else [*folders, stem]
    if _ERROR_PAGES.fullmatch(parts[-1]):
        if len(parts) > 1 and parts[-2].isdigit():
            return False  # 2021/404 may be the 404th post
        return is_rendered or all(map(_ROOTS.fullmatch, parts[:-1]))  # templates/404.md is about such pages
    return len(parts) == 1 and _ERROR_PAGES_AT_THE_ROOT.fullmatch(parts[-1]) is not None


def _list_of_pages(folders: list[str], stem: str) -> str | None:
    """Return the reason for generated lists: pages of terms, months, numbered pages and indexes."""
    parts = [part for part in folders if part not in _VARIANTS]
    if len(parts) < len(folders) and not parts and stem in _HOME:
        return "section"
    parts = parts if stem in ("index", "") else [*parts, stem]
    if not parts:
        return None
    if _NUMBERED.fullmatch(parts[-1]) or (parts[-1].isdigit() and not _NUMBERS.isdisjoint(parts[-2:-1])):
        return "listing"
    while len(parts) > 1 and _BEFORE_LISTS.fullmatch(parts[0]):
        del parts[0]
    is_term = (
        parts[0] in _TERMS
        or (len(parts) == 1 and _TERM_PAGE.fullmatch(parts[0]))
        or (parts[0] in _LISTS and all(part.isdigit() for part in parts[1:]))
    )
    return "listing" if is_term or _n_date_parts(parts) == 2 or _INDEXES.fullmatch(parts[-1]) else None


def names_a_date(path: str) -> bool:
    """Return whether a path is the index of a year, month or day. It may also be an article with that name.

    Examples
    --------
    >>> [names_a_date(path) for path in ("blog/2026/index.html", "2026/05/01/index.html", "v1/05/index.html")]
    [True, True, False]
    """
    *folders, name = path.split("/")
    return posixpath.splitext(name)[0] == "index" and _n_date_parts(folders) > 0


def _n_date_parts(parts: Sequence[str]) -> int:
    """Return the number of final path parts that form a date: 1 for a year, 2 with month, 3 with day."""
    year, *rest = [*takewhile(str.isdigit, reversed(parts))][::-1] or [""]
    is_date = len(year) == 4 and len(rest) <= 2 and all(len(part) == 2 for part in rest)
    return 1 + len(rest) if is_date else 0
