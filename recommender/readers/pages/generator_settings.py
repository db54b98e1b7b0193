"""What the settings of site generators say about the pages that lie below them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from recommender.readers.pages.book_contents import BOOKS, BookContents, book_contents
from recommender.readers.pages.jekyll_settings import JekyllSettings, jekyll_settings

__all__ = ["Generator", "generator_above", "generator_of", "is_settings"]

_CONTENT = (
    (re.compile(r"pelicanconf\.py|hugo\.(?:toml|ya?ml|json)|config\.(?:toml|ya?ml)|zola\.toml"), "content"),
    (re.compile(r"mkdocs\.ya?ml|zensical\.toml"), "docs"),
    (re.compile(r"book\.toml"), "src"),
    (re.compile(r"quartz\.config\.ts"), "content"),
)
"""Settings of generators that read pages in one folder alone, and that folder unless the settings say otherwise."""

_QUARTO = ("_quarto.yml", "_quarto.yaml")
_ASTRO = tuple(f"astro.config.{suffix}" for suffix in ("mjs", "js", "ts", "cjs", "mts"))
_DOCUSAURUS = tuple(f"docusaurus.config.{suffix}" for suffix in ("js", "ts", "mjs", "cjs", "mts"))
_FOLDERS_OF_DOCUSAURUS = re.compile(r"docs|blog|src|i18n|(?:\w{1,60}_)?versioned_docs")
_JEKYLL = ("_config.yml", "_config.yaml")
_SPHINX = "conf.py"  # also of Nikola
_ANTORA = ("antora.yml", "antora.yaml")
_PAGES_OF_ANTORA = re.compile(r"modules/[^/]+/pages/(?:(?!_)[^/]+/)*(?!_)[^/]+")
_WITHOUT_PARTIALS = (
    *_QUARTO,
    *_DOCUSAURUS,
    *_ASTRO,
)
"""Settings of generators that publish nothing whose name, or the name of a folder above it, begins with ``_``."""

_OUTPUT = re.compile(
    r"^[ \t]*(?:publishDir|output-dir|site_dir|destination|build-dir|public_dir|OUTPUT_PATH)"
    r"[ \t]*[:=][ \t]*[\"']?\.?/?([\w-][\w./-]*)",
    re.MULTILINE | re.IGNORECASE,
)
"""Settings of Hugo, Quarto, MkDocs, Jekyll, mdBook, Hexo and Pelican that name the folder of what they write."""

_HTML = (".html", ".htm", ".xhtml")
_FEWEST_SOURCES = 0.1  # pages for one in HTML that was made of them
_FEWEST = 0.1  # of the pages lie in the folders that Docusaurus reads; old versions may be most of them
_ABOVE = 3  # folders in which settings are looked for above the folder that is read
_PARTIAL = re.compile(r"_(?!index\b|category_\b|posts$)")


class Generator(NamedTuple):
    """What the settings of one generator say about the pages below them.

    Parameters
    ----------
    content : str
        Folder below the settings in which it reads pages, such as ``content/``, or "".
    without_partials : bool
        Whether names that begin with ``_`` are not published.
    without_readme : bool
        Whether files named README are not published.
    folders : frozenset of str
        The only folders below the settings whose pages are published; empty for any.
    jekyll : JekyllSettings or None
    pages : Pattern or None
        What paths of published pages match. None for any.
    has_home : bool
        Whether the index of its folder is the home page of the site.
    reads_all : bool
        Whether it reads all folders below the settings, whatever their names.
    contents : BookContents or None
        The table of contents of a book.
    output : str
        Folder below the settings whose HTML it made of its pages, such as ``docs/``, or "".
    """

    content: str = ""
    without_partials: bool = False
    without_readme: bool = False
    folders: frozenset[str] = frozenset()
    jekyll: JekyllSettings | None = None
    pages: re.Pattern[str] | None = None
    has_home: bool = False
    reads_all: bool = False
    contents: BookContents | None = None
    output: str = ""

    def is_home(self, path: str) -> bool:
        """Return whether a page is the home page of the site, by its path below the settings."""
        place = posixpath.splitext(path)[0]
        if self.contents is not None and place == self.contents.home:
            return True
        indexes = (f"{self.content}index".lower(), f"{self.content}readme".lower())
        return self.has_home and place.lower() in indexes

    def wrote(self, path: str) -> bool:
        """Return whether a page in HTML was made of others, by its path below the settings."""
        return bool(self.output) and path.startswith(self.output) and path.lower().endswith(_HTML)

    def publishes(self, path: str) -> bool:
        """Return whether a page is published, by its path below the settings."""
        if not path.startswith(self.content) or (self.pages is not None and not self.pages.fullmatch(path)):
            return False
        if self.folders and path.partition("/")[0] not in self.folders:
            return False
        if self.jekyll is not None and not self.jekyll.publishes(path.removeprefix(self.content)):
            return False
        if self.without_readme and posixpath.basename(path).partition(".")[0].lower() == "readme":
            return False
        return not (self.without_partials and any(map(_PARTIAL.match, path.split("/"))))


def is_settings(name: str) -> bool:
    """Return whether a file name is that of settings which say where pages are published.

    Examples
    --------
    >>> is_settings("mkdocs.yml"), is_settings("package.json")
    (True, False)
    """
    return (
        name in _WITHOUT_PARTIALS
        or name in _JEKYLL
        or name in _ANTORA
        or name in BOOKS
        or name == _SPHINX
        or any(pattern.fullmatch(name) for pattern, _ in _CONTENT)
    )


def generator_of(root: Path, base: str, name: str, paths: Sequence[str]) -> Generator | None:
    """Return what settings say, or None.

    HTML in the folder to which they say that the site is written counts as made of the pages, unless these are few.

    Parameters
    ----------
    root : Path
        The folder that is read.
    base : str
        Their folder: "", or a path that ends with a slash.
    name : str
        Name of their file.
    paths : sequence of str
        Paths of all pages.
    """
    written = Generator(output=_output(root / base / name))
    sources = [
        path for path in paths if not (path.startswith(base) and written.wrote(path.removeprefix(base)))
    ]
    if len(sources) < max(_FEWEST_SOURCES * len(paths), 1):
        return _said(root, base, name, paths)
    said = _said(root, base, name, sources)
    return (said or Generator())._replace(output=written.output) if len(sources) < len(paths) else said


def _output(file: Path) -> str:
    """Return the folder to which settings say that the site is written, or ""."""
    try:
        found = _OUTPUT.search(file.read_text("utf-8", "replace"))
    except OSError:
        return ""
    return "" if found is None or ".." in found[1] else f"{found[1].strip('/')}/"


def _said(root: Path, base: str, name: str, paths: Sequence[str]) -> Generator | None:
    """Return what settings say of these pages, or None; see `generator_of`."""
    if name in _DOCUSAURUS:
        return Generator(without_partials=True, folders=_docusaurus_folders(root, base, name, paths))
    if name in _WITHOUT_PARTIALS:
        inside = "src/" if name in _ASTRO and _is_content(f"{base}src/", base, name, paths) else ""
        is_quarto = name in _QUARTO
        return Generator(inside, without_partials=True, without_readme=is_quarto, has_home=is_quarto)
    if name in BOOKS:
        return Generator(has_home=True, reads_all=True, contents=_contents(root, base, name, paths))
    if name == _SPHINX:
        return Generator(has_home=True, reads_all=True)
    if name in _ANTORA:
        is_of_antora = any(
            _PAGES_OF_ANTORA.fullmatch(path.removeprefix(base)) for path in paths if path.startswith(base)
        )
        return Generator(pages=_PAGES_OF_ANTORA) if is_of_antora else None
    if name in _JEKYLL:
        jekyll = jekyll_settings(root / base / name)
        if jekyll is None or (jekyll.source and not _is_content(f"{base}{jekyll.source}", base, name, paths)):
            return None
        return Generator(jekyll.source, jekyll=jekyll)
    for pattern, folder in _CONTENT:
        if pattern.fullmatch(name) and _is_content(f"{base}{folder}/", base, name, paths):
            return Generator(f"{folder}/", has_home=True)
    return None


def _contents(root: Path, base: str, name: str, paths: Sequence[str]) -> BookContents | None:
    """Return the table of contents of a book if it lists some of these pages."""
    contents = book_contents(root / base / name)
    listed = () if contents is None else (contents.home, *contents.pages)
    return (
        contents
        if {posixpath.splitext(path)[0] for path in paths} & {base + each for each in listed}
        else None
    )


def _docusaurus_folders(root: Path, base: str, name: str, paths: Sequence[str]) -> frozenset[str]:
    """Return the folders that Docusaurus reads: its own, and those that its settings name. Empty if these hold few pages."""
    try:
        settings = (root / base / name).read_text("utf-8", "replace")
    except OSError:
        return frozenset()
    inside = [path.removeprefix(base).partition("/")[0] for path in paths if path.startswith(base)]
    found = frozenset(
        folder
        for folder in set(inside)
        if _FOLDERS_OF_DOCUSAURUS.fullmatch(folder)
        or re.search(rf"[\"'`./]{re.escape(folder)}[\"'`/]", settings)
    )
    return found if sum(folder in found for folder in inside) > _FEWEST * len(inside) else frozenset()


def _is_content(content: str, base: str, name: str, paths: Sequence[str]) -> bool:
    """Return whether a folder holds what is published: the table of contents of a book, or most pages."""
    if name == "book.toml":
        return f"{content}SUMMARY.md" in paths
    n_inside = sum(path.startswith(content) for path in paths)
    return 2 * n_inside > sum(path.startswith(base) for path in paths)


def generator_above(folder: Path) -> Generator | None:
    """Return what the settings say that lie above a folder, such as those of Quarto above ``docs``."""
    below = folder.resolve()
    for parent in below.parents[:_ABOVE]:
        if (below / ".git").exists():  # the root of the repository
            return None
        for name in _WITHOUT_PARTIALS:
            if (parent / name).is_file():
                return Generator(without_partials=True, without_readme=name in _QUARTO)
        below = parent
    return None
