"""The folder below which the ids of a site are the paths of its pages, found by looking for the pages."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from recommender.readers.pages.page_folder import composed_path, format_of

__all__ = ["built_folder", "path_ids"]

_LOOKED_FOR = 64  # ids
_FEWEST = 0.05  # of them are pages of the folder; a site may have other articles as well


def built_folder(ids: Sequence[str], given: Path, below: Iterable[str] = ()) -> Path | None:
    """Return the folder that was built, among a folder that is given, those above it and some below it.

    Up to 64 ids are looked for in each. The folder with most of them counts, and of equals the given one.

    Parameters
    ----------
    ids : sequence of str
        Ids of the site.
    given : Path
        An absolute path.
    below : iterable of str
        Paths of folders in `given`, with slashes.

    Returns
    -------
    Path or None
        None if no folder has one of twenty of the ids that may be paths.
    """
    paths = [each for each in ids[:: max(1, len(ids) // _LOOKED_FOR)] if _may_be_path(each)]
    places = [posixpath.split(each) for each in paths]

    @cache
    def names(folder: str) -> frozenset[str]:
        try:
            pages = [each for each in os.listdir(folder) if format_of(each)]  # noqa: PTH208  called for many
        except OSError:
            return frozenset()
        return frozenset(name for page in pages for name in path_ids(page))

    def n_found(folder: Path) -> int:
        return sum(name in names(os.path.join(folder, parent)) for parent, name in places)  # noqa: PTH118

    best = max([given, *given.parents, *(given / each for each in below)], key=n_found)
    return best if n_found(best) > _FEWEST * len(places) else None


def path_ids(path: str) -> tuple[str, str]:
    """Return the ids that a page without an id of its own may have: its path without its suffix, and with it.

    Examples
    --------
    >>> path_ids("note/rain.md")
    ('note/rain', 'note/rain.md')
    """
    path = composed_path(path).removesuffix(".gz").removesuffix(".zst")
    return posixpath.splitext(path)[0], path


def _may_be_path(article_id: str) -> bool:
    return "\0" not in article_id and not {"", ".", ".."} & set(article_id.split("/"))
