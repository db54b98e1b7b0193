"""The door of the package: a source of lists, a place and a format in, the number of lists written out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from recommender.errors import InputError, Problem
from recommender.export.atomic_write import aside
from recommender.export.html_page import is_page, write_page
from recommender.export.json_folder import is_folder, write_folder
from recommender.export.jsonl_csv import is_csv, is_jsonl, write_csv, write_jsonl
from recommender.export.list_source import ListSource
from recommender.export.parquet_table import is_parquet, write_parquet
from recommender.export.sqlite import is_sqlite, write_sqlite
from recommender.ranking.related import RelatedList

__all__ = ["FORMATS", "export"]

Lists = Iterable[RelatedList]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What an export was asked for: entries a list (None for all that are kept), and whether with reasons."""

    k: int | None
    why: bool


@dataclass(frozen=True, slots=True)
class _Format:
    """How a format is written, and how an earlier export of it is recognised."""

    is_ours: Callable[[Path], bool]
    to_path: Callable[[Path, ListSource, Lists, _Asked], int]
    to_stream: Callable[[BinaryIO, ListSource, Lists, _Asked], int] | None = None
    folder: bool = False


def _streamed(
    is_ours: Callable[[Path], bool], write: Callable[[BinaryIO, ListSource, Lists, _Asked], int]
) -> _Format:
    def to_path(path: Path, source: ListSource, lists: Lists, asked: _Asked) -> int:
        with path.open("xb") as file:
            return write(file, source, lists, asked)

    return _Format(is_ours, to_path, write)


_FORMATS = {
    "jsonl": _streamed(is_jsonl, lambda out, _, lists, asked: write_jsonl(out, lists, why=asked.why)),
    "json-dir": _Format(
        is_folder,
        lambda out, source, lists, asked: write_folder(out, source, lists, why=asked.why),
        folder=True,
    ),
    "csv": _streamed(is_csv, lambda out, _, lists, asked: write_csv(out, lists, why=asked.why)),
    "parquet": _Format(is_parquet, lambda out, _, lists, asked: write_parquet(out, lists, why=asked.why)),
    "sqlite": _Format(
        is_sqlite, lambda out, source, lists, asked: write_sqlite(out, source, lists, why=asked.why)
    ),
    "html": _streamed(
        is_page, lambda out, source, lists, asked: write_page(out, source, lists, k=asked.k, why=asked.why)
    ),
}

FORMATS = tuple(_FORMATS)
"""Names of the formats that `export` writes."""


def export(
    source: ListSource,
    out: str | Path | BinaryIO,
    format: str,
    *,
    k: int | None = None,
    why: bool = False,
    progress: Callable[[Lists], Lists] | None = None,
) -> int:
    """Write all lists of a site, whole or not at all.

    Parameters
    ----------
    source : ListSource
        A `Recommender`, or anything with its `summaries` and `related_all`.
    out : str, Path or binary stream
        A file (a folder for ``json-dir``), replaced only when the new one is complete; for the formats
        of text also an open stream, or ``"-"`` for standard output.
    format : str
        One of `FORMATS`.
    k : int or None
        Entries a list, at least 1; None for all that are kept.
    why : bool
        Write the reasons too.
    progress : callable or None
        Wraps the iterable of lists, as ``tqdm`` does.

    Returns
    -------
    int
        Number of lists written, empty ones included.

    Raises
    ------
    ValueError
        If `format` is unknown or `k` is below 1.
    InputError
        If `out` is something that this export may not replace.
    RecommenderError
        If the disk is full or the place cannot be written; what was there is unchanged.
    MissingExtraError
        If the format needs a package that is not installed.

    Notes
    -----
    Time is linear in the number of entries. Memory does not grow with the number of lists, save for
    ``html``. The same lists give the same bytes (``parquet``, ``sqlite`` and the map of ``html``: by the same
    library version).
    """
    if format not in _FORMATS:
        raise ValueError(f"format must be one of {', '.join(FORMATS)}, got {format!r}")
    if k is not None and k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    chosen = _FORMATS[format]
    lists: Lists = source.related_all(k, why=why)
    if progress is not None:
        lists = progress(lists)

    if out == "-" or not isinstance(out, str | Path):
        if chosen.to_stream is None:
            raise InputError(Problem(f"{format} cannot go down a pipe", next_move="name a file or a folder"))
        stream = out if not isinstance(out, str | Path) else sys.stdout.buffer
        count = chosen.to_stream(stream, source, lists, _Asked(k, why))
        stream.flush()
        return count

    with aside(Path(out), chosen.is_ours, folder=chosen.folder) as partial:
        return chosen.to_path(partial, source, lists, _Asked(k, why))
