"""Walk a folder of pages with one article per file, or read a single page from a file or stream."""

from __future__ import annotations

import os
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

from recommender.errors import Problem
from recommender.readers.inputs.sources import MAX_DOCUMENT_BYTES, Source, read_whole
from recommender.readers.records.rows import Caution

__all__ = ["SUFFIXES", "Page", "Walk", "format_of", "pages_of"]

SUFFIXES: dict[str, tuple[str, ...]] = {
    "markdown": (".md", ".markdown", ".mdown", ".mkdn", ".mkd", ".mdwn", ".mdx", ".rmd", ".qmd"),
    "html": (".html", ".htm", ".xhtml"),
}
_FORMATS = {suffix: name for name, suffixes in SUFFIXES.items() for suffix in suffixes}
_UNREAD = frozenset(
    """
    .rst .adoc .asciidoc .asc .textile .org .ipynb .wiki .mediawiki .rdoc .pod .tex .docx .odt .rtf .njk .liquid .pug .haml
    .slim .erb .svx .mdoc .typ
    """.split()  # noqa: SIM905
)
"""Suffixes of unsupported documents. They are counted and reported."""

_NOT_CONTENT = frozenset(("node_modules", "bower_components", "__pycache__", "site-packages"))


class Page(NamedTuple):
    """One file: its name for messages, its path in the folder, and its bytes or the problem with it."""

    name: str
    path: str
    content: bytes | Problem


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
        Patterns of paths in the folder that are not read, such as ``tags/*``.
    """

    folder: Path
    formats: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    unread: Counter[str] = field(default_factory=Counter)
    unread_links: list[str] = field(default_factory=list)

    def paths(self) -> Iterator[Path]:
        """Yield the files of these formats, folder by folder in order of name. Hidden files are skipped."""
        seen = {_identity(self.folder)}
        for parent, folders, files in os.walk(self.folder, onerror=_stop, followlinks=True):
            folders[:] = [name for name in sorted(folders) if self._is_new(Path(parent, name), seen)]
            for name in sorted(files):
                path = Path(parent, name)
                if name.startswith(".") or self._is_excluded(path) or not self._is_file(path):
                    continue
                if format_of(path) in self.formats:
                    yield path
                elif path.suffix.lower() in _UNREAD or format_of(path):
                    self.unread[path.suffix.lower()] += 1

    def cautions(self) -> Iterator[Caution]:
        """Yield warnings about skipped files. Call it after the walk."""
        if self.unread:
            got = ", ".join(f"{count:,} {suffix}" for suffix, count in sorted(self.unread.items()))
            yield Caution("files in unsupported formats", got, "convert them to Markdown or HTML")
        if self.unread_links:
            got = f"{len(self.unread_links):,}, such as {self.unread_links[0]}"
            yield Caution("links that are broken or lead to what is read already", got)

    def _is_new(self, path: Path, seen: set[tuple[int, int]]) -> bool:
        if path.name.startswith(".") or path.name in _NOT_CONTENT:
            return False
        if path.is_symlink() and self._leads_inside(path):
            self.unread_links.append(str(path))
            return False
        identity = _identity(path)
        if identity in seen:
            self.unread_links.append(str(path))
            return False
        seen.add(identity)
        return True

    def _is_excluded(self, path: Path) -> bool:
        place = path.relative_to(self.folder).as_posix() if self.exclude else ""
        return any(fnmatchcase(place, pattern) for pattern in self.exclude)

    def _leads_inside(self, link: Path) -> bool:
        """Return whether a link leads to what is inside the walked folder or to a folder that contains it."""
        real, root = link.resolve(), self.folder.resolve()
        return real.is_relative_to(root) or root.is_relative_to(real)

    def _is_file(self, path: Path) -> bool:
        if path.exists() and not (path.is_symlink() and self._leads_inside(path)):
            return path.is_file()  # opening a pipe would block forever
        self.unread_links.append(str(path))
        return False


def format_of(path: Path) -> str | None:
    """Return the page format for a file's suffix, or None."""
    return _FORMATS.get(path.suffix.lower())


def pages_of(source: Source, paths: Iterator[Path]) -> Iterator[Page]:
    """Yield the pages at these paths in a folder, or the single page of a file or stream.

    Paths in the folder are in composed form (NFC), even if the file system uses another form.
    """
    folder = source.path
    if folder is None or not folder.is_dir():
        name = "" if folder is None else folder.name.removesuffix(".gz").removesuffix(".zst")
        yield Page(source.name, unicodedata.normalize("NFC", name), read_whole(source))
        return
    for path in paths:
        page = unicodedata.normalize("NFC", path.relative_to(folder).as_posix())
        yield Page(str(path), page, _content(path))


def _content(path: Path) -> bytes | Problem:
    if any("\ud800" <= letter <= "\udfff" for letter in str(path)):  # how Python shows other bytes
        return Problem("file name that is not UTF-8", ascii(path.name), "rename the file")
    try:
        if path.stat().st_size > MAX_DOCUMENT_BYTES:
            return Problem(f"page longer than {MAX_DOCUMENT_BYTES // 2**20} MiB", "", "split it")
        return path.read_bytes()
    except OSError as error:
        return Problem("page cannot be read", str(error.strerror), "check the file and its permissions")


def _identity(folder: Path) -> tuple[int, int]:
    found = folder.stat()
    return found.st_dev, found.st_ino


def _stop(error: OSError) -> None:
    raise error  # os.walk would silently skip unreadable folders
