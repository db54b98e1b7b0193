"""The function `export` and the table of formats."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from recommender.errors import InputError, Problem
from recommender.export.atomic_write import atomic_write
from recommender.export.html_page import is_page, write_page
from recommender.export.json_folder import is_folder, write_folder
from recommender.export.jsonl_csv import is_csv, is_jsonl, write_csv, write_jsonl
from recommender.export.keyed_lists import KeyedLists
from recommender.export.linked_lists import LinkedLists
from recommender.export.list_source import ListSource
from recommender.export.lists_since import ListsSince
from recommender.export.parquet_table import is_parquet, write_parquet
from recommender.export.related_json import is_related_json, write_related_json
from recommender.export.sqlite import is_sqlite, write_sqlite
from recommender.export.wordpress_posts import is_wp_cli, write_wp_cli
from recommender.links.suggestions import LinkSuggestions
from recommender.lists.related import RelatedList

__all__ = ["FORMATS", "export"]

Lists = Iterable[RelatedList]


@dataclass(frozen=True, slots=True)
class _Options:
    """Entries per list (None for all), whether to write the reasons, and ids of deleted articles to name.

    `deleted` is None if all lists are written.
    """

    k: int | None
    why: bool
    deleted: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class _Format:
    """Writer of a format, and the check that recognises earlier exports.

    `names_deleted` says whether it can hold a part of the lists and name articles that are gone, `has_keys` whether
    lists can stand under other fields than the id.
    """

    is_export: Callable[[Path], bool]
    to_path: Callable[[Path, ListSource, Lists, _Options], int]
    to_stream: Callable[[BinaryIO, ListSource, Lists, _Options], int] | None = None
    folder: bool = False
    names_deleted: bool = False
    has_keys: bool = False


def _streamed(
    is_export: Callable[[Path], bool],
    write: Callable[[BinaryIO, ListSource, Lists, _Options], int],
    **able: bool,
) -> _Format:
    def to_path(path: Path, source: ListSource, lists: Lists, options: _Options) -> int:
        with path.open("xb") as file:
            return write(file, source, lists, options)

    return _Format(is_export, to_path, write, **able)


def _keyed(source: ListSource) -> KeyedLists:
    return source if isinstance(source, KeyedLists) else KeyedLists(source)


def _site(source: ListSource) -> ListSource:
    return source.site if isinstance(source, ListsSince | LinkedLists) else source


def _links(source: ListSource) -> Iterable[LinkSuggestions]:
    return source.links() if isinstance(source, LinkedLists) else ()


_FORMATS = {
    "jsonl": _streamed(
        is_jsonl,
        lambda out, _, lists, options: write_jsonl(out, lists, options.deleted or (), why=options.why),
        names_deleted=True,
    ),
    "json": _streamed(
        is_related_json,
        lambda out, source, lists, options: write_related_json(out, _keyed(source), lists, why=options.why),
        has_keys=True,
    ),
    "json-dir": _Format(
        is_folder,
        lambda out, source, lists, options: write_folder(out, source, lists, why=options.why),
        folder=True,
    ),
    "csv": _streamed(is_csv, lambda out, _, lists, options: write_csv(out, lists, why=options.why)),
    "parquet": _Format(
        is_parquet,
        lambda out, _, lists, options: write_parquet(out, lists, options.deleted or (), why=options.why),
        names_deleted=True,
    ),
    "sqlite": _Format(
        is_sqlite, lambda out, source, lists, options: write_sqlite(out, source, lists, why=options.why)
    ),
    "html": _streamed(
        is_page,
        lambda out, source, lists, options: write_page(
            out, _site(source), lists, k=options.k, why=options.why, links=_links(source)
        ),
    ),
    "wp-cli": _streamed(
        is_wp_cli,
        lambda out, source, lists, options: write_wp_cli(
            out, _site(source).summaries, lists, options.deleted
        ),
        names_deleted=True,
    ),
}

FORMATS = tuple(_FORMATS)
"""Names of the export formats."""


def export(
    source: ListSource,
    out: str | Path | BinaryIO,
    format: str,
    *,
    k: int | None = None,
    why: bool = False,
    progress: Callable[[Lists], Lists] | None = None,
) -> int:
    """Write all lists of a site. The output is replaced atomically.

    Parameters
    ----------
    source : ListSource
        A `Recommender`, or any object with `summaries` and `related_all`. With `ListsSince`, only what changed after a
        version is written, as JSON Lines, Parquet or a file of WP-CLI. With `KeyedLists`, JSON has the lists
        under other fields than the id. With `LinkedLists`, the HTML page has links for the texts.
    out : str, Path or binary stream
        File to write, or folder for ``json-dir``. Text formats also accept an open stream, or ``"-"`` for
        standard output.
    format : str
        One of `FORMATS`.
    k : int or None
        Maximum number of entries per list, at least 1. None writes all entries.
    why : bool
        Whether to write the reasons.
    progress : callable or None
        Wraps the iterable of lists, like ``tqdm``.

    Returns
    -------
    int
        Number of lists written, including empty ones.

    Raises
    ------
    ValueError
        If `format` is unknown or `k` is below 1.
    InputError
        If `out` exists and is not an earlier export of the same format, or the format cannot be streamed, or cannot
        hold a part of the lists.
    RecommenderError
        If the disk is full or `out` cannot be written. Its previous content is unchanged.
    MissingExtraError
        If the format needs a package that is not installed.

    Notes
    -----
    Time is linear in the number of entries. Memory does not grow with the number of lists, except for ``html``,
    ``wp-cli``, and ``json`` with other keys than the id. Equal lists give equal bytes, and a file with the same
    bytes stays as it is. For ``parquet``, ``sqlite`` and the map of ``html`` this holds for equal library
    versions.
    """
    if format not in _FORMATS:
        raise ValueError(f"format must be one of {', '.join(FORMATS)}, got {format!r}")
    if k is not None and k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    chosen = _FORMATS[format]
    options = _Options(k, why, source.deleted if isinstance(source, ListsSince) else None)
    _check_able(format, source)
    lists: Lists = source.related_all(k, why=why)
    if progress is not None:
        lists = progress(lists)

    if out == "-" or not isinstance(out, str | Path):
        if chosen.to_stream is None:
            next_move = "name a file or a folder"
            raise InputError(Problem(f"{format} cannot be written to a stream", next_move=next_move))
        stream = out if not isinstance(out, str | Path) else sys.stdout.buffer
        count = chosen.to_stream(stream, source, lists, options)
        stream.flush()
        return count

    with atomic_write(Path(out), chosen.is_export, folder=chosen.folder) as partial:
        return chosen.to_path(partial, source, lists, options)


def _check_able(format: str, source: ListSource) -> None:
    """Raise InputError if a format cannot hold what the source is."""
    if isinstance(source, ListsSince) and not _FORMATS[format].names_deleted:
        able = " or ".join(name for name, each in _FORMATS.items() if each.names_deleted)
        next_move = f"choose {able}, or export all lists"
        raise InputError(Problem(f"{format} cannot name what was deleted", next_move=next_move))
    if isinstance(source, KeyedLists) and not _FORMATS[format].has_keys:
        able = " or ".join(name for name, each in _FORMATS.items() if each.has_keys)
        raise InputError(Problem(f"{format} has no keys", next_move=f"choose {able}, or name no key"))
    if isinstance(source, LinkedLists) and format != "html":
        raise InputError(
            Problem(f"{format} has no links for texts", next_move="choose html, or recommender links")
        )
