"""Conditions under which indexes are measured."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypedDict

from recommender.progress import Progress

__all__ = ["Clock", "Conditions", "TuningOptions"]

Clock = Callable[[], float]
"""Returns seconds, as `time.perf_counter` does."""


class TuningOptions(TypedDict, total=False):
    """Keyword arguments of `tune_vectors` and `tune_site`, see `Conditions`."""

    n_jobs: int | None
    seed: int
    progress: Progress | None
    clock: Clock


@dataclass(frozen=True)
class Conditions:
    """Conditions under which indexes are measured.

    Parameters
    ----------
    n_jobs : int or None, default None
        Threads that build and join; each query takes one.
    seed : int, default 0
        Seed of random choices.
    progress : callable or None, default None
        Called as progress(step, done, total).
    clock : callable
        See `Clock`.
    """

    n_jobs: int | None = None
    seed: int = 0
    progress: Progress | None = None
    clock: Clock = time.perf_counter

    def report(self, step: str, done: int, total: int) -> None:
        """Report progress."""
        if self.progress is not None:
            self.progress(step, done, total)
