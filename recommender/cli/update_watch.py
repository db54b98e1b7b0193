"""`recommender update SITE FOLDER --watch`: a folder of pages whose changes are applied as they are saved."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from recommender.articles import Article
from recommender.cli.doubled_site import doubling_problems
from recommender.cli.terminal import plural, say
from recommender.cli.update_pages import page_problems
from recommender.cli.update_report import UpdateReport
from recommender.engine import Recommender
from recommender.errors import ArtifactError, BusyError, InputError
from recommender.live_site import LiveSite
from recommender.readers import ArticleReader
from recommender.readers.pages.page_folder import OTHER_FORMATS, SUFFIXES, Walk
from recommender.updating.changes import Changes

__all__ = ["FolderWatch"]

_POLL_S = 1.0

_State: TypeAlias = Mapping[str, tuple[int, int, int]]


class FolderWatch:
    """Applies the changes of a folder of pages until it is told to stop.

    The folder is read as a build reads it, whole, whenever it has changed and then stayed the same for one look: which
    pages are copies, and what their ids are, depends on all of them.

    Parameters
    ----------
    folder : Path
    read : callable
        Returns a reader of the folder that skips bad pages.
    live : LiveSite
    report : UpdateReport
    force : bool
        Whether more than half of the pages may go at once.
    """

    def __init__(
        self,
        folder: Path,
        read: Callable[[], ArticleReader],
        live: LiveSite,
        report: UpdateReport,
        *,
        force: bool,
    ) -> None:
        self._folder, self._read, self._live, self._report, self._force = folder, read, live, report, force
        self._pages: dict[str, str] = {}  # id of each article from the folder, and its page
        self._told: set[str] = set()
        self._refused: set[str] = set()  # messages on articles that the last update did not take

    def run(self, stop: threading.Event, *, sync: bool, poll_s: float = _POLL_S) -> None:
        """Apply the folder as it is, then its changes. With `sync`, articles that are not in it are deleted first."""
        is_checked = not (sync and self._force)
        if sync:
            with self._live.locked() as site:
                self._pages = dict.fromkeys(site, "")
        applied: _State | None = None
        before: _State | None = None
        while True:
            now = self._state()
            is_settled = now == before or applied is None
            if now is not None and now != applied and is_settled and self._apply(is_checked=is_checked):
                if applied is None and not sync:
                    self._say_others()
                applied, is_checked = now, False
            before = now
            if stop.wait(poll_s):
                return

    def _say_others(self) -> None:
        with self._live.locked() as site:
            others = sum(article_id not in self._pages for article_id in site)
        if others:
            say(
                f"Note: {plural(others, 'article')} of the site not in {self._folder} are kept; --sync deletes them"
            )

    def _state(self) -> _State | None:
        """Return the size and time of each page, and of the settings of a generator.

        None while the folder is away or changes under the look.
        """
        found = {}
        try:
            walk = Walk(self._folder, (*SUFFIXES, *OTHER_FORMATS))
            files = [file for file, _ in walk.files()]
            for file in (*files, *(str(self._folder / each) for each in walk.settings)):
                at = Path(file).stat()
                found[file] = at.st_mtime_ns, at.st_size, at.st_ino
        except OSError as error:
            if not self._folder.exists():
                self._tell(f"{self._folder} is away; its articles are kept until it is back")
            elif not isinstance(error, FileNotFoundError):
                self._tell(f"Warning: {error.filename}: {error.strerror}")
            return None
        return found

    def _apply(self, *, is_checked: bool) -> bool:
        """Read the folder and update the site. Return whether that is done, whatever came of it.

        With `is_checked`, InputError is raised if this is not the folder that was built, which can only be at first.
        """
        try:
            articles, pages, reader = self._articles()
        except (InputError, OSError) as error:  # no pages, or the folder went away in between
            self._tell(f"Warning: {error}")
            return False
        said = [f"Warning: {problem}; the article stays as it was" for problem in reader.problems]
        gone, kept = self._gone(pages, reader.bad_sources)
        if 2 * len(gone) > len(self._pages) and not self._force:
            said.append(
                f"Warning: {plural(len(gone), 'article')} of {len(self._pages):,} are not in {self._folder} any more; "
                "they are kept, --force deletes them"
            )
            gone, kept = [], kept | {each: self._pages[each] for each in gone}
        try:
            with self._live.locked() as site:
                wrong = page_problems(site, reader, pages, [str(self._folder)]) if is_checked else []
                gone = [each for each in gone if each in site]
                doubled = doubling_problems(site, articles, gone)
                changes = [] if wrong or doubled else list(self._changes(site, articles, gone))
        except ArtifactError as error:  # another process writes it, or it is moved away for a moment
            if not self._pages and not isinstance(error, BusyError):
                raise
            self._tell(f"Warning: {error}")
            return False
        if wrong or (doubled and is_checked):
            raise InputError(wrong or doubled)
        if doubled:
            self._tell(f"Warning: {doubled[0]}; nothing was changed")
            return True
        for message in said:
            self._tell(message)
        self._told &= set(said) | self._refused  # what has been mended may be told again
        for each in changes:
            self._report.changes(each)
        self._live.tidy()
        self._pages = pages | kept
        return True

    def _changes(self, site: Recommender, articles: list[Article], gone: list[str]) -> Iterator[Changes]:
        """Update the site. If the articles are refused together, they are given one by one."""
        self._refused = set()
        try:
            yield self._live.update(articles, gone)
            return
        except InputError:  # pins or blocks that contradict each other
            yield self._live.update([], gone)
        known = dict(zip(site, site.collection.digests.tolist(), strict=True))
        for article in articles:
            if known.get(article.article_id) == article.digest():
                continue
            try:
                yield self._live.update([article], [])
            except InputError as error:
                message = f"Warning: {error}; {article.article_id!r} stays as it was"
                self._tell(message)
                self._refused.add(message)

    def _gone(self, pages: Mapping[str, str], bad: Collection[str]) -> tuple[list[str], dict[str, str]]:
        """Return the articles whose pages are gone, and those whose pages are there but `bad` now."""
        gone, kept = [], {}
        for article_id in sorted(self._pages.keys() - pages.keys()):
            page = self._pages[article_id]
            if page in bad or (bad and not page):  # the page of an article without one may be any of them
                kept[article_id] = page
            else:
                gone.append(article_id)
        return gone, kept

    def _articles(self) -> tuple[list[Article], dict[str, str], ArticleReader]:
        articles, pages = [], {}
        with self._read() as reader, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # said by the build
            for article in reader:
                articles.append(article)
                pages[article.article_id] = reader.place[0]
        return articles, pages, reader

    def _tell(self, message: str) -> None:
        """Print a message, but not again and again."""
        if message not in self._told:
            self._told.add(message)
            say(message)
