"""The site that a process serves: its newest version, calls that take long, and the one writer."""

from __future__ import annotations

import asyncio
import gc
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Lock
from time import perf_counter
from typing import Any, TypeAlias, TypeVar

from recommender.engine import Recommender
from recommender.errors import ArtifactError, RecommenderError, UnknownArticleError
from recommender.service.cache_headers import CacheHeaders
from recommender.service.prepared_lists import PreparedLists
from recommender.service.problem_answers import ProblemError
from recommender.service.service_log import ServiceLog
from recommender.service.service_settings import ServiceSettings
from recommender.service.site_writer import SiteWriter

__all__ = ["ServedSite"]

_Answer = TypeVar("_Answer")
_State: TypeAlias = tuple[str | None, int, str | None]

_THREADS = 2
_MOST_WAITING = 100  # calls
_PATIENCE_S = 1.0  # that a call waits for the whole of a new version
_STEP_S, _PAUSES = (
    0.001,
    3,
)  # lists are made ready for so long, then there is a pause of so many times as long


class ServedSite:
    """The newest version of a site in a folder.

    Parameters
    ----------
    path : Path
    settings : ServiceSettings
    headers : CacheHeaders
    log : ServiceLog

    Attributes
    ----------
    now : Recommender
        The newest version that this process knows. It never moves on: a request that keeps it sees one version.
    lists : PreparedLists
        Its lists as bytes.
    n_failed : int
        How often the newest version could not be read.

    Raises
    ------
    ArtifactError
        If there is no site.
    """

    def __init__(self, path: Path, settings: ServiceSettings, headers: CacheHeaders, log: ServiceLog) -> None:
        self.path, self._settings, self._log = path, settings, log
        self._newest = Recommender.load(path)
        self.now = self._newest.snapshot()
        self.lists = PreparedLists(self.now, headers, settings.prepared_bytes)
        self._state = _state_of(self.now)  # of the lists: the site may go on if its files are gone
        self.n_failed = 0
        self._whole: Recommender | None = None  # the newest version that calls can be made of at once
        self._is_making = Lock()
        self._writer = SiteWriter(path, settings)
        self._threads = ThreadPoolExecutor(_THREADS, "calls")
        self._refresher = ThreadPoolExecutor(1, "refresh")
        self._maker = ThreadPoolExecutor(1, "whole")
        self._n_waiting = 0
        self._unprepared: deque[Iterable[str]] = deque([self.now])
        self._has_unprepared = asyncio.Event()
        self._has_unprepared.set()
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def is_ready(self) -> bool:
        """Whether lists and calls are answered without a delay, and the newest version can be read."""
        return self._whole is not None and self.n_failed == 0

    async def call(self, call: Callable[[Recommender], _Answer]) -> tuple[int, _Answer]:
        """Make a call in a thread. Return the version that it was made of, and what it returned.

        Calls need the whole of a version, which on a large site takes seconds after an update. Those that come meanwhile
        are made of the version before, unless it lacks the article.

        Raises
        ------
        ProblemError
            If too many calls wait.
        RecommenderError
            As the call does.
        """
        if self._n_waiting >= _MOST_WAITING:
            raise ProblemError(503, "too many calls wait; ask again in a moment", {"retry-after": "1"})
        self._n_waiting += 1
        try:
            site = await self._site_for_calls()
            try:
                return await self._called(site, call)
            except UnknownArticleError:
                if _is_same(site, self.now):
                    raise
                return await self._called(self.now, call)
        finally:
            self._n_waiting -= 1

    async def _called(self, site: Recommender, call: Callable[[Recommender], _Answer]) -> tuple[int, _Answer]:
        def made() -> tuple[int, _Answer]:
            while True:
                before = site.version
                found = call(site)
                if site.version == before:  # it was not made part of a newer base meanwhile
                    return before or 0, found

        return await asyncio.get_running_loop().run_in_executor(self._threads, made)

    async def _site_for_calls(self) -> Recommender:
        """Return the newest version whose whole is there in time."""
        whole = self._whole
        if whole is not None and _is_same(whole, self.now):
            return whole
        making = self._making_whole()
        if whole is None:
            await making
        else:
            await asyncio.wait([making], timeout=_PATIENCE_S)
        return self._whole or self.now

    def _making_whole(self) -> asyncio.Future[None]:
        """Begin to make the whole. Who awaits it gets its error; otherwise the watch says that the site cannot be read."""
        making = asyncio.get_running_loop().run_in_executor(self._maker, self._make_whole)
        making.add_done_callback(lambda made: made.cancelled() or made.exception())
        return making

    def _make_whole(self) -> None:
        """Read the whole of the newest version, and import and open what calls need."""
        with self._is_making:
            site = self.now
            if self._whole is not None and _is_same(self._whole, site):
                return
            if self._whole is None and len(site):
                with suppress(RecommenderError):  # an encoder that is not on this machine: drafts will say so
                    self._newest.encoder, self._newest.neural_encoder  # noqa: B018, snapshots share them
                site = self._newest.snapshot()
                with suppress(RecommenderError):
                    site.related_to("a draft")
                _prepare_process()
            site.site  # noqa: B018, reads base and updates
            self._whole = site

    async def write(self, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Change the site, and go on to the new version before this returns; see `writer_operations`.

        Raises
        ------
        BusyError
            If somebody else writes for longer than the settings allow, or too many writes wait.
        InputError, ArtifactError
            As the operation does.
        """
        found = await self._writer.ask(operation, arguments)
        await self.refresh()
        return found

    async def refresh(self) -> None:
        """Go on to the newest version. If it cannot be read, the one before stays, and the log says why."""
        try:
            found = await asyncio.get_running_loop().run_in_executor(self._refresher, self._next_version)
        except (RecommenderError, OSError) as error:
            if not self.n_failed:
                self._log.message("error", f"the newest version cannot be read: {error}")
            self.n_failed += 1
            return
        self.n_failed = 0
        if found is not None:  # of a lower version, if another site or a backup took the place of this one
            self.now, changed, self._state = found
            self.lists = self.lists.after(self.now, changed)
            self._unprepared.append(self.now if changed is None else changed)
            self._has_unprepared.set()
            if self._whole is not None:
                self._making_whole()

    def _next_version(self) -> tuple[Recommender, Iterable[str] | None, _State] | None:
        """Return the newest version, the ids whose lists changed by it, and its state. None if there is no newer one.

        After a compaction it is the same version in other files: those of before can go then.
        """
        self._newest.refresh()
        name, version, checksum = self._state
        if self._newest.state_name == name:
            return None
        found = self._newest.snapshot()
        state = _state_of(found)
        try:
            changes = found.changes_since(version, checksum)
        except ArtifactError:  # a new base, or another site
            return found, None, state
        return found, (*changes.lists, *changes.deleted), state

    async def start(self, *, writes: bool = False) -> None:
        """Look for new versions from now on, and prepare for calls, and for writes."""
        if not self._tasks:
            work = (self._watch(), self._warm_up(writes=writes), self._prepare_lists())
            self._tasks = list(map(asyncio.create_task, work))

    async def stop(self) -> None:
        """End the watch, the writer after what it does, and all threads."""
        for task in self._tasks:
            task.cancel()
        self._tasks = []
        await asyncio.get_running_loop().run_in_executor(None, self._writer.stop)
        for threads in (self._threads, self._refresher, self._maker):
            threads.shutdown(wait=False, cancel_futures=True)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._settings.refresh_s)
            await self.refresh()
            self._log.flush()

    async def _prepare_lists(self) -> None:
        """Make lists ready that nobody has asked for yet, in the time that requests leave."""
        while True:
            await self._has_unprepared.wait()
            began = perf_counter()
            for article_id in self._unprepared.popleft() if self._unprepared else ():
                if self.lists.is_full:
                    break
                self.lists.prepare(article_id)
                if (spent := perf_counter() - began) > _STEP_S or self._n_waiting:
                    await asyncio.sleep(_PAUSES * spent)
                    while self._n_waiting:  # calls in threads need the interpreter
                        await asyncio.sleep(_STEP_S)
                    began = perf_counter()
            if not self._unprepared:
                self._has_unprepared.clear()

    async def _warm_up(self, *, writes: bool) -> None:
        try:
            await self._site_for_calls()
        except (RecommenderError, OSError) as error:
            self._log.message("error", f"the site cannot be read: {error}")
        try:
            if writes:
                await self._writer.ask("prepare", {})
        except (RecommenderError, OSError) as error:
            self._log.message("error", f"the first write may take long: {error}")


def _state_of(site: Recommender) -> _State:
    return site.state_name, site.version or 0, site.checksum


def _prepare_process() -> None:
    """Have calls take the time that they need and no more, once all is there that stays.

    A product of one text is too small for the threads of BLAS, which wait for each other. What is there now is looked
    through by no later collection of garbage, which took a tenth of a second of all answers.
    """
    from threadpoolctl import threadpool_limits

    threadpool_limits(1, "blas")
    gc.collect()
    gc.freeze()


def _is_same(site: Recommender, other: Recommender) -> bool:
    """Return whether two are one version of one site: another site in its place may have the same number."""
    return (site.version, site.checksum) == (other.version, other.checksum)
