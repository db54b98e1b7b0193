"""The lines of an AsciiDoc document: with the parts that it includes, and without what its conditions leave out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from recommender.errors import Problem
from recommender.readers.asciidoc.asciidoc_attributes import Attributes
from recommender.readers.inputs.encodings import decoded
from recommender.readers.markdown.included_parts import site_root

__all__ = ["INCLUDE", "lines_of"]

INCLUDE = re.compile(r"include::([^\s\[\]][^\[\]\n]{0,300})\[([^\[\]\n]{0,300})\][ \t]*$", re.MULTILINE)
_CONDITION = re.compile(r"(ifdef|ifndef|ifeval|endif)::([^\[\]\s]{0,300})\[(.*)\]")
_COMPARISON = re.compile(r"\s*[\"']?([^\"'<>=!]*)[\"']?\s*(==|!=)\s*[\"']?([^\"'<>=!]*)[\"']?\s*")
_TAG = re.compile(r"\b(tag|end)::([\w.-]{1,60})\[\]")
_TAGS = re.compile(r"\btags?=\"?([\w.;-]{1,300})")
_SUFFIXES = (".adoc", ".asciidoc", ".asc", ".ad")
_FAMILIES = {"partial": "partials", "page": "pages", "example": "examples"}
_RESOURCE = re.compile(r"(?:(?:[^:$/]{0,80}:)?([^:$/]{0,80}):)?(partial|page|example)\$/?(.+)")
"""The address of a resource in Antora: component, module, family and path."""

_MOST_CHARACTERS = 2**20  # that a page includes
_MOST_PARTS = 1_000
_DEEPEST = 6  # files that include each other


def lines_of(source: str, file: Path | None, attributes: Attributes) -> list[str]:
    r"""Return the lines of a document as its processor reads them.

    Parts in AsciiDoc are put in their places, whole or by their tags, also those of other modules of Antora. Parts in other
    formats, those that are not found, and those outside of the site are dropped. A page includes at most a million
    characters of a thousand files. Attributes that the lines set are set in `attributes`, which conditions read.

    Parameters
    ----------
    source : str
        Text with ``\n`` as line end.
    file : Path or None
        The page. Without it nothing is included.
    attributes : Attributes

    Examples
    --------
    >>> lines_of("ifdef::env-github[]\nOn GitHub.\nendif::[]\nifndef::wet[Dry.]", None, Attributes({}))
    ['Dry.']
    """
    reader = _Reader(attributes, None if file is None else site_root(file.resolve().parent))
    return list(reader.read(source, None if file is None else file.resolve(), 0))


class _Reader:
    """Reads one page, and counts how many characters and files are left to it."""

    def __init__(self, attributes: Attributes, root: Path | None) -> None:
        self._attributes, self._root = attributes, root
        self._characters, self._parts = _MOST_CHARACTERS, _MOST_PARTS

    def read(self, source: str, file: Path | None, depth: int) -> Iterator[str]:
        n_open, n_false = 0, 0  # conditions, and those inside the outermost that does not hold
        for line in source.split("\n"):
            condition = _CONDITION.match(line) if line[:2] in ("if", "en") else None
            if condition is not None:
                kind, of, text = condition.groups()
                if kind == "endif":
                    n_open, n_false = max(n_open - 1, 0), max(n_false - 1, 0)
                elif kind != "ifeval" and text:
                    if not n_false and self._holds(kind, of, text):
                        yield text
                else:
                    n_open += 1
                    n_false += bool(n_false or not self._holds(kind, of, text))
                continue
            if n_false:
                continue
            if (include := INCLUDE.match(line)) is not None:
                yield from self._included(include[1], include[2], file, depth)
                continue
            self._attributes.set(line)
            yield line.removeprefix("\\") if line.startswith(("\\include::", "\\if", "\\endif")) else line

    def _holds(self, kind: str, of: str, text: str) -> bool:
        if kind == "ifeval":
            sides = _COMPARISON.fullmatch(self._attributes.put(text))
            return sides is None or (sides[1].strip() == sides[3].strip()) == (sides[2] == "==")
        names = re.split(r"[,+]", of)
        is_set = (
            self._attributes.all_set(names) if "+" in of else any(map(self._attributes.__contains__, names))
        )
        return is_set == (kind == "ifdef")

    def _included(self, target: str, options: str, file: Path | None, depth: int) -> Iterator[str]:
        if file is None or depth == _DEEPEST or not self._parts:
            return
        self._parts -= 1
        place = self._place(self._attributes.put(target), file)
        text = None if place is None or place == file else _text(place)
        if text is None or place is None or len(text) > self._characters:
            return
        self._characters -= len(text)
        tags = _TAGS.search(options)
        yield from self.read(_tagged(text, set(tags[1].split(";")) if tags else set()), place, depth + 1)

    def _place(self, target: str, file: Path) -> Path | None:
        """Return the path of a part inside the site, or None."""
        if not target.lower().endswith(_SUFFIXES) or "://" in target or self._root is None:
            return None
        resource = _RESOURCE.fullmatch(target)
        if resource is not None:
            module = _module(file)
            if module is None:
                return None
            named = module.parent / resource[1] if resource[1] else module
            place = named / _FAMILIES[resource[2]] / resource[3]
        else:
            place = file.parent / PurePosixPath(target)
        place = place.resolve()
        return place if place.is_relative_to(self._root) else None


def _module(file: Path) -> Path | None:
    """Return the folder of the module of Antora that a file lies in."""
    return next((folder for folder in file.parents if folder.parent.name == "modules"), None)


def _text(file: Path) -> str | None:
    try:
        if not file.is_file() or file.stat().st_size > 4 * _MOST_CHARACTERS:
            return None
        text = decoded(file.read_bytes(), None)
    except (OSError, ValueError):
        return None
    return None if isinstance(text, Problem) else text.replace("\r\n", "\n").replace("\r", "\n")


def _tagged(text: str, tags: set[str]) -> str:
    """Return the lines of a part between its marks of these tags, or all lines but the marks."""
    wanted = {tag for tag in tags if not tag.startswith("!") and "*" not in tag}
    found: list[str] = []
    inside: set[str] = set()
    for line in text.split("\n"):
        mark = _TAG.search(line) if "::" in line else None
        if mark is not None:
            inside = inside | {mark[2]} if mark[1] == "tag" else inside - {mark[2]}
        elif not wanted or inside & wanted:
            found.append(line)
    return "\n".join(found)
