"""The Markdown files that a page includes, put where the site generator puts them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from recommender.errors import Problem
from recommender.readers.inputs.encodings import decoded
from recommender.readers.markdown.front_matter import split_front_matter
from recommender.readers.notebooks.notebook_source import notebook_markdown

__all__ = ["imported_parts", "site_root", "with_parts"]

_FILE = r"[^\s\"'(){}<>%:#!|]{1,300}\.(?:q?md|mdx|markdown|rmd|ipynb)"
_INCLUDES = re.compile(
    "|".join(
        (
            rf"\{{\{{[<%]\s*(?:include|readfile)\s+(?:file=)?[\"']?({_FILE})[\"']?\s*/?[>%]\}}\}}",  # Quarto, Hugo
            rf"\{{\{{\s*#include\s+({_FILE})\s*\}}\}}",  # mdBook
            rf"\{{%-?\s*include(?:_relative|-markdown)?\s+[\"']?({_FILE})[\"']?\s*-?%\}}",  # Jekyll, MkDocs
            rf"^[ \t]*-{{1,2}}8<-{{1,2}}[ \t]+[\"']({_FILE})[\"'][ \t]*$",  # PyMdown's snippets
            rf"\{{%\s*notebook\s+({_FILE})[^%{{}}\n]{{0,200}}%\}}",  # Pelican
            rf"\{{!\s*({_FILE})\s*!\}}",  # markdown-include
            rf"\[!include\s*\[[^\[\]\n]{{0,200}}\]\(({_FILE})\)\]",  # DocFX
            rf"<!--\s*@include:\s*({_FILE})\s*-->",  # VitePress
            rf"^(?P<fence>`{{3,}}|:{{3,}})\{{include\}}[ \t]+({_FILE})[ \t]*\n"  # MyST
            r"(?:[ \t]*:relative-[^\n]*\n)*(?P=fence)[ \t]*$",
            r"^\.\. include::[ \t]+([^\s:*?]{1,300}\.(?:rst|txt|inc|rest))[ \t]*$(?!\n[ \t]+:)",  # reStructuredText
        )
    ),
    re.IGNORECASE | re.MULTILINE,
)
_MARKS = ("include", "INCLUDE", "readfile", "notebook", "8<", "{!")
"""Each directive has one of these."""

_IMPORT = re.compile(rf"^import\s+([A-Z]\w{{0,60}})\s+from\s+[\"']({_FILE})[\"'];?[ \t]*$", re.MULTILINE)
_COMPONENT = re.compile(r"<([A-Z]\w{0,60})(?:\s[^<>]{0,2000})?/>")

_MOST_CHARACTERS = 2**20  # that a page includes
_MOST_BYTES = 2**25  # of a file that is included; a notebook also holds what its code printed
_MOST_PARTS = 1_000  # that are looked for
_DEEPEST = 6  # files that include each other
_SHELVES = ("", "_includes", "includes")
"""Folders in which parts are looked for, in the folder of the page and in each above it."""

_ROOTS = (
    ".git",
    "_quarto.yml",
    "_config.yml",
    "mkdocs.yml",
    "book.toml",
    "package.json",
    "docfx.json",
    "antora.yml",
    "pelicanconf.py",
)
"""Looked for one by one, since a folder of pages takes long to list."""

_ABOVE = 12  # folders above a page in which the root of its site is looked for


def imported_parts(source: str) -> tuple[str, ...]:
    r"""Return the paths of the Markdown that a page includes, or that a page of MDX imports.

    Examples
    --------
    >>> imported_parts("import Code from './code.mdx'\n\n<Code />")
    ('./code.mdx',)
    >>> imported_parts("<!-- @include: @footer.md -->")
    ('@footer.md',)
    """
    found: list[str] = []
    if "import" in source:
        found += [name for _, name in _IMPORT.findall(source) if name.startswith(".")]
    if any(mark in source for mark in _MARKS):
        found += [_name_in(match) for match in _INCLUDES.finditer(source)]
    return tuple(found)


def with_parts(source: str, file: Path | None) -> str:
    """Return the Markdown of a page with the files that it includes.

    The directives of Quarto, Hugo, mdBook, Jekyll, MkDocs, Pelican, DocFX, VitePress and MyST are read, and imports of
    Markdown in MDX. A file is looked for beside the page and in the folders above it, up to the root of the site,
    which is the folder above with ``.git``, or else the nearest with the settings of a generator. What is not found,
    lies elsewhere, or is included in part, stays as it is. A page includes at most a million characters of a thousand files.

    Parameters
    ----------
    source : str
        Markdown without front matter.
    file : Path or None
        The page. Without it nothing is included.
    """
    if file is None or not (_INCLUDES.search(source) or _IMPORT.search(source)):
        return source
    return _Parts(site_root(file.resolve().parent)).put_into(source, file.resolve())


class _Parts:
    """Puts parts into one page, and counts how many characters and files are left to it."""

    def __init__(self, root: Path) -> None:
        self._root, self._characters, self._files = root, _MOST_CHARACTERS, _MOST_PARTS

    def put_into(self, source: str, file: Path, depth: int = 0) -> str:
        def included(found: re.Match[str]) -> str:
            return self._part(_name_in(found), file, depth) or found[0]

        def used(found: re.Match[str]) -> str:
            name = imports.get(found[1])
            part = None if name is None else self._part(name, file, depth)
            return found[0] if part is None else f"\n\n{part}\n\n"

        text = _INCLUDES.sub(included, source)
        imports = dict(_IMPORT.findall(text)) if "import" in text else {}
        return _COMPONENT.sub(used, text) if imports else text

    def _part(self, name: str, file: Path, depth: int) -> str | None:
        """Return the text of a part, or None if there is no such file in the site."""
        if depth == _DEEPEST or not self._files:
            return None
        self._files -= 1
        for place in self._places(name, file.parent):
            text = _text(place) if place.is_relative_to(self._root) and place != file else None
            if text is not None and len(text) <= self._characters:
                self._characters -= len(text)
                return self.put_into(text, place, depth + 1)
        return None

    def _places(self, name: str, folder: Path) -> Iterator[Path]:
        """Yield the places where a part may lie, the likeliest first."""
        relative = PurePosixPath(name.removeprefix("@site").removeprefix("@").removeprefix("~").lstrip("/"))
        if ".." in relative.parts:
            yield (folder / relative).resolve()
            return
        above = [folder, *folder.parents]
        for parent in above[: above.index(self._root) + 1] if self._root in above else ():
            yield from ((parent / shelf / relative).resolve() for shelf in _SHELVES)


_FENCE = _INCLUDES.groupindex["fence"]


def _name_in(found: re.Match[str]) -> str:
    """Return the name of the file in a directive."""
    return next(group for key, group in enumerate(found.groups(), 1) if group and key != _FENCE)


def site_root(folder: Path) -> Path:
    """Return the root of the site of a folder: the nearest folder with ``.git``, else with settings, else itself."""
    above = [folder, *folder.parents][:_ABOVE]
    marked = [parent for parent in above if any((parent / name).exists() for name in _ROOTS)]
    repositories = [parent for parent in marked if (parent / ".git").exists()]
    return next(iter((*repositories, *marked)), folder)


def _text(file: Path) -> str | None:
    """Return the Markdown of a file without front matter. None if it cannot be read, or is long."""
    try:
        if not file.is_file() or file.stat().st_size > _MOST_BYTES:
            return None
        is_notebook = file.suffix.lower() == ".ipynb"
        text = notebook_markdown(file.read_bytes()) if is_notebook else decoded(file.read_bytes(), None)
    except OSError:
        return None
    split = text if isinstance(text, Problem) else split_front_matter(text.replace("\r\n", "\n"))
    return None if isinstance(split, Problem) else split.text
