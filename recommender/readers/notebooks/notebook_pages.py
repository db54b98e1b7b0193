"""Read Jupyter notebooks as pages, where a generator publishes them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path, PurePosixPath

from recommender.errors import Problem
from recommender.readers.markdown.markdown_pages import MarkdownPages
from recommender.readers.notebooks.notebook_source import notebook_markdown
from recommender.readers.pages.page_folder import Found, Page
from recommender.readers.pages.page_format import Content, Head

__all__ = ["NotebookPages", "published_notebooks"]

_READERS = {
    "_quarto.yml": "",
    "_quarto.yaml": "",
    "myst.yml": "",
    "_toc.yml": "",
    "settings.ini": r"^\s*(?:nbs_path|nb_path|lib_name)\b",
    "conf.py": r"\b(?:nbsphinx|myst_nb|jupyter_book|sphinx_gallery_jupyter)\b|^[^#\n]*\*\.ipynb",
    "mkdocs.yml": r"\bmkdocs-jupyter\b|-\s*[\"']?(?:mkdocs-)?jupyter\b|mknotebooks",
    "mkdocs.yaml": r"\bmkdocs-jupyter\b|-\s*[\"']?(?:mkdocs-)?jupyter\b|mknotebooks",
    "pelicanconf.py": r"^[^#\n]*(?:[\"'](?:[\w-]+\.)?ipynb(?:\.markup)?[\"']|\bpelican[_-](?:ipynb|jupyter)(?:\.| import )markup\b)",
}
"""Settings of generators that publish notebooks, and what they then say."""

_ABOVE = 2  # folders above the one that is read in which settings are looked for
_MANY_TIMES = 4  # as many notebooks as pages are what a folder without settings is for


class NotebookPages:
    """Reads notebooks as the Markdown that they hold; see `page_format.PageFormat` and `notebook_markdown`.

    Parameters
    ----------
    now : datetime
        Reference time. Pages with a later date are not published yet.
    """

    def __init__(self, now: datetime) -> None:
        self._pages = MarkdownPages(now)

    def head(self, page: Page) -> Head | Problem:
        """Return the metadata of a notebook."""
        return self._pages.head(_as_markdown(page))

    def parsed(self, page: Page) -> Content:
        """Return the fields of a notebook including its text."""
        return self._pages.parsed(_as_markdown(page))

    def content(self, page: Page, parsed: Content) -> Content:
        """Return what was parsed, with links to the pages that wikilinks name."""
        return self._pages.content(page, parsed)


def _as_markdown(page: Page) -> Page:
    return Page(page.name, page.path, partial(_markdown, page), page.file)


def _markdown(page: Page) -> bytes | Problem:
    if isinstance(page.content, Problem):
        return page.content
    found = notebook_markdown(page.content)
    return found if isinstance(found, Problem) else found.encode("utf-8", "replace")


def published_notebooks(folder: Path, notebooks: Sequence[Found], n_pages: int) -> list[Found]:
    """Return the notebooks of a folder that are pages: those below the settings of a generator that reads them.

    Without such settings they are pages if the folder holds few other pages: then it is a collection of
    notebooks. Otherwise they are what the pages speak of, such as downloads.
    """
    parents = {str(parent) for found in notebooks for parent in PurePosixPath(found.path).parents}
    bases = [base for base in sorted(parents) if _reads_notebooks(folder / base) or _is_of_fastpages(folder / base)]
    if any(map(_reads_notebooks, _above(folder))):
        bases.append(".")
    if "." in bases or (not bases and len(notebooks) > _MANY_TIMES * n_pages):
        return list(notebooks)
    return [found for found in notebooks if any(found.path.startswith(f"{base}/") for base in bases)]


def _above(folder: Path) -> Iterator[Path]:
    """Yield the folders above one, up to the root of its repository."""
    below = folder.resolve()
    for parent in below.parents[:_ABOVE]:
        if (below / ".git").exists():
            return
        yield parent
        below = parent


def _is_of_fastpages(folder: Path) -> bool:
    """Return whether a folder holds the notebooks of a site by Jekyll, which fastpages turns into posts."""
    return folder.name == "_notebooks" and (folder.parent / "_config.yml").is_file()


def _reads_notebooks(folder: Path) -> bool:
    for name, said in _READERS.items():
        try:
            text = (folder / name).read_text("utf-8", "replace")
        except OSError:
            continue
        if re.search(said, text, re.MULTILINE):
            return True
    return False
