"""The public function `read_articles` and the checks of its arguments."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypedDict, Unpack

from recommender.dates import parse_iso_date
from recommender.errors import InputError, Problem
from recommender.progress import Progress, no_progress
from recommender.readers.article_maker import ArticleMaker
from recommender.readers.article_reader import ArticleReader
from recommender.readers.inputs.sources import Given
from recommender.readers.page_rows import PageOptions
from recommender.readers.recognise import FORMATS
from recommender.readers.records.named_fields import NamedFields
from recommender.readers.records.publication import KEEPABLE
from recommender.readers.source_rows import ReadOptions

__all__ = ["PublicationOptions", "read_articles", "shared_folder"]


class PublicationOptions(TypedDict, total=False):
    """Keyword options of `read_articles`: which rows are left out, how fields are called, and what progress is told to."""

    keep: str | Collection[str]
    now: datetime | str | None
    exclude: str | Collection[str]
    fields: Mapping[str, str] | None
    progress: Progress


def read_articles(
    source: Given | Sequence[Given],
    *,
    format: str | None = None,
    on_error: str = "raise",
    rejects: str | Path | None = None,
    id: str | None = None,
    **publication: Unpack[PublicationOptions],
) -> ArticleReader:
    """Read articles from files, folders, feeds or standard input, one at a time.

    Rows that are not published articles are left out and counted: drafts, private and scheduled posts,
    redirects, error pages, tag and section pages, and so on.

    Parameters
    ----------
    source : str, Path, binary file object, or a list of these
        A file (gzip and zstd are unpacked), a folder of pages, ``"-"`` for standard input,
        or an open file. Several sources are read in order. Ids must be unique across all of them.
    format : str, optional
        One of `recommender.readers.FORMATS`. By default it is recognised from content and name. For a folder,
        ``markdown`` or ``html`` restricts reading to pages of that format.
    on_error : {"raise", "skip"}
        With ``"raise"``, valid articles are yielded, all sources are read to the end, and then *all* problems
        are raised as one InputError. Do not write results before the reader is exhausted. With ``"skip"``,
        bad rows are counted and skipped. An unreadable source still raises an error at the end.
    rejects : path, optional
        File for the bad rows, as JSON Lines of ``source``, ``line``, ``problem`` and ``row``. Requires
        ``"skip"``. An existing file is overwritten. The file is empty if no row was rejected.
    id : str, optional
        Field used as the id: ``"path"`` of a page without its suffix, ``"file"`` with it, ``"url"``, or the name
        of a field. By default the articles' own ids. If these repeat within a source, all its articles use their
        path, or else their URL. Paths are those below the folder, or below the folder that holds all folders if
        there are several.
    keep : "all" or collection of str
        Reasons for which rows are not left out, from `recommender.readers.KEEPABLE`, such as ``["draft"]``.
        By default empty.
    now : datetime or str, optional
        Reference time. Pages whose front matter has a later date are not published yet. By default the
        current time.
    exclude : str or collection of str, optional
        Patterns of paths of pages that are left out unread, such as ``"tags/*"``. A ``*`` also matches slashes, and a
        pattern matches the whole path, which is that below the folder, or below the folder that holds all folders.
        By default empty.
    fields : mapping of str to str, optional
        What the source calls ``title``, ``text``, ``published``, ``section``, ``language``, ``url``, ``description``,
        ``image``, ``author`` or ``tags``, where this is not recognised: ``{"title": "ueberschrift"}``.
    progress : callable, optional
        Called as ``progress("heads of pages", done, total)`` during the first pass over the pages of a folder. What
        takes the articles tells of the second pass.

    Returns
    -------
    ArticleReader
        An iterator over Article objects that also counts rows, problems and warnings.

    Raises
    ------
    InputError
        Immediately for an unknown format or a missing path; from the iterator for all other problems.
    ValueError
        If `on_error`, `keep`, `now`, `exclude` or `fields` is invalid, if `rejects` is given without ``"skip"``, or if
        it is a source.

    Warns
    -----
    UserWarning
        When the reader is exhausted: one warning per kind of unreadable optional field, with the count and
        the first occurrence.

    Notes
    -----
    Fields are ``id``, ``title``, ``text``, ``published``, ``section``, ``language``, ``url``,
    ``description``, ``image`` and ``metadata``. Other common names are recognised. All remaining fields are
    kept as metadata. An unreadable optional field is dropped with a warning. Problems are located as
    ``file:line``, where the line is the first line of the row. For Parquet and JSON documents it is the row
    number, counted from 1.

    Where the pages of a folder take more than two seconds to parse, the processes of ``joblib.parallel_config(n_jobs=...)``
    share it, or those of the build that reads them.

    Memory use is one row, plus each id and about 70 bytes per article for detecting repeated ids. Feeds and
    JSON documents are parsed whole, up to 256 MiB.

    Examples
    --------
    >>> import io
    >>> reader = read_articles(io.BytesIO(b'{"id": 7, "title": "Rain in May"}'))
    >>> [article.article_id for article in reader], reader.n_read
    (['7'], 1)
    """
    several = isinstance(source, Sequence) and not isinstance(source, str | bytes)
    sources: list[Given] = list(source) if several else [source]  # type: ignore[arg-type, list-item]
    wrong = [each for each in sources if not isinstance(each, str | Path) and not hasattr(each, "read")]
    if wrong:
        raise TypeError(
            f"source must be a path, a binary file object, or a list of these, got {wrong[0]!r:.80}"
        )
    if on_error not in ("raise", "skip"):
        raise ValueError(f"on_error must be 'raise' or 'skip', got {on_error!r}")
    if rejects is not None and on_error != "skip":
        raise ValueError("rejects requires on_error='skip', got on_error='raise'")
    if unknown := sorted(publication.keys() - PublicationOptions.__annotations__.keys()):
        raise TypeError(f"read_articles() got an unexpected keyword argument {unknown[0]!r}")
    pages = PageOptions(
        exclude=_patterns(publication.get("exclude", ())), progress=publication.get("progress", no_progress)
    )
    named = NamedFields.of(publication.get("fields"))
    options = ReadOptions(format, id, _moment(publication.get("now")), pages, shared_folder(sources), named)
    kept = _kept(publication.get("keep", ()))
    problems = list(_source_problems(sources, format))
    if problems:
        raise InputError(problems)
    if rejects is not None:
        _check_rejects(sources, Path(rejects))
    place = None if rejects is None else Path(rejects)
    return ArticleReader(sources, options, ArticleMaker(kept), place, is_strict=on_error == "raise")


def shared_folder(sources: Sequence[Given]) -> Path | None:
    """Return the folder that holds all folders of pages, or None if there are fewer than two."""
    folders = [
        Path(each).resolve() for each in sources if isinstance(each, str | Path) and Path(each).is_dir()
    ]
    try:
        return Path(os.path.commonpath(folders)) if len(folders) > 1 else None
    except ValueError:  # on two drives of Windows
        return None


def _moment(now: datetime | str | None) -> datetime:
    try:
        return datetime.now(UTC) if now is None else parse_iso_date(now)
    except ValueError as error:
        raise ValueError(f"now must be a time such as 2026-05-01T09:30:00Z, got {error}") from error


def _kept(keep: str | Collection[str]) -> frozenset[str]:
    if keep == "all":
        return frozenset(KEEPABLE)
    names = frozenset([keep] if isinstance(keep, str) else keep)
    if unknown := sorted(names - set(KEEPABLE)):
        raise ValueError(
            f"keep must be 'all' or some of {', '.join(KEEPABLE)}, got {', '.join(map(repr, unknown))}"
        )
    return names


def _patterns(exclude: str | Collection[str]) -> tuple[str, ...]:
    patterns = (exclude,) if isinstance(exclude, str) else tuple(exclude)
    if wrong := [each for each in patterns if not isinstance(each, str) or not each]:
        raise ValueError(f"exclude must be patterns of paths such as 'tags/*', got {wrong[0]!r}")
    return tuple(each.removeprefix("./") for each in patterns)


def _source_problems(sources: Sequence[Given], format: str | None) -> Iterator[Problem]:
    if format is not None and format not in FORMATS:
        yield Problem("unknown format", repr(format), f"use one of {', '.join(FORMATS)}")
    for source in sources:
        if isinstance(source, str | Path) and str(source) != "-" and not Path(source).exists():
            yield Problem("no such file or folder", "", "check the path", str(source))


def _check_rejects(sources: Sequence[Given], rejects: Path) -> None:
    for source in sources:
        if (
            isinstance(source, str | Path)
            and rejects.exists()
            and str(source) != "-"
            and rejects.samefile(source)
        ):
            raise ValueError(f"rejects would overwrite the source {str(source)!r}; choose another file")
