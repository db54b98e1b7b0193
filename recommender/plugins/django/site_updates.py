"""Keeps the site in its folder true to the rows of the databases."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import RLock
from typing import Any, NamedTuple

from recommender.articles import Article
from recommender.engine import Recommender
from recommender.errors import ArtifactError, BusyError, InputError
from recommender.plugins.django.configuration import Configuration, configuration
from recommender.plugins.django.row_articles import Reading, articles_of_ids, articles_of_rows
from recommender.progress import Progress, no_progress
from recommender.store.site_store import SiteStore

__all__ = ["Applied", "forget_pending", "pending_keys", "synchronise", "update_related", "writer"]

_log = logging.getLogger("recommender")
_AT_ONCE = 1_000  # changes that are applied in one step
_ROWS = 2_000


class Applied(NamedTuple):
    """What an update did.

    Attributes
    ----------
    changed : int
        Articles that were added, edited or deleted.
    lists : int
        Lists that changed by it.
    failed : int
        Changes that wait on, because their rows could not be read.
    """

    changed: int = 0
    lists: int = 0
    failed: int = 0


class _Writer:
    """The newest state of a site for the one that writes it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._store = SiteStore(path)
        self._site: Recommender | None = None

    @contextmanager
    def locked(self, wait_s: float = 0) -> Iterator[Recommender]:
        """Be the only writer, of all processes, and yield the newest state. Raises `BusyError` or `ArtifactError`."""
        with self._store.lock(wait_s):
            if self._site is None:
                self._site = Recommender.load(self.path)
            else:
                self._site.refresh()
            yield self._site

    @contextmanager
    def alone(self, wait_s: float) -> Iterator[None]:
        """Keep others from writing the site that is there, if any: it will be replaced. Raises `BusyError`."""
        with ExitStack() as stack:
            try:
                stack.enter_context(self._store.lock(wait_s))
            except BusyError:
                raise
            except ArtifactError:
                pass  # there is none, or it is damaged, so nobody can write it
            yield

    def update(self, add: Sequence[Article], delete: Iterable[str]) -> Applied:
        """Update the site and save it. Ids that it does not have are not deleted."""
        gone = list(delete)
        try:
            return self._updated(add, gone)
        except ArtifactError:  # the folder was put back from a backup under the files that are open here
            return self._updated(add, gone)

    def _updated(self, add: Sequence[Article], delete: Sequence[str]) -> Applied:
        with self.locked() as site:
            try:
                changes = site.update(add, [each for each in delete if each in site])
                if changes:
                    site.save(self.path)
            except BaseException:
                self._site = None  # it may be ahead of the disk
                raise
            if changes and site.needs_compaction:
                self._compact(site)
            n_changed = len(changes.added) + len(changes.edited) + len(changes.deleted)
            return Applied(n_changed, len(changes.lists))

    def _compact(self, site: Recommender) -> None:
        try:
            site.compact()
        except ArtifactError as error:  # a full disk, for example: the updates stay as they are
            self._site = None
            _log.warning("%s", error)


_writers: dict[Path, _Writer] = {}
_guard = RLock()


def writer(path: Path) -> _Writer:
    """Return the writer of a site in this process. What it has read stays in memory between updates."""
    with _guard:
        for other in [each for each in _writers if each != path]:
            del _writers[other]
        return _writers.setdefault(path, _Writer(path))


def update_related(database: str | None = None, *, wait_s: float = 0) -> Applied:
    """Apply the changes of a database that wait, or of all databases.

    It may be called at any time, by several processes. What another process cannot apply because this one writes, this
    one applies before it returns.

    Parameters
    ----------
    database : str or None
    wait_s : float, default 0
        Seconds to wait for another writer. After that the changes go on waiting.

    Raises
    ------
    ArtifactError
        If there is no site yet, or it is damaged. The changes go on waiting.
    """
    settings = configuration()
    total = Applied()
    for alias in settings.databases if database is None else [database]:
        found = _update(settings, alias, wait_s)
        total = Applied(*(one + other for one, other in zip(total, found, strict=True)))
    return total


