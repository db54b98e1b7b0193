"""The front door of reading: any source in, articles out, every row accounted for."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from types import TracebackType

from recommender.articles import Article
from recommender.errors import InputError, Problem
from recommender.readers.delimited import read_csv, read_tsv
from recommender.readers.feeds import read_feed, read_jsonfeed
from recommender.readers.html_pages import read_html
from recommender.readers.jsonl import read_jsonl
from recommender.readers.markdown import read_markdown
from recommender.readers.parquet import read_parquet
from recommender.readers.recognise import FORMATS, recognise
from recommender.readers.rejects import RejectsFile
from recommender.readers.rows import ArticleMaker, Row
from recommender.readers.sources import Given, Source, name_of, open_source

__all__ = ["ArticleReader", "read_articles"]

_KEPT = 1_000  # problems kept; the rest are counted

_READERS: dict[str, Callable[[Source], Iterator[Row]]] = {
    "jsonl": read_jsonl,
    "csv": read_csv,
    "tsv": read_tsv,
    "parquet": read_parquet,
    "rss": read_feed,
    "jsonfeed": read_jsonfeed,
    "markdown": read_markdown,
    "html": read_html,
}


def read_articles(
    source: Given | Sequence[Given],
    *,
    format: str | None = None,
    on_error: str = "raise",
    rejects: str | Path | None = None,
) -> ArticleReader:
    """Read articles from files, folders, feeds or standard input, one at a time.

    Parameters
    ----------
    source : str, Path, binary file object, or a list of these
        A file (gzip and zstd are unpacked), a folder of Markdown or HTML pages, ``"-"`` for standard input, or an
        open file. Several are read in turn, and an id may occur only once in all of them.
    format : str, optional
        ``jsonl``, ``csv``, ``tsv``, ``parquet``, ``rss`` (RSS 2.0 and Atom), ``jsonfeed``, ``markdown`` or ``html``;
        recognised by content and name if not given.
    on_error : {"raise", "skip"}
        With ``"raise"`` the good articles are yielded, every source is read to its end, and then *all* problems are
        raised as one InputError: write nothing before the reader is exhausted. With ``"skip"`` bad rows are counted
        and left out; a source that cannot be read still raises, at the end.
    rejects : path, optional
        With ``"skip"``: where bad rows go, as JSON Lines of ``source``, ``line``, ``problem`` and ``row``. Written
        afresh, so an empty file says that nothing was rejected.

    Returns
    -------
    ArticleReader
        An iterator of Article that counts what it reads.

    Raises
    ------
    InputError
        At once for an unknown format or a missing path; from the iterator for everything else.
    ValueError
        If `on_error` is neither word, or `rejects` is given without ``"skip"`` or names a source.

    Notes
    -----
    Fields are ``id`` (or ``article_id``), ``title``, ``text`` (or ``body``), ``published``, ``section``, ``language``,
    ``url`` and ``metadata``; of two names of one field the first with a value counts, and every other field is kept as
    metadata. A whole number is taken as an id and turned into text. A URL is never taken as the id, except the link
    of a feed's entry. Empty optional fields are taken as absent. Problems are placed as ``file:line``, where the line
    is the one where the row starts, for Parquet the row, for JSON Feed the item, from 1.

    Memory is that of one row plus, to find ids seen twice, about 70 bytes an article and its id.

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
    problems = list(_refused(sources, format))
    if problems:
        raise InputError(problems)
    if rejects is not None:
        _must_not_overwrite(sources, Path(rejects))
    return ArticleReader(sources, format, on_error, None if rejects is None else Path(rejects))


class ArticleReader(Iterator[Article]):
    """Iterates once over the articles of some sources; made by `read_articles`.

    Attributes
    ----------
    n_read, n_rejected, n_blank : int
        Articles yielded, rows found bad and blank lines passed over so far. Together they are all rows.
    n_problems : int
        Problems found so far; a bad row may have several.
    problems : list of Problem
        The first 1,000 of them, those of sources that cannot be read before those of rows.
    """

    def __init__(
        self, sources: Sequence[Given], format: str | None, on_error: str, rejects: Path | None
    ) -> None:
        self.n_read = self.n_rejected = self.n_blank = self.n_problems = 0
        self.problems: list[Problem] = []
        self._fatal = on_error == "raise"
        self._rejects = rejects
        self._articles = self._read(sources, format)

    def __iter__(self) -> ArticleReader:
        return self

    def __next__(self) -> Article:
        return next(self._articles)

    def close(self) -> None:
        """Stop reading, and close the files that were opened, the rejects included."""
        self._articles.close()

    def __enter__(self) -> ArticleReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _read(self, sources: Sequence[Given], format: str | None) -> Generator[Article, None, None]:
        maker = ArticleMaker()
        with RejectsFile(self._rejects) as rejects:
            for row in (row for given in sources for row in _rows(given, format)):
                content = row.content
                if isinstance(content, dict):
                    made = maker.make(row.source, row.line, content)
                    if isinstance(made, Article):
                        self.n_read += 1
                        yield made
                    else:
                        self._reject(made)
                        rejects.write(row, made)
                elif content is None:
                    self.n_blank += 1
                elif isinstance(content, InputError):
                    self._fatal = True
                    self.n_problems += len(content.problems)
                    self.problems[:0] = content.problems  # first, lest a thousand bad rows bury them
                else:
                    placed = [content.at(row.source, row.line)]
                    self._reject(placed)
                    rejects.write(row, placed)
        if self._fatal and self.n_problems:
            more = self.n_problems - len(self.problems)
            raise InputError(self.problems + ([Problem(f"and {more:,} more problems")] if more else []))

    def _reject(self, problems: Sequence[Problem]) -> None:
        self.n_rejected += 1
        self.n_problems += len(problems)
        self.problems += problems[: max(0, _KEPT - len(self.problems))]


def _rows(given: Given, format: str | None) -> Iterator[Row]:
    """Yield the rows of one source, and last, if it cannot be read to its end, the reason."""
    line: int | None = None
    try:
        with open_source(given) as source:
            for row in _READERS[recognise(source, format)](source):
                line = row.line
                yield row
    except InputError as error:
        yield Row(name_of(given), line, error)


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
