"""Which pages of a folder are published, by the settings of site generators in it and above it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Self

from recommender.readers.pages.generator_settings import Generator, generator_above, generator_of
from recommender.readers.pages.page_folder import Found, format_of
from recommender.readers.pages.page_paths import BESIDE_PAGES, path_reason

__all__ = ["PublishedPages"]

_REPOSITORY_FILES = re.compile(
    r"\.git|pelicanconf\.py|package\.json|Gemfile|pyproject\.toml|mkdocs\.ya?ml|_config\.(?:ya?ml|toml)"
    r"|(?:hugo|config)\.(?:toml|yaml|json)|_quarto\.ya?ml"
    r"|\.?(?:docusaurus|eleventy|astro|vitepress|gatsby-)\.?config\.\w+|\.eleventy\.js|zola\.toml|book\.toml"
)
"""File names that mark a folder as the repository of a site, not only its content."""


_NEEDS_FRONT_MATTER = re.compile(r"_config\.ya?ml|(?:astro|next|gatsby-|contentlayer)\.?config\.\w+")
_READS_ALL = re.compile(r"(?:docusaurus|vitepress)\.config\.\w+|mkdocs\.ya?ml|_toc\.yml|conf\.py")


class PublishedPages(NamedTuple):
    """What a folder is, by its files.

    Parameters
    ----------
    is_site : bool
        Whether there are several pages. A single one is read whatever its path is.
    is_rendered : bool
        Whether it is the output of a generator.
    is_repository : bool
        Whether it is the repository of a site.
    generators : dict of str to tuple of Generator
        Generators by the folder of their settings: "", or a path that ends with a slash.
    needs_front_matter : bool
        Whether it is the repository of a site whose generator publishes Markdown with front matter alone.
    tops : tuple of str
        Folders of pages whose names are those of folders without pages, such as ``public/``.
    """

    is_site: bool
    is_rendered: bool
    is_repository: bool
    generators: dict[str, tuple[Generator, ...]]
    needs_front_matter: bool = False
    tops: tuple[str, ...] = ()

    @classmethod
    def of(cls, folder: Path | None, files: Sequence[Found], settings: Iterable[str], n_html: int) -> Self:
        """Return what a folder is.

        Parameters
        ----------
        folder : Path or None
            None for a single file.
        files : sequence of Found
            Its pages.
        settings : iterable of str
            Paths of the settings of generators in it.
        n_html : int
            Number of pages in HTML.
        """
        names = [] if folder is None else [entry.name for entry in folder.iterdir()]
        paths = [found.path for found in files]
        generators: dict[str, tuple[Generator, ...]] = {}
        if folder is not None and (above := generator_above(folder)):
            generators[""] = (above,)
        for place in settings:
            base, name = posixpath.split(place)
            base += "/" * bool(base)
            if folder is not None and (found := generator_of(folder, base, name, paths)):
                generators[base] = (*generators.get(base, ()), found)
        return cls(
            len(files) > 1,
            2 * n_html > len(files),  # the output of a generator may contain a README
            any(_REPOSITORY_FILES.fullmatch(name) for name in names),
            generators,
            any(map(_NEEDS_FRONT_MATTER.fullmatch, names)) and not any(map(_READS_ALL.fullmatch, names)),
            _tops([path for path in paths if format_of(path) != "html"], generators),
        )

    @property
    def copies_html(self) -> bool:
        """Whether a generator copies HTML without front matter as it is: demos and reports beside the pages."""
        return any(generator.jekyll is not None for found in self.generators.values() for generator in found)

    def reason(self, path: str) -> str | None:
        """Return the reason to leave out a page by its path, or None."""
        if not self.is_site:
            return None
        is_rendered = self.is_rendered or format_of(path) == "html"
        top = next((top for top in self.tops if path.startswith(top)), "")
        reason = path_reason(path.removeprefix(top), is_rendered, self.is_repository)
        if reason is None and self._is_home(path):
            return "section"
        if reason is None and any(
            generator.wrote(path.removeprefix(place)) for place, generator in self._generators_above(path)
        ):
            return "copy"
        if reason is None and (self._is_code(path) or not self._is_published(path)):
            return "template"
        return "unlisted" if reason is None and not self._is_listed(path) else reason

    def _is_home(self, path: str) -> bool:
        """Return whether a page is the home page of a generator whose settings lie above it."""
        return any(
            generator.is_home(path.removeprefix(place)) for place, generator in self._generators_above(path)
        )

    def _is_code(self, path: str) -> bool:
        """Return whether a page is a note on a component of a site by Gatsby, Astro or Next.js, beside its code."""
        return self.needs_front_matter and path.startswith("src/components/")

    def _is_listed(self, path: str) -> bool:
        """Return whether the nearest table of contents above a page lists it, or there is none."""
        pages = (
            (place, generator.contents.pages)
            for place, generator in self._generators_above(path)
            if generator.contents is not None
        )
        place, listed = next(pages, ("", frozenset()))
        return not listed or posixpath.splitext(path.removeprefix(place))[0] in listed

    def _is_published(self, path: str) -> bool:
        """Return whether each generator whose settings lie above a page publishes it."""
        return all(
            generator.publishes(path.removeprefix(place)) for place, generator in self._generators_above(path)
        )

    def _generators_above(self, path: str) -> Iterator[tuple[str, Generator]]:
        """Yield the generators whose settings lie above a page, the nearest first, each with the folder of its settings."""
        for place in _folders_of(path) if self.generators else ():
            for generator in self.generators.get(place, ()):
                yield place, generator


def _tops(sources: Sequence[str], generators: Mapping[str, Sequence[Generator]]) -> tuple[str, ...]:
    """Return the folders at the top that hold pages although folders of their names do not.

    Such a folder holds most of the sources, and no site lies in a folder beside it. Or it has an index, and Sphinx or a book
    reads all folders.
    """
    reads_all = any(generator.reads_all for generator in generators.get("", ()))
    indexes = {posixpath.splitext(path)[0] for path in sources} if reads_all else set()
    tops = []
    for folder in sorted(BESIDE_PAGES):
        is_beside = any(base and not base.startswith(f"{folder}/") for base in generators)
        n_inside = sum(path.startswith(f"{folder}/") for path in sources)
        if (2 * n_inside > len(sources) and not is_beside) or f"{folder}/index" in indexes:
            tops.append(f"{folder}/")
    return tuple(tops)


def _folders_of(path: str) -> Iterator[str]:
    """Yield the folders of a page, the nearest first, each with a slash at its end, and ""."""
    while path := posixpath.dirname(path):
        yield f"{path}/"
    yield ""
