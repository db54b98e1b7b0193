"""The table of contents of a book by Jupyter Book or MyST: its home page, and the pages that it lists."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from recommender.readers.pages.settings_values import settings_values

__all__ = ["BOOKS", "BookContents", "book_contents"]

BOOKS = ("myst.yml", "_toc.yml")
"""Files that hold a table of contents."""

_PATTERNS = frozenset(("glob", "globs", "pattern"))
_SUFFIX = re.compile(r"\.(?:md|ipynb|rst|qmd|tex|txt|py)$")


class BookContents(NamedTuple):
    """What a table of contents says. Paths lie below it, without suffix.

    Parameters
    ----------
    home : str
        The first page.
    pages : frozenset of str
        All pages. Empty if a pattern lists some of them.
    """

    home: str
    pages: frozenset[str]


def book_contents(file: Path) -> BookContents | None:
    r"""Return the table of contents in a file, or None if it has none.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "_toc.yml"
    >>> _ = file.write_text("root: intro\nchapters:\n- file: rain\n  sections: [{file: wind.md}]")
    >>> contents = book_contents(file)
    >>> contents.home, sorted(contents.pages)
    ('intro', ['intro', 'rain', 'wind'])
    """
    values = settings_values(file)
    if file.name == "myst.yml":
        project = values.get("project") if isinstance(values, dict) else None
        values = project.get("toc") if isinstance(project, dict) else None
    named = list(_named(values))
    pages = [posixpath.normpath(_SUFFIX.sub("", value)) for key, value in named if key not in _PATTERNS]
    if not pages:
        return None
    is_open = any(key in _PATTERNS for key, _ in named)
    return BookContents(pages[0], frozenset() if is_open else frozenset(pages))


def _named(values: Any) -> Iterator[tuple[str, str]]:
    """Yield the files and patterns that a table names, in their order."""
    if isinstance(values, list):
        for each in values:
            yield from _named(each)
    elif isinstance(values, dict):
        for key, value in values.items():
            if isinstance(value, str):
                if key in ("file", "root") or key in _PATTERNS:
                    yield key, value
            else:
                yield from _named(value)
