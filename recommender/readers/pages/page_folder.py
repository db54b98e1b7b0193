"""Walk a folder of pages with one article per file, or read a single page from a file or stream."""

# ruff: noqa: PTH116, PTH118, PTH122, PTH123
# A folder has many pages, and objects for paths took half of the time to walk it.
from __future__ import annotations

import os
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property, partial
from itertools import compress
from operator import not_
from pathlib import Path
from typing import NamedTuple

from recommender.control_characters import controls_quoted
from recommender.errors import Problem
from recommender.readers.inputs.sources import MAX_DOCUMENT_BYTES, Source, read_whole
from recommender.readers.pages.generator_settings import is_settings
from recommender.readers.pages.page_paths import stem_of
from recommender.readers.pages.unread_files import TO_HTML, UNREAD, is_of_the_site
from recommender.readers.records.rows import Caution

__all__ = [
    "OTHER_FORMATS",
    "SUFFIXES",
    "Found",
    "Page",
    "Walk",
    "composed_path",
    "format_of",
    "is_excluded",
    "pages_of",
]

SUFFIXES: dict[str, tuple[str, ...]] = {
    "markdown": (".md", ".markdown", ".mdown", ".mkdn", ".mkd", ".mdwn", ".mdx", ".rmd", ".qmd"),
    "html": (".html", ".htm", ".xhtml"),
    "rst": (".rst",),
    "asciidoc": (".adoc", ".asciidoc", ".asc"),
    "org": (".org",),
}
OTHER_FORMATS = {"dokuwiki": ".txt", "notebook": ".ipynb"}
"""Formats whose files are pages only where the folder says so or the user names the format."""

_FORMATS = {suffix: name for name, suffixes in SUFFIXES.items() for suffix in suffixes}
_MAY_HOLD_ARTICLES = {".txt": TO_HTML, ".json": "name the .json files, not their folder"}
_MOST_MADE = 0.6  # of the files of a format
_MANY, _MANY_TIMES = 20, 4
"""So many of these files, and so many times as many as pages, are more than the settings of a site."""

_NOT_CONTENT = frozenset(("node_modules", "bower_components", "__pycache__", "site-packages"))


@dataclass(frozen=True, eq=False)
class Page:
    """One file.

    Parameters
    ----------
    name : str
        For messages.
    path : str
        In the folder.
    read : callable
        Returns its bytes, or the problem with it.
    file : Path or None
        Where it lies. None for a stream.
    """

    name: str
    path: str
    read: Callable[[], bytes | Problem]
    file: Path | None = None

    @cached_property
    def content(self) -> bytes | Problem:
        """Its bytes, or the problem with it. They are read on first need."""
        return self.read()


class Found(NamedTuple):
    """A file or folder as a program opens it, and its path in the folder that is walked, with slashes."""

    file: str
    path: str

    def inside(self, name: str) -> Found:
        """Return what has a name in this folder."""
        return Found(os.path.join(self.file, name), f"{self.path}/{name}" if self.path else name)


