"""What the path of a page says of it: a draft, a section's page, an error page, a template, a list of other pages."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

__all__ = ["language_in_name", "path_reason", "stem_of"]

_LANGUAGES = (
    "af|am|ar|az|be|bg|bn|bs|ca|cs|cy|da|de|el|en|eo|es|et|eu|fa|fi|fr|ga|gl|gu|he|hi|hr|hu|hy|id|is|it|ja|ka|kk"
    "|km|kn|ko|ku|ky|lo|lt|lv|mk|ml|mn|mr|ms|my|nb|ne|nl|nn|no|pa|pl|ps|pt|ro|ru|si|sk|sl|sq|sr|sv|sw|ta|te|th"
    "|tl|tr|uk|ur|uz|vi|zh|zu"
)
_IN_NAME = re.compile(rf"\.((?:{_LANGUAGES})(?:[-_](?:[A-Za-z]{{2}}|[A-Za-z]{{4}}))?)$")
_TEMPLATES = re.compile(
    "_(?:layouts|includes|sass|data|plugins|site|templates|static|build|book|assets|partials|snippets|components"
    "|archetypes|common|shared|fragments|reusables|macros|hint)"
)
_TEMPLATES_OF_A_REPOSITORY = re.compile(r"archetypes|layouts|themes|vendor|overrides|\.github")
_ERROR_PAGES = re.compile(r"(?:40[0-9]|410|451|50[0-9]|[45]0x|[45]xx)(?:[-_]?page)?")
_ERROR_PAGES_AT_THE_ROOT = re.compile(
    r"(?:error|not[-_]?found|offline)(?:[-_]?page)?"
)  # deeper ones are articles on errors
_PARTIAL = re.compile(
    r"_(?!_)|\[.*\]$"
)  # Docusaurus and Astro publish no _name; [name] is a route of VitePress and Next.js
_HOME = frozenset(("index", "readme", "home"))
_SECTIONS = frozenset(("_index", "_category_"))
_TERMS = frozenset(("tag", "tags", "category", "categories", "author", "authors", "label", "labels"))
_LISTS = _TERMS | {
    "archive",
    "archives",
    "search",
    "sitemap",
    "etiquetas",
    "schlagwort",
    "kategorie",
    "summary",
}
_NUMBERED = re.compile(r"(?:page|seite|pagina|p)[-_]?\d{1,5}")
_ABOUT_THE_REPOSITORY = re.compile(
    "licen[cs]e|contributing|contributors|code[-_]of[-_]conduct|security|changelog|changes|history|authors|maintainers"
    "|governance|support|notice|todo|releasing|claude|agents|(?:pull_request|issue)_template|third_party_notices"
)


def path_reason(path: str, is_rendered: bool = False, is_repository: bool = False) -> str | None:
    """Return why the path of a page in its folder says that it is no article; None where it does not.

    Parameters
    ----------
    path : str
        With ``/`` between the parts and the suffix.
    is_rendered : bool
        Whether the folder is what a generator made: there ``tags/x/index.html`` and ``page/2`` are lists of other pages.
    is_repository : bool
        Whether the folder holds the source of a site, its templates and its licence beside its content.

    Examples
    --------
    >>> paths = "_drafts/rain.md", "post/_index.md", "404.html", "_layouts/post.html", "index.md", "post/rain/index.md"
    >>> [path_reason(path) for path in paths]
    ['draft', 'section', 'error-page', 'template', 'section', None]
    """
    parts = PurePosixPath(path).parts
    folders, name = [part.lower() for part in parts[:-1]], parts[-1]
    stem = name.partition(".")[0].lower()
    if "_drafts" in folders:
        return "draft"
    if any(_TEMPLATES.fullmatch(folder) for folder in folders):
        return "template"
    if is_repository and any(_TEMPLATES_OF_A_REPOSITORY.fullmatch(folder) for folder in folders):
        return "template"
    if stem in _SECTIONS:
        return "section"
    if _PARTIAL.match(stem):
        return "template"
    if _is_error_page(folders, stem):
        return "error-page"
    if not folders and stem in _HOME:
        return "section"
    if is_repository and not folders and _ABOUT_THE_REPOSITORY.fullmatch(stem):
        return "template"
    if not folders and stem in _LISTS:
        return "listing"
    return _list_of_pages(folders, stem) if is_rendered else None


def stem_of(path: str) -> str:
    """Return the name of a file without its suffix and its language.

    Examples
    --------
    >>> stem_of("post/rain.pt-BR.md"), stem_of("post/node.js.md")
    ('rain', 'node.js')
    """
    return _IN_NAME.sub("", PurePosixPath(path).stem)


def language_in_name(path: str) -> str | None:
    """Return the language that the name of a file has before its suffix, as Hugo and MkDocs put it there.

    Examples
    --------
    >>> language_in_name("post/rain.pt-BR.md"), language_in_name("post/node.js.md")
    ('pt-BR', None)
    """
    found = _IN_NAME.search(PurePosixPath(path).stem)
    return found[1] if found else None


def _is_error_page(folders: list[str], stem: str) -> bool:
    parts = folders if stem == "index" and folders else [*folders, stem]
    if _ERROR_PAGES.fullmatch(parts[-1]):
        return len(parts) == 1 or not parts[-2].isdigit()  # 2021/404 may be the 404th post
    return len(parts) == 1 and _ERROR_PAGES_AT_THE_ROOT.fullmatch(parts[-1]) is not None


def _list_of_pages(folders: list[str], stem: str) -> str | None:
    """Return ``listing`` for the pages that generators make of tags, categories, authors, months and page numbers."""
    parts = folders if stem in ("index", "") else [*folders, stem]
    if not parts:
        return None
    if any(_NUMBERED.fullmatch(part) for part in parts[-1:]) or (
        parts[-2:-1] == ["page"] and parts[-1].isdigit()
    ):
        return "listing"
    if parts[-1] in _LISTS or _TERMS.intersection(parts[:-1]):
        return "listing"
    is_dates = all(part.isdigit() and len(part) in (2, 4) for part in parts[-3:])
    return "listing" if is_dates and len(parts[0 if len(parts) < 3 else -3]) == 4 else None
