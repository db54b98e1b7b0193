"""What the settings of site generators say about the pages that lie below them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

__all__ = ["Generator", "generator_above", "generator_of", "is_settings"]

_CONTENT = (
    (re.compile(r"pelicanconf\.py|hugo\.(?:toml|ya?ml|json)|config\.(?:toml|ya?ml)|zola\.toml"), "content"),
    (re.compile(r"mkdocs\.ya?ml"), "docs"),
    (re.compile(r"book\.toml"), "src"),
)
"""Settings of generators that read pages in one folder alone, and that folder unless the settings say otherwise."""

_QUARTO = ("_quarto.yml", "_quarto.yaml")
_WITHOUT_PARTIALS = (
    *_QUARTO,
    *(f"docusaurus.config.{suffix}" for suffix in ("js", "ts", "mjs", "cjs", "mts")),
    *(f"astro.config.{suffix}" for suffix in ("mjs", "js", "ts", "cjs", "mts")),
)
"""Settings of generators that publish nothing whose name, or the name of a folder above it, begins with ``_``."""

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
    """

    content: str = ""
    without_partials: bool = False
    without_readme: bool = False

    def publishes(self, path: str) -> bool:
        """Return whether a page is published, by its path below the settings."""
        if not path.startswith(self.content):
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
    return name in _WITHOUT_PARTIALS or any(pattern.fullmatch(name) for pattern, _ in _CONTENT)


def generator_of(base: str, name: str, paths: Sequence[str]) -> Generator | None:
    """Return what settings say, or None.

    Parameters
    ----------
    base : str
        Their folder: "", or a path that ends with a slash.
    name : str
        Name of their file.
    paths : sequence of str
        Paths of all pages.
    """
    if name in _WITHOUT_PARTIALS:
        return Generator(without_partials=True, without_readme=name in _QUARTO)
    for pattern, folder in _CONTENT:
        if pattern.fullmatch(name) and _is_content(f"{base}{folder}/", base, name, paths):
            return Generator(f"{folder}/")
    return None


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
