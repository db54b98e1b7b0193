"""Progress reports of long steps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, Protocol, TypeVar

__all__ = ["REPORT_INTERVAL", "Progress", "ProgressIterable", "no_progress"]

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

Progress = Callable[[str, int, int], None]
"""Called as progress(step, done, total) while a step runs; total is 0 where it is unknown."""

REPORT_INTERVAL = 1000  # articles between two calls


class _Sized(Protocol[T_co]):
    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[T_co]: ...


class ProgressIterable(Generic[T]):
    """A collection that reports progress while it is iterated.

    Parameters
    ----------
    items : collection
        Must have a length.
    step : str
        Name of the step in the reports.
    progress : callable
        Called every 1,000 items and at the end of each pass.
    passes : int, default 1
        Expected number of iterations. The reported total is `passes` times the number of items.
    """

    def __init__(self, items: _Sized[T], step: str, progress: Progress, passes: int = 1) -> None:
        self._items, self._step, self._progress = items, step, progress
        self._done, self._total = 0, passes * len(items)

    def __iter__(self) -> Iterator[T]:
        for item in self._items:
            if self._done % REPORT_INTERVAL == 0:
                self._progress(self._step, self._done, self._total)
            self._done += 1
            yield item
        self._progress(self._step, self._done, self._total)


def no_progress(step: str, done: int, total: int) -> None:
    """Discard a progress report."""
