"""Runs tasks by joblib: in threads or processes of this machine, or on a cluster of Dask.

A task whose part is there is not run. A worker that is killed takes its tasks with it, and those are run again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from joblib import Parallel, delayed, effective_n_jobs, parallel_config

from recommender.errors import RecommenderError
from recommender.progress import Progress, no_progress
from recommender.sharding.part_file import Part
from recommender.sharding.work_folder import open_work_folder, part_name

__all__ = ["BACKENDS", "Task", "TaskRuns", "backend_of"]

BACKENDS = ("loky", "threading", "dask")
_TRIES = 4
_LOST = ("TerminatedWorkerError", "BrokenProcessPool", "KilledWorker")  # of loky, of its executor, and of Dask


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
    """

    url: str
    n_workers: int | None = None
    progress: Progress = no_progress
    total: int = 0
    done: int = field(default=0, init=False)
    made: int = field(default=0, init=False)
    """Tasks that were run, and not found done."""

    def run(self, tasks: Sequence[Task]) -> list[str]:
        """Run tasks, each in one thread, and return the names of their parts.

        Raises
        ------
        RecommenderError
            If workers are lost again and again.
        """
        folder = open_work_folder(self.url)
        waiting = [task for task in tasks if not folder.holds(task.name)]
        self.made += len(waiting)
        self._count(len(tasks) - len(waiting))
        for _ in range(_TRIES):
            try:
                for _ in self._results(waiting, 1):
                    self._count(1)
                return [task.name for task in tasks]
            except Exception as error:
                if type(error).__name__ not in _LOST:
                    raise
                before = len(waiting)
                waiting = [task for task in waiting if not folder.holds(task.name)]
                lost = error
                self.done = min(self.done, self.total - 1)
                self._count(0 * before)
        raise RecommenderError(
            f"workers were lost in {_TRIES} tries ({type(lost).__name__}); they may lack memory: give fewer workers "
            "or smaller shards; the same command goes on from the parts that are there"
        )

    def run_alone(self, task: Task) -> str:
        """Run one task on all threads that there are, and return the name of its part."""
        folder = open_work_folder(self.url)
        if not folder.holds(task.name):
            self.made += 1
            n_threads = effective_n_jobs(self.n_workers)
            for attempt in range(_TRIES):
                try:
                    list(self._results([task], n_threads))
                    break
                except Exception as error:
                    if type(error).__name__ not in _LOST or attempt == _TRIES - 1:
                        raise
        self._count(1)
        return task.name

    def _results(self, tasks: Sequence[Task], n_threads: int) -> Iterator[None]:
        run = delayed(_run)
        calls = [run(self.url, task, n_threads) for task in tasks]
        yield from Parallel(
            n_jobs=self.n_workers, return_as="generator_unordered", batch_size=1, pre_dispatch="all"
        )(calls)

    def _count(self, n: int) -> None:
        self.done += n
        self.progress("tasks", self.done, self.total)


def _run(url: str, task: Task, n_threads: int) -> None:
    folder = open_work_folder(url)
    if folder.holds(task.name):
        return
    with parallel_config(backend="threading", n_jobs=n_threads):  # what a task divides stays in its process
        part = task.make(folder, n_threads, *task.given)
    folder.write(task.name, part.arrays, part.facts)


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
        raise RecommenderError("--backend dask needs Dask; install it with: pip install 'recommender[dask]'") from error
    if scheduler is not None:
        with Client(scheduler), parallel_config(backend="dask"):
            yield
        return
    with (
        LocalCluster(n_workers=n_workers, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
        Client(cluster),
        parallel_config(backend="dask", n_jobs=n_workers),
    ):
        yield
