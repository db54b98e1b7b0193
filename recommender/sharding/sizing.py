"""How much memory the tasks of a build take, and how many of them run at a time within a bound.

The figures are megabytes for each megabyte of articles, as JSON lines, measured on generated articles; see docs/shards.md.
Arrays that are memory-mapped from parts do not count: the system takes their pages back when it needs them.
"""

from __future__ import annotations

from recommender.errors import RecommenderError
from recommender.sharding.article_shards import Shards
from recommender.sharding.shard_settings import ShardSettings
from recommender.sharding.task_runs import IDLE

__all__ = [
    "TOGETHER",
    "check_memory",
    "compared_bytes",
    "encode_bytes",
    "fit_bytes",
    "join_bytes",
    "run_bytes",
    "workers_within",
]

TOGETHER = 2
"""Shards whose titles are looked for in the texts of as many others at a time."""

_PROCESS = 220e6  # of each process, with its compiled code
_TO_FIT = 14.0
_TO_ENCODE = 8.0
_TO_COMPARE = 14.0  # where all articles are near copies of others
_COMPARED = 8  # shards of articles that two runs hold together where memory has no bound
_OF_EACH = 200  # bytes of an article


def encode_bytes(shard_bytes: float) -> float:
    """Return the memory of the process that encodes a shard, in bytes."""
    return _PROCESS + _TO_ENCODE * shard_bytes


def fit_bytes(n_bytes: float) -> float:
    """Return the memory of the process that fits a model on so many bytes of articles, in bytes."""
    return _PROCESS + _TO_FIT * n_bytes


def run_bytes(n_bytes: float) -> float:
    """Return the memory of the process that compares two runs of articles of so many bytes together, in bytes."""
    return _PROCESS + _TO_COMPARE * n_bytes


def compared_bytes(shard_bytes: int, memory: int | None) -> int:
    """Return the bytes of the articles that a task compares, which are two runs.

    Every two runs are compared, so the work grows with the number of runs: as few as memory has room for.
    """
    return shard_bytes if memory is not None else _COMPARED * shard_bytes


def join_bytes(n_articles: float) -> float:
    """Return the memory of a process that has something of each of so many articles, in bytes."""
    return _PROCESS + _OF_EACH * n_articles


def workers_within(memory: int | None, shard_bytes: float, most: int) -> int:
    """Return how many tasks may run at a time within a bound, at most `most` and at least one."""
    if memory is None:
        return most
    one = max(encode_bytes(shard_bytes), run_bytes(shard_bytes))
    return max(1, min(most, int((memory - _PROCESS) // one)))


def needed_bytes(shards: Shards, n_fitted: int, n_workers: int) -> dict[str, float]:
    """Return the memory of all processes together, in bytes, while each kind of task runs."""
    whole = float(sum(shards.n_bytes))
    fitted = whole * min(1.0, n_fitted / max(shards.n_articles, 1))
    waiting = _PROCESS + IDLE * (n_workers - 1)  # the driver, and workers without a task
    others = waiting if n_workers > 1 else 0.0  # a single worker is the driver
    return {
        "fitting the model": others + fit_bytes(fitted),
        "encoding shards": (_PROCESS if n_workers > 1 else 0.0)
        + n_workers * encode_bytes(max(shards.n_bytes)),
        "comparing shards": (_PROCESS if n_workers > 1 else 0.0) + n_workers * run_bytes(max(shards.n_bytes)),
        "joining shards": others + join_bytes(shards.n_articles),
    }


def check_memory(how: ShardSettings, shards: Shards, n_workers: int, *, fits: bool = True) -> None:
    """Raise RecommenderError where a build needs more memory than it may use. It `fits` a model unless it has one."""
    if how.memory is None:
        return
    needed = needed_bytes(shards, how.fit_on if fits else 0, n_workers)
    step = max(needed, key=lambda name: needed[name])
    if needed[step] > how.memory:
        moves = {
            "fitting the model": "or a smaller --fit-on",
            "encoding shards": "or a smaller --shard-mb or --n-jobs",
            "comparing shards": "or a smaller --shard-mb or --n-jobs",
            "joining shards": "or --n-jobs 1, or a machine that has it",
        }
        raise RecommenderError(
            f"{step} takes about {needed[step] / 1e9:.1f} GB in all processes, --memory allows "
            f"{how.memory / 1e9:.1f} GB; give more memory, {moves[step]}"
        )
