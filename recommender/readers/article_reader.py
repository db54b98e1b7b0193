"""Iterator over articles that accounts for every row."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from recommender.articles import Article
from recommender.errors import InputError, Problem
from recommender.readers.accounts import KEPT, Cautions, SourceAccount
from recommender.readers.article_maker import ArticleMaker, id_of
from recommender.readers.inputs.sources import Given, name_of
from recommender.readers.pages.page_folder import is_excluded
from recommender.readers.records.publication import unknown_words
from recommender.readers.records.rows import Caution, Row
from recommender.readers.rejects import RejectsFile
from recommender.readers.source_rows import ReadOptions, rows_of

__all__ = ["ArticleReader", "LeftOut"]


_NO_PATHS = (
    "nothing was excluded: patterns are for the paths of pages, and these are articles without; leave rows out of what is "
    "given, or keep them out of lists: --where-not FIELD=VALUE"
)


class LeftOut(NamedTuple):
    """A row that is not a published article: its place, and the reason as a key of `publication.REASONS`."""

    source: str
    line: int | None
    reason: str


class ArticleReader(Iterator[Article]):
    """Single-use iterator over the articles of one or more sources, returned by `read_articles`.

    Attributes
    ----------
    n_read, n_rejected, n_blank : int
        Number of articles yielded, bad rows and blank lines so far.
    left_out : dict of str to int
        Number of rows left out so far, by reason. Every row is an article, a bad row, a blank line or left
        out.
    left_out_rows : list of LeftOut
        The first 1,000 rows left out.
    n_problems : int
        Number of problems found so far. A bad row may have several.
    problems : list of Problem
        The first 1,000 problems. Problems of whole sources come before problems of rows.
    bad_sources : set of str
        Sources of all bad rows: pages, or files with such rows.
    warnings : list of Problem
        The first 1,000 warnings: unreadable optional fields and other faults that reject no article.
    n_warnings : int
        Number of warnings so far.
    notes : list of str
        Notes on how the sources were read, such as fields read under other names.
    unpublished : dict of str to str
        Ids of all rows left out so far, with the reason. Rows without an id are not in it.
    exclude : tuple of str
        Patterns of pages that are left out unread.
    place : tuple of (str, int or None)
        Source and line of the article that was yielded last. The source of a page is its path.
    """

    def __init__(
        self,
        sources: Sequence[Given],
        options: ReadOptions,
        maker: ArticleMaker,
        rejects: Path | None,
        *,
        is_strict: bool,
    ) -> None:
        self.n_read = self.n_rejected = self.n_blank = self.n_problems = 0
        self.left_out: Counter[str] = Counter()
        self.left_out_rows: list[LeftOut] = []
        self.problems: list[Problem] = []
        self.bad_sources: set[str] = set()
        self._notes: dict[str, list[str]] = {}  # and the sources of each
        self.unpublished: dict[str, str] = {}
        self.place: tuple[str, int | None] = "", None
        self._cautions = Cautions()
        self._is_fatal = is_strict
        self._rejects = rejects
        self.exclude = options.pages.exclude
        has_folder = any(isinstance(each, str | Path) and Path(each).is_dir() for each in sources)
        self._unused = list(self.exclude) if has_folder else []
        self._n_pages = 0
        self._named = options.named
        self._articles = self._read(sources, options, maker)

    @property
    def warnings(self) -> list[Problem]:
        """The first 1,000 warnings."""
        return self._cautions.first

    @property
    def n_warnings(self) -> int:
        """The number of warnings so far."""
        return self._cautions.counts.total()

    @property
    def notes(self) -> list[str]:
        """What was read under other names, once for all sources of which the same is true."""
        more = {
            note: f" and {len(names) - 1:,} more" * (len(names) > 1) for note, names in self._notes.items()
        }
        return [f"{names[0]}{more[note]}: {note}" for note, names in self._notes.items()]

    def __iter__(self) -> ArticleReader:
        return self

    def __next__(self) -> Article:
        return next(self._articles)

    def close(self) -> None:
        """Stop reading and close all open files, including the rejects file."""
        self._articles.close()

    def __enter__(self) -> ArticleReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _read(
        self, sources: Sequence[Given], options: ReadOptions, maker: ArticleMaker
    ) -> Generator[Article, None, None]:
        with RejectsFile(self._rejects) as rejects:
            for given in sources:
                account = SourceAccount()
                for row in rows_of(given, options, account):
                    article = self._accounted(row, maker, account, rejects)
                    if article is not None:
                        self.n_read += 1
                        yield article
                self._close_account(account, given)
        if self._is_fatal and self.n_problems:
            more = self.n_problems - len(self.problems)
            raise InputError(self.problems + ([Problem(f"and {more:,} more problems")] if more else []))
        for caution in self._named.cautions():
            self._cautions.add(caution)
        for pattern in self._unused:
            said = f"no page matches {pattern!r}, which is to be excluded; patterns match whole paths, such as tags/*"
            warnings.warn(said, stacklevel=2)
        if self.exclude and self.n_read and not self._n_pages:
            warnings.warn(_NO_PATHS, stacklevel=2)
        for line in self._cautions.lines():
            warnings.warn(line, stacklevel=2)

    def _accounted(
        self, row: Row, maker: ArticleMaker, account: SourceAccount, rejects: RejectsFile
    ) -> Article | None:
        """Return the article of a row, or count the row and return None."""
        content = row.content
        self._n_pages += row.page is not None
        if isinstance(content, dict):
            made = maker.make(row, content)
            if made.left_out is not None:
                self._leave_out(row, made.left_out)
                if isinstance(article_id := id_of(content), str) and article_id:
                    self.unpublished[article_id] = made.left_out
            elif made.problems:
                self._reject(row, made.problems, rejects)
            for caution in made.cautions:
                self._cautions.add(caution)
            if made.article is not None:
                account.record(made.article)
                if row.page is None:
                    account.record_words(unknown_words(content))
                self.place = row.source, row.line
            return made.article
        self._without_article(row, maker, rejects)
        return None

    def _without_article(self, row: Row, maker: ArticleMaker, rejects: RejectsFile) -> None:
        """Count a row that holds no fields."""
        content = row.content
        if isinstance(content, Caution):
            self._cautions.add(content.at(row.source, row.line))
        elif isinstance(content, InputError):
            self._is_fatal = True
            self.n_problems += len(content.problems)
            self.problems[:0] = content.problems  # placed first so that bad rows do not hide them
        elif not isinstance(content, Problem):
            self.n_blank += 1
        elif row.left_out is not None and not maker.keeps(row.left_out):
            self._leave_out(row, row.left_out)
            if row.left_out == "excluded":
                self._unused = [each for each in self._unused if not is_excluded(row.page or "", [each])]
        else:
            self._reject(row, [content.at(row.source, row.line)], rejects)

    def _leave_out(self, row: Row, reason: str) -> None:
        self.left_out[reason] += 1
        if len(self.left_out_rows) < KEPT:
            self.left_out_rows.append(LeftOut(row.source, row.line, reason))

    def _reject(self, row: Row, problems: Sequence[Problem], rejects: RejectsFile) -> None:
        self.n_rejected += 1
        self.bad_sources.add(row.source)
        self.n_problems += len(problems)
        self.problems += problems[: max(0, KEPT - len(self.problems))]
        rejects.write(row, problems)

    def _close_account(self, account: SourceAccount, given: Given) -> None:
        name = name_of(given)
        for caution in account.cautions():
            self._cautions.add(caution.at(name))
        if account.note():
            self._notes.setdefault(account.note(), []).append(name)