def _update(settings: Configuration, alias: str, wait_s: float) -> Applied:
    there, total = writer(settings.site), Applied()
    failed: set[int] = set()
    while pending_keys(alias, failed, 1):  # again after the lock is free: others may have found it taken
        try:
            with there.locked(wait_s):
                done, wrong = _apply(settings, there, alias, failed)
        except BusyError as error:
            _log.info("%s; changes wait", error)
            break
        failed |= wrong
        total = Applied(total.changed + done.changed, total.lists + done.lists, len(failed))
    return total


def _apply(settings: Configuration, there: _Writer, alias: str, failed: set[int]) -> tuple[Applied, set[int]]:
    """Apply the changes that wait. Return what that did, and the keys of those whose rows could not be read."""
    pending = pending_keys(alias, failed, _AT_ONCE)  # before the rows: a later change has another key
    reading = Reading()
    articles = list(articles_of_ids(settings, alias, list(dict.fromkeys(pending.values())), reading))
    wrong = {key for key, article_id in pending.items() if article_id in reading.failed}
    here = {article.article_id for article in articles}
    gone = [
        each for each in dict.fromkeys(pending.values()) if each not in here and each not in reading.failed
    ]
    for problem in reading.problems:
        _log.error("%s", problem)
    try:
        done = there.update(articles, gone)
    except InputError as error:  # rules in the metadata of one of them
        _log.error("%s", error)
        done, wrong = _one_by_one(there, articles, gone, pending, wrong)
    forget_pending(alias, [key for key in pending if key not in wrong])
    return done, wrong


def _one_by_one(
    there: _Writer, articles: list[Article], gone: list[str], pending: dict[int, str], wrong: set[int]
) -> tuple[Applied, set[int]]:
    total, bad = there.update((), gone), set()
    for article in articles:
        try:
            done = there.update([article], ())
            total = Applied(total.changed + done.changed, total.lists + done.lists)
        except InputError:
            bad.add(article.article_id)
    return total, wrong | {key for key, article_id in pending.items() if article_id in bad}


def pending_keys(alias: str, without: Iterable[int] = (), most: int | None = None) -> dict[int, str]:
    """Return the changes that wait in a database, oldest first: the ids of articles by the keys of the rows."""
    from recommender.plugins.django.models import PendingChange

    rows = PendingChange.objects.using(alias).exclude(pk__in=list(without)).order_by("pk")
    return dict(rows.values_list("pk", "article_id")[:most])


def forget_pending(alias: str, keys: Sequence[int]) -> None:
    """Delete changes that the site knows."""
    from recommender.plugins.django.models import PendingChange

    for start in range(0, len(keys), 500):
        PendingChange.objects.using(alias).filter(pk__in=keys[start : start + 500]).delete()


def synchronise(wait_s: float = 60, progress: Progress = no_progress) -> tuple[Applied, Reading]:
    """Compare all rows with the site and repair what differs, also what no signal told of.

    Raises
    ------
    ArtifactError
        If there is no site yet, it is damaged, or another process writes it for longer.
    """
    settings = configuration()
    there, total, reading = writer(settings.site), Applied(), Reading()
    with there.locked(wait_s) as site:
        pending = {alias: list(pending_keys(alias)) for alias in settings.databases}
        seen: set[str] = set()
        for batch in _batches(articles_of_rows(settings, reading, progress)):
            seen.update(article.article_id for article in batch)
            done = there.update(batch, ())
            total = Applied(total.changed + done.changed, total.lists + done.lists)
        done = there.update((), [each for each in site if each not in seen and each not in reading.failed])
        for alias, keys in pending.items():
            forget_pending(alias, keys)
    return Applied(total.changed + done.changed, total.lists + done.lists, len(reading.failed)), reading


def _batches(articles: Iterator[Article]) -> Iterator[list[Article]]:
    batch: list[Any] = []
    for article in articles:
        batch.append(article)
        if len(batch) == _ROWS:
            yield batch
            batch = []
    yield batch
