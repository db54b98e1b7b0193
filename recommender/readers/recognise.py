"""Which format a source is in: by its content where that tells, else by its name."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from recommender.errors import InputError, Problem
from recommender.readers.folder import SUFFIXES, paths_in
from recommender.readers.rows import ID_NAMES
from recommender.readers.sources import Source

__all__ = ["FORMATS", "recognise"]

FORMATS = ("jsonl", "csv", "tsv", "parquet", "rss", "jsonfeed", "markdown", "html")

_BY_SUFFIX = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".parquet": "parquet",
    ".rss": "rss",
    ".atom": "rss",
    ".xml": "rss",
    **{suffix: name for name, suffixes in SUFFIXES.items() for suffix in suffixes},
}
_JSON_FEED = re.compile(rb'"version"\s*:\s*"https?:\\?/\\?/jsonfeed\.org\\?/version\\?/')
_ROOT = re.compile(rb"<(rss|feed|rdf:rdf|html|head|body)\b|<!doctype\s+(html|rss)\b", re.IGNORECASE)
_NAME_FILES = "name the files themselves, or a folder of pages"
_PAGE_ROOTS = (b"html", b"head", b"body")


def recognise(source: Source, named: str | None = None) -> str:
    """Return the name of the format of an opened source, which is `named` if that is given.

    Raises
    ------
    InputError
        If neither the content nor the name tells, a folder holds pages of two formats, or `named` is not for folders.
    """
    if source.path is not None and source.path.is_dir():
        return _of_folder(source.path, named)
    if named is not None:
        return named
    told = _by_content(source.head) or _BY_SUFFIX.get(_suffix(source.name))
    if told is None and not source.head.strip():
        return "jsonl"  # nothing in, no articles out
    if told is None:
        shown = repr(source.head[:30].decode("utf-8", "backslashreplace"))
        move = f"name it with format= or --format: {', '.join(FORMATS)}"
        raise InputError(Problem("format not recognised", shown, move, source.name))
    return told


def _by_content(head: bytes) -> str | None:
    start = head.lstrip()
    if head.startswith(b"PAR1"):
        return "parquet"
    if start.startswith((b"{", b"[")):
        return "jsonfeed" if _JSON_FEED.search(head) else "jsonl"
    if start.startswith(b"<"):
        root = _ROOT.search(start)
        if root is None:
            return None
        return "html" if (root[1] or root[2]).lower() in _PAGE_ROOTS else "rss"
    return _by_header(start.partition(b"\n")[0])


def _by_header(header: bytes) -> str | None:
    """Return the table format whose delimiter makes a column of an id's name in the header, if one does."""
    ids = {name.encode() for name in ID_NAMES}
    for delimiter, name in ((b"\t", "tsv"), (b",", "csv"), (b";", "csv")):
        columns = [column.strip().strip(b'"') for column in header.split(delimiter)]
        if len(columns) > 1 and ids & set(columns):
            return name
    return None


def _suffix(name: str) -> str:
    return Path(name.lower().removesuffix(".gz").removesuffix(".zst")).suffix


def _of_folder(folder: Path, named: str | None) -> str:
    if named is not None:
        if named not in SUFFIXES:
            raise InputError(
                Problem(f"{named} is read from files, and this is a folder", "", _NAME_FILES, str(folder))
            )
        return named
    found = Counter(_BY_SUFFIX[path.suffix.lower()] for path in paths_in(folder, sum(SUFFIXES.values(), ())))
    if len(found) == 1:
        return next(iter(found))
    if not found:
        raise InputError(Problem("no .md and no .html files in this folder", "", _NAME_FILES, str(folder)))
    got = " and ".join(f"{count:,} {name}" for name, count in sorted(found.items()))
    raise InputError(
        Problem("pages of two formats in one folder", got, "choose with format= or --format", str(folder))
    )
