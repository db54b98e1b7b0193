"""The front door of reading: any source in, articles out, every row accounted for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from recommender.dates import parse_iso_date
from recommender.errors import InputError, Problem
from recommender.readers.article_maker import ArticleMaker
from recommender.readers.article_reader import ArticleReader
from recommender.readers.inputs.sources import Given
from recommender.readers.recognise import FORMATS
from recommender.readers.records.publication import REASONS
from recommender.readers.source_rows import ReadOptions

__all__ = ["read_articles"]


def read_articles(
    source: Given | Sequence[Given],
    *,
    format: str | None = None,
    on_error: str = "raise",
    rejects: str | Path | None = None,
    id: str | None = None,
    keep: str | Collection[str] = (),
    now: datetime | str | None = None,
) -> ArticleReader:
    """Read articles from files, folders, feeds or standard input, one at a time.

    What is not published is left out and counted: drafts, private and scheduled posts, redirects, error pages, tag and
    section pages, and so on.

    Parameters
    ----------
    source : str, Path, binary file object, or a list of these
        A file (gzip and zstd are unpacked), a folder of Markdown or HTML pages, ``"-"`` for standard input, or an
        open file. Several are read in turn, and an id may occur only once in all of them.
    format : str, optional
        One of `recommender.readers.FORMATS`; recognised by content and name if not given. For a folder ``markdown`` or
        ``html`` reads the pages of that format only.
    on_error : {"raise", "skip"}
        With ``"raise"`` the good articles are yielded, every source is read to its end, and then *all* problems are
        raised as one InputError: write nothing before the reader is exhausted. With ``"skip"`` bad rows are counted
        and left out; a source that cannot be read still raises, at the end.
    rejects : path, optional
        With ``"skip"``: where bad rows go, as JSON Lines of ``source``, ``line``, ``problem`` and ``row``. Written
        afresh, so an empty file says that nothing was rejected.
    id : str, optional
        What names the articles: ``"path"`` of a page, ``"url"``, or the name of a field. By default their own ids; where
        these repeat within a source, the path or else the URL of all its articles.
    keep : "all" or collection of str
        What is kept although it is not published, by the names of `recommender.readers.REASONS`, such as ``["draft"]``.
    now : datetime or str, optional
        The moment at which pages with a later date in their front matter are not published yet; by default the current one.

    Returns
    -------
    ArticleReader
        An iterator of Article that counts what it reads.

    Raises
    ------
    InputError
        At once for an unknown format or a missing path; from the iterator for everything else.
    ValueError
        If `on_error`, `keep` or `now` is none of what it may be, or `rejects` is given without ``"skip"`` or names a source.

    Warns
    -----
    UserWarning
        Once the reader is exhausted, for each kind of optional field that could not be read: how many, and the first.

    Notes
    -----
    Fields are ``id``, ``title``, ``text``, ``published``, ``section``, ``language``, ``url``, ``description``, ``image`` and
    ``metadata``, under these and other usual names; every other field is kept as metadata. An optional field that cannot
    be read costs that field and a warning. Problems are placed as ``file:line``, where the line is the one where
    the row starts, for Parquet and JSON documents the number of the row, from 1.

    Memory is that of one row plus, to find ids seen twice, about 70 bytes an article and its id. Feeds and JSON documents
    are parsed whole, up to 256 MiB.

    Examples
    --------
    >>> import io
    >>> reader = read_articles(io.BytesIO(b'{"id": 7, "title": "Rain in May"}'))
    >>> [article.article_id for article in reader], reader.n_read
    (['7'], 1)
    """
    several = isinstance(source, Sequence) and not isinstance(source, str)
    sources: list[Given] = list(source) if several else [source]  # type: ignore[arg-type, list-item]
    if on_error not in ("raise", "skip"):
        raise ValueError(f"on_error must be 'raise' or 'skip', got {on_error!r}")
    if rejects is not None and on_error != "skip":
        raise ValueError("rejects is written with on_error='skip' only, got on_error='raise'")
    options = ReadOptions(format, id, _moment(now))
    kept = _kept(keep)
    problems = list(_refused(sources, format))
    if problems:
        raise InputError(problems)
    if rejects is not None:
        _must_not_overwrite(sources, Path(rejects))
    place = None if rejects is None else Path(rejects)
    return ArticleReader(sources, options, ArticleMaker(kept), place, is_strict=on_error == "raise")


def _moment(now: datetime | str | None) -> datetime:
    try:
        return datetime.now(UTC) if now is None else parse_iso_date(now)
    except ValueError as error:
        raise ValueError(f"now must be a moment such as 2026-05-01T09:30:00Z, got {error}") from error


def _kept(keep: str | Collection[str]) -> frozenset[str]:
    if keep == "all":
        return frozenset(REASONS)
    names = frozenset([keep] if isinstance(keep, str) else keep)
    if unknown := sorted(names - REASONS.keys()):
        raise ValueError(
            f"keep must be 'all' or some of {', '.join(REASONS)}, got {', '.join(map(repr, unknown))}"
        )
    return names


def _refused(sources: Sequence[Given], format: str | None) -> Iterator[Problem]:
    if format is not None and format not in FORMATS:
        yield Problem("unknown format", repr(format), f"use one of {', '.join(FORMATS)}")
    for source in sources:
        if isinstance(source, str | Path) and str(source) != "-" and not Path(source).exists():
            yield Problem("no such file or folder", "", "check the path", str(source))


def _must_not_overwrite(sources: Sequence[Given], rejects: Path) -> None:
    for source in sources:
        if (
            isinstance(source, str | Path)
            and rejects.exists()
            and str(source) != "-"
            and rejects.samefile(source)
        ):
            raise ValueError(f"rejects would overwrite the source {str(source)!r}; name another file")
