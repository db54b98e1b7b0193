"""Runs tasks by joblib: in threads or processes of this machine, or on a cluster of Dask.

A task whose part is there is not run. A worker that is killed takes its tasks with it, and those are run again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from joblib import Parallel, cpu_count, delayed, effective_n_jobs, parallel_config
from joblib.externals.loky import get_reusable_executor
from joblib.parallel import get_active_backend

from recommender.errors import MissingExtraError, RecommenderError
from recommender.index.kernels.large_arrays import bounded_memory
from recommender.progress import Progress, no_progress
from recommender.sharding.part_file import Part
from recommender.sharding.work_folder import open_work_folder, part_name

__all__ = ["BACKENDS", "IDLE", "Task", "TaskRuns", "backend_of", "driver_share"]

BACKENDS = ("loky", "threading", "dask")
IDLE = 45_000_000
"""Bytes of a process that has run no task."""

_DRIVER = 300_000_000  # bytes that are enough for the driver

_TRIES = 4
_LOST = (
    "TerminatedWorkerError",
    "BrokenProcessPool",
    "KilledWorker",
)  # of loky, of its executor, and of Dask


class Task(NamedTuple):
    """What makes a part: a function of this package, and what it is given beside the work folder and its threads."""

    name: str
    make: Callable[..., Part]
    given: tuple[Any, ...]

    @classmethod
    def of(cls, make: Callable[..., Part], *given: Any, key: Sequence[Any] | None = None) -> Task:
        """Return a task whose part is named by the function and what it is given, or by `key` instead."""
        kind = make.__name__.replace("_", "-")
        return cls(part_name(kind, list(given if key is None else key)), make, given)


@dataclass
class TaskRuns:
    """Runs the tasks of a build.

    Parameters
    ----------
    url : str
        The work folder.
    n_workers : int or None
        Tasks at a time. None honours ``joblib.parallel_config``.
    progress : callable
        Called as ``progress("tasks", done, total)``.
    total : int
        Tasks of the whole build.
    memory : int or None
        Bytes that all processes together may use. Then a process ends with the tasks of one kind, so that its memory goes
        back to the system, and keeps large arrays in files.
    """

    url: str
    n_workers: int | None = None
    progress: Progress = no_progress
    total: int = 0
    memory: int | None = None
    done: int = field(default=0, init=False)
    seconds: dict[str, list[float]] = field(default_factory=dict, init=False)
    """Of each kind of task that was run, and not found done: the seconds that each took."""

    def run(self, tasks: Sequence[Task]) -> list[str]:
        """Run tasks, each in one thread, and return the names of their parts.

        Raises
        ------
        RecommenderError
            If workers are lost again and again.
        """
        return self._run(tasks, 1, self._share(effective_n_jobs(self.n_workers)))

    def run_alone(self, task: Task) -> str:
        """Run one task on all threads that there are, and return the name of its part."""
        (name,) = self._run([task], effective_n_jobs(self.n_workers), self._share(1))
        return name

    def _share(self, n_busy: int) -> int | None:
        """Return the bytes that each process may hold that runs tasks; the driver has its own share."""
        if self.memory is None:
            return None
        n_workers = int(effective_n_jobs(self.n_workers))
        if n_workers == 1 or _backend() == "ThreadingBackend":
            return self.memory  # tasks run in the process of the driver
        others = driver_share(self.memory, n_workers) + IDLE * (n_workers - n_busy)
        return (self.memory - others) // n_busy

    def _run(self, tasks: Sequence[Task], n_threads: int, most: int | None) -> list[str]:
        folder = open_work_folder(self.url)
        before = self.done
        for attempt in range(_TRIES):
            waiting = [task for task in tasks if not folder.holds(task.name)]
            self.done = before + len(tasks) - len(waiting)
            self.progress("tasks", self.done, self.total)
            try:
                self._make(waiting, n_threads, most)
                break
            except Exception as error:
                if type(error).__name__ not in _LOST:
                    raise
                if attempt == _TRIES - 1:
                    raise RecommenderError(
                        f"workers were lost in {_TRIES} tries ({type(error).__name__}); they may lack memory: give "
                        "fewer workers or smaller shards; the same command goes on from the parts that are there"
                    ) from error
        return [task.name for task in tasks]

    def _make(self, tasks: Sequence[Task], n_threads: int, most: int | None) -> None:
        if not tasks:
            return
        calls = [delayed(_made)(self.url, task, n_threads, most) for task in tasks]
        workers = Parallel(
            n_jobs=self.n_workers, return_as="generator_unordered", batch_size=1, pre_dispatch="all"
        )
        for kind, seconds in workers(calls):
            self.seconds.setdefault(kind, []).append(seconds)
            self.done += 1
            self.progress("tasks", self.done, self.total)
        if self.memory is not None and _backend() == "LokyBackend":
            get_reusable_executor().shutdown(wait=True)


def driver_share(memory: int, n_workers: int) -> int:
    """Return how much of the memory of all processes the driver may hold. A single worker is the driver."""
    return memory if n_workers == 1 else min(memory // (n_workers + 1), _DRIVER)


def _backend() -> str:
    """Return the name of what joblib runs tasks by."""
    return type(get_active_backend()[0]).__name__


def _made(url: str, task: Task, n_threads: int, most: int | None) -> tuple[str, float]:
    """Make a part, unless it is there. Return the kind of the task and the seconds that it took."""
    started, folder = time.monotonic(), open_work_folder(url)
    n_threads = min(n_threads, cpu_count())  # of the machine that the task is on
    if not folder.holds(task.name):
        own_threads = parallel_config(backend="threading", n_jobs=n_threads)  # which stay in the process
        with own_threads, bounded_memory(most):
            part = task.make(folder, n_threads, *task.given)
            folder.write(task.name, part.arrays, part.facts)
    return task.make.__name__, time.monotonic() - started


@contextmanager
def backend_of(name: str | None, scheduler: str | None, n_workers: int) -> Iterator[None]:
    """Have joblib run tasks by a backend of `BACKENDS`. None leaves it as it is configured.

    `scheduler` is the address of a scheduler of Dask. Without one, Dask starts processes on this machine.
    """
    if name is None:
        yield
        return
    if name != "dask":
        with parallel_config(backend=name, n_jobs=n_workers):
            yield
        return
    try:
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise MissingExtraError("The backend dask", "distributed", "dask", error) from error
    if scheduler is not None:
        with Client(scheduler), parallel_config(backend="dask"):
            yield
        return
    with (
        LocalCluster(
            n_workers=n_workers, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        Client(cluster),
        parallel_config(backend="dask", n_jobs=n_workers),
    ):
        yield
