"""Work that Python does on one core at a time, shared by processes where it takes long."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import chain, islice
from typing import Any, TypeVar

from joblib import effective_n_jobs
from joblib.parallel import get_active_backend

__all__ = ["WorkerProcesses", "in_parts", "worker_processes"]

Part = TypeVar("Part")
Found = TypeVar("Found")

_PATIENCE = 2.0  # seconds of work before processes start: each takes a second of processor time to import this package
_AHEAD = 2  # parts that each other process has
_UNSENT = "PicklingError"  # of a part or a result that cannot be sent
_MOST = 16  # parts at a time, for each other process
_LONGEST = 120.0  # seconds that a part may take elsewhere before it is done here


@contextmanager
def worker_processes(n_jobs: int | None = None) -> Iterator[WorkerProcesses]:
    """Yield processes that end with the context. Within `WorkerProcesses.shared` they are those that are shared."""
    shared = _SHARED.get()
    if shared is not None:
        yield shared
        return
    workers = WorkerProcesses(n_jobs)
    try:
        yield workers
    finally:
        workers.end()


class WorkerProcesses:
    """Maps functions over parts. From the third second of work on, other processes share it with this one.

    They are processes of loky, so a script needs no guard of its main module. Where they cannot be started, one of them is
    killed, or a part takes one more than two minutes, this process does the rest of the work.

    Parameters
    ----------
    n_jobs : int or None
        Processes, with this one. None honours ``joblib.parallel_config``. There is no other one for 1, and for a backend
        other than loky, joblib's default.
    """

    def __init__(self, n_jobs: int | None) -> None:
        is_loky = type(get_active_backend()[0]).__name__ == "LokyBackend"
        self._n_processes = effective_n_jobs(n_jobs) if is_loky else 1
        self._seconds = 0.0
        self._pool: Any = None
        self._patience = _LONGEST

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Share these processes with what asks for some in a block, such as the reader of what is cleaned."""
        token = _SHARED.set(self)
        try:
            yield
        finally:
            _SHARED.reset(token)

    def end(self) -> None:
        """End the processes, if any were started."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, kill_workers=self._patience == 0)
            self._pool, self._n_processes = None, 1

    def mapped(self, work: Callable[[Part], Found], parts: Iterable[Part]) -> Iterator[Found]:
        """Yield what `work` returns for each part, in the order of the parts. Parts and results are pickled."""
        parts = iter(parts)
        for part in parts:
            if self._is_worth_processes():
                yield from self._by_processes(work, chain([part], parts))
                return
            started = time.perf_counter()
            found = work(part)
            self._seconds += time.perf_counter() - started
            yield found

    def _is_worth_processes(self) -> bool:
        if self._n_processes > 1 and self._pool is None and self._seconds >= _PATIENCE:
            self._start()
        return self._pool is not None

    def _start(self) -> None:
        try:
            from joblib.externals.loky import ProcessPoolExecutor  # not everywhere: it needs semaphores

            self._pool = ProcessPoolExecutor(self._n_processes - 1)
        except (ImportError, OSError):
            self._n_processes = 1

    def _by_processes(self, work: Callable[[Part], Found], parts: Iterable[Part]) -> Iterator[Found]:
        """Keep the other processes busy, and work along with them."""
        n_others = self._n_processes - 1
        waiting: deque[tuple[Part, Future[Found]]] = deque()
        try:
            for part in parts:
                n_busy = sum(not future.done() for _, future in waiting)
                is_busy = n_busy >= _AHEAD * n_others or self._patience == 0
                waiting.append((part, _done(work, part) if is_busy else self._submitted(work, part)))
                while waiting and (waiting[0][1].done() or len(waiting) > _MOST * n_others):
                    yield self._result(work, *waiting.popleft())
            while waiting:
                yield self._result(work, *waiting.popleft())
        finally:
            for _, future in waiting:  # after an error, or where no more results are wanted
                future.cancel()

    def _submitted(self, work: Callable[[Part], Found], part: Part) -> Future[Found]:
        try:
            future: Future[Found] = self._pool.submit(work, part)
        except (BrokenProcessPool, OSError):
            return _done(work, part)
        return future

    def _result(self, work: Callable[[Part], Found], part: Part, future: Future[Found]) -> Found:
        if not wait([future], self._patience).done:
            self._patience = 0  # the processes may have stopped; nothing more is sent or waited for
            return work(part)
        try:
            return future.result()
        except Exception as error:
            if isinstance(error, BrokenProcessPool) or type(error).__name__ == _UNSENT:
                return work(part)
            raise


def _done(work: Callable[[Part], Found], part: Part) -> Future[Found]:
    future = Future[Found]()
    future.set_result(work(part))
    return future


def in_parts(items: Iterable[Part], size: int) -> Iterator[list[Part]]:
    """Yield the items in lists of `size`; the last one may be shorter."""
    items = iter(items)
    return iter(lambda: list(islice(items, size)), [])


_SHARED: ContextVar[WorkerProcesses | None] = ContextVar("shared worker processes", default=None)
