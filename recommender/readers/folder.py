"""A folder of pages, one article a file; also a single page from a file or standard input."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from recommender.errors import InputError, Problem
from recommender.readers.sources import MAX_DOCUMENT_BYTES, Source, read_whole

__all__ = ["SUFFIXES", "Page", "pages_of", "paths_in"]

SUFFIXES: dict[str, tuple[str, ...]] = {"markdown": (".md", ".markdown"), "html": (".html", ".htm", ".xhtml")}


class Page(NamedTuple):
    """One file: what messages call it, the id its place gives it, and its bytes or why there are none."""

    name: str
    page_id: str
    content: bytes | Problem


def pages_of(source: Source, format: str) -> Iterator[Page]:
    """Yield the pages of a folder in order of their paths, or the one page that a file or a stream is.

    The id is the path in the folder without its suffix, with ``/`` between the parts; for a single file its
    name without suffix; for a stream there is none.

    Raises
    ------
    InputError
        If the folder holds no page of the format.
    """
    folder = source.path
    if folder is None or not folder.is_dir():
        bare = "" if folder is None else folder.name.removesuffix(".gz").removesuffix(".zst")
        yield Page(source.name, Path(bare).stem, read_whole(source))
        return
    path = None
    for path in paths_in(folder, SUFFIXES[format]):
        page_id = path.relative_to(folder).with_suffix("").as_posix()
        yield Page(str(path), page_id, _content(path))
    if path is None:
        wanted = " or ".join(SUFFIXES[format])
        raise InputError(
            Problem(f"no {wanted} files in this folder", "", "check the path and --format", str(folder))
        )


def paths_in(folder: Path, suffixes: tuple[str, ...]) -> Iterator[Path]:
    """Yield the files with these suffixes, folder by folder in order of name; names that start with a dot are left out."""
    for parent, folders, files in os.walk(folder, onerror=_stop):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if name.lower().endswith(suffixes) and not name.startswith("."):
                yield Path(parent, name)


def _content(path: Path) -> bytes | Problem:
    try:
        if path.stat().st_size > MAX_DOCUMENT_BYTES:
            return Problem(f"page longer than {MAX_DOCUMENT_BYTES // 2**20} MiB", "", "split it")
        return path.read_bytes()
    except OSError as error:
        return Problem("page cannot be read", str(error.strerror), "check the file and its permissions")


def _stop(error: OSError) -> None:
    raise error  # os.walk would pass over a folder that it may not list
