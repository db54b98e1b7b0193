"""How a long step says how far it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, Protocol, TypeVar

__all__ = ["TOLD_EVERY", "Progress", "Told", "tell_nobody"]

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

Progress = Callable[[str, int, int], None]
"""Called as a step goes on: its name, how much is done, and how much there is (0 where nobody knows)."""

TOLD_EVERY = 1000  # articles between two calls


class _Sized(Protocol[T_co]):
    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[T_co]: ...


class Told(Generic[T]):
    """A collection that tells how much of it has been read, over one pass or several."""

    def __init__(self, items: _Sized[T], step: str, tell: Progress, passes: int = 1) -> None:
        self._items, self._step, self._tell = items, step, tell
        self._read, self._total = 0, passes * len(items)

    def __iter__(self) -> Iterator[T]:
        for item in self._items:
            if self._read % TOLD_EVERY == 0:
                self._tell(self._step, self._read, self._total)
            self._read += 1
            yield item
        self._tell(self._step, self._read, self._total)


def tell_nobody(step: str, done: int, total: int) -> None:
    """Report no progress."""