@dataclass
class Walk:
    """Walks a folder and counts skipped files.

    Symbolic links to files and folders outside the folder are followed. Each folder is read once, even if several
    links lead to it, and so is each file inside the folder.

    Parameters
    ----------
    folder : Path
    formats : tuple of str
    exclude : tuple of str
        Patterns of paths that are not read, such as ``tags/*``.
    place : str
        What paths begin with where patterns are compared: empty, or the place of the folder, such as ``blog/``.
    excluded : list of Found
        Pages that a pattern excludes.
    unread : Counter of str
        Number of files in unsupported formats, by suffix.
    sources : dict of str to set of str
        Names of files in unsupported formats, by suffix.
    others : Counter of str
        Number of other files, by suffix. They may be no documents.
    unread_links : list of str
        Links that were not followed.
    hidden : list of Path
        Files whose names begin with a dot.
    settings : list of str
        Paths of the settings of site generators.
    """

    folder: Path
    formats: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    place: str = ""
    excluded: list[Found] = field(default_factory=list)
    unread: Counter[str] = field(default_factory=Counter)
    sources: defaultdict[str, set[str]] = field(default_factory=partial(defaultdict, set))
    others: Counter[str] = field(default_factory=Counter)
    unread_links: list[str] = field(default_factory=list)
    hidden: list[Path] = field(default_factory=list)
    settings: list[str] = field(default_factory=list)

    def files(self) -> Iterator[Found]:
        """Yield the files of these formats, folder by folder in order of name. Hidden files are skipped."""
        start = str(self.folder)
        seen = {_identity(start)}
        stack = [Found("" if start == "." else start, "")]
        while stack:
            parent = stack.pop()
            with os.scandir(parent.file or ".") as entries:
                found = [(entry, parent.inside(entry.name)) for entry in sorted(entries, key=_name)]
            are_folders = [_is_folder(entry) for entry, _ in found]
            folders = compress(found, are_folders)
            stack += reversed([place for entry, place in folders if self._is_new(entry, place, seen)])
            files = compress(found, map(not_, are_folders))
            yield from (place for entry, place in files if self._is_page(entry, place))

    def _is_page(self, entry: os.DirEntry[str], place: Found) -> bool:
        """Return whether a file is to be read. Others are counted."""
        if entry.name.startswith("."):
            self.hidden.append(Path(place.file))
            return False
        suffix = _suffix(entry.name)
        is_page = _FORMATS.get(suffix) in self.formats or any(
            suffix == OTHER_FORMATS.get(name) for name in self.formats
        )
        if is_excluded(self.place + place.path, self.exclude):
            self.excluded += [place] * is_page
            return False
        if not self._is_file(entry, place):
            return False
        if is_page:
            return True
        if suffix in UNREAD or suffix in _FORMATS:
            if not is_of_the_site(place.path, suffix):
                self.unread[suffix] += 1
                self.sources[suffix].add(stem_of(entry.name))
        elif is_settings(entry.name):
            self.settings.append(place.path)
        else:
            self.others[suffix or entry.name] += 1
        return False

    def leave_unread(self, files: Iterable[Found]) -> None:
        """Count files that turned out to be no pages as those in unsupported formats."""
        for found in files:
            suffix = _suffix(found.path)
            self.unread[suffix] += 1
            self.sources[suffix].add(stem_of(found.path))

    def cautions(self, files: Sequence[Found]) -> Iterator[Caution]:
        """Yield warnings about skipped files, given the pages. Call it after the walk.

        Most files of a format may have the names of pages: pages are made of them.
        """
        n_read, read = len(files), {stem_of(found.path) for found in files}
        for suffix, names in self.sources.items():
            if len(names & read) > _MOST_MADE * len(names):
                del self.unread[suffix]
        if n_unread := self.unread.total():
            got = ", ".join(f"{count:,} {suffix}" for suffix, count in sorted(self.unread.items()) if count)
            if n_unread > n_read:
                got += f", and only {n_read:,} that can be read"
            yield Caution(
                "files in unsupported formats",
                got,
                TO_HTML,
            )
        for suffix, move in _MAY_HOLD_ARTICLES.items():
            if self.others[suffix] >= _MANY and self.may_hold(suffix, n_read):
                got = f"{self.others[suffix]:,} {suffix}, and only {n_read:,} pages that can be read"
                yield Caution("files that may hold the articles", got, move)
        if self.unread_links:
            got = f"{len(self.unread_links):,}, such as {self.unread_links[0]}"
            yield Caution("links that are broken or lead to what is read already", got)

    def may_hold(self, suffix: str, n_read: int) -> bool:
        """Return whether files of another suffix may hold the articles, given the number of pages."""
        return self.others[suffix] > _MANY_TIMES * n_read

    def _is_new(self, entry: os.DirEntry[str], place: Found, seen: set[tuple[int, int]]) -> bool:
        if entry.name.startswith(".") or entry.name in _NOT_CONTENT:
            return False
        identity = _identity(place.file)
        if (entry.is_symlink() and self._leads_inside(place)) or identity in seen:
            self.unread_links.append(place.file)
            return False
        seen.add(identity)
        return True

    def _leads_inside(self, link: Found) -> bool:
        """Return whether a link leads to what is inside the walked folder or to a folder that contains it."""
        real, root = Path(link.file).resolve(), self.folder.resolve()
        return real.is_relative_to(root) or root.is_relative_to(real)

    def _is_file(self, entry: os.DirEntry[str], place: Found) -> bool:
        if entry.is_symlink() and (not Path(place.file).exists() or self._leads_inside(place)):
            self.unread_links.append(place.file)
            return False
        return entry.is_file()  # opening a pipe would block forever


def is_excluded(path: str, patterns: Iterable[str]) -> bool:
    """Return whether a pattern matches a whole path. A ``*`` also matches slashes."""
    composed = unicodedata.normalize("NFC", path)
    return any(fnmatchcase(composed, unicodedata.normalize("NFC", pattern)) for pattern in patterns)


def format_of(path: str | Path) -> str | None:
    """Return the page format for a file's suffix, or None."""
    return _FORMATS.get(_suffix(str(path)))


def pages_of(source: Source, files: Iterable[Found]) -> Iterator[Page]:
    """Yield the pages of these files of a folder, or the single page of a file or stream.

    Paths in the folder are as `composed_path` returns them.
    """
    folder = source.path
    if folder is None or not folder.is_dir():
        name = "" if folder is None else folder.name.removesuffix(".gz").removesuffix(".zst")
        yield Page(source.name, composed_path(name), partial(read_whole, source), folder)
        return
    for found in files:
        path = composed_path(found.path)
        yield Page(found.file, path, partial(_content, found.file), Path(found.file))


def composed_path(path: str) -> str:
    """Return a path in composed form (NFC), even if the file system uses another form, and see `controls_quoted`."""
    return controls_quoted(unicodedata.normalize("NFC", path))


def _content(file: str) -> bytes | Problem:
    try:
        with open(file, "rb") as content:
            if os.fstat(content.fileno()).st_size > MAX_DOCUMENT_BYTES:
                return Problem(f"page longer than {MAX_DOCUMENT_BYTES // 2**20} MiB", "", "split it")
            return content.read()
    except OSError as error:
        return Problem("page cannot be read", str(error.strerror), "check the file and its permissions")


def _suffix(name: str) -> str:
    return os.path.splitext(name)[1].lower()


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads in a circle
        return False


def _identity(folder: str) -> tuple[int, int]:
    found = os.stat(folder)
    return found.st_dev, found.st_ino
