"""Rounds over all contenders in turn, so that drift of the machine affects all equally."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks.compare.child import Job
from benchmarks.compare.points import TIME_OF, Point, beaten
from benchmarks.compare.processes import events
from benchmarks.contenders.contract import Contender, Mode, Task
from benchmarks.truth import Truth, query_truth, recall, self_join_truth
from benchmarks.vectors import VectorSet

__all__ = ["Plan", "measure"]

_BY_OWN, _BY_PEERS = 1.25, 3.0  # factors of time, at the same recall, that exceed noise


class Plan(NamedTuple):
    """Settings of a comparison.

    Attributes
    ----------
    mode : {"selfjoin", "query"}
    k : int
        Number of neighbours, 1 to 100.
    threads : int
        Threads of every contender.
    repeats : int
        Rounds, 1 or more. From the second on, points are skipped that are clearly slower than others of the same
        contender, or much slower than another peer: they are on no relevant front and cost the most.
    full : bool
        Whether to sweep the large grids.
    limit_s : float
        Largest time of a point in seconds, with set-up; a slower point is reported as such.
    """

    mode: Mode
    k: int = 10
    threads: int = 2
    repeats: int = 3
    full: bool = False
    limit_s: float = 600.0


def measure(
    plan: Plan,
    vectors: VectorSet,
    contenders: Sequence[type[Contender]],
    report: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Return the figures of all points of all contenders, and the BLAS kernels of each.

    Parameters
    ----------
    plan : Plan
    vectors : VectorSet
    contenders : sequence of type
        Installed contenders.
    report : callable
        Called with a line of text for each measured point.
    """
    truth = (self_join_truth if plan.mode == "selfjoin" else query_truth)(vectors, plan.k)
    task = Task(plan.mode, len(vectors.vectors), vectors.vectors.shape[1], plan.k, plan.full)
    points = [point for contender in contenders for point in _points(contender, task)]
    blas: dict[str, list[str]] = {}
    for number in range(1, plan.repeats + 1):
        for _, sweep in groupby(points, key=lambda point: (point.contender, point.sweep)):
            left = [point for point in sweep if number == 1 or _is_worth_it(point, points, plan.mode)]
            if left:
                blas[left[0].contender] = _run(plan, vectors, truth, left) or blas.get(left[0].contender, [])
            for point in left:
                report(f"round {number}/{plan.repeats} {_line(point, plan.mode)}")
    return {
        "n": task.n, "n_dimensions": task.d, "n_asked": len(truth.asked), "blas": blas,
        "points": [point.figures() for point in points],
    }  # fmt: skip


def _points(contender: type[Contender], task: Task) -> list[Point]:
    return [
        Point(contender.name, sweep, search, each.build, settings, contender.exact, contender.ours)
        for sweep, each in enumerate(contender.sweeps(task))
        for search, settings in enumerate(each.searches)
    ]


def _is_worth_it(point: Point, points: Sequence[Point], mode: Mode) -> bool:
    """Return whether another measurement could change a front or the fastest peer."""
    if point.status != "measured":
        return False
    mine, time = point.figures(), TIME_OF[mode]
    done = [other for other in points if other.status == "measured"]
    own = [other.figures() for other in done if other.contender == point.contender]
    peers = [other.figures() for other in done if not other.ours and not point.ours]
    return not (beaten(mine, own, time, _BY_OWN) or beaten(mine, peers, time, _BY_PEERS))


def _run(plan: Plan, vectors: VectorSet, truth: Truth, points: Sequence[Point]) -> list[str]:
    """Measure the points of one index once; return its BLAS kernels."""
    searches = {point.search: point for point in points}
    blas: list[str] = []
    setup_s = 0.0
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as out:
        job = Job(
            points[0].contender, plan.mode, str(vectors.vectors_path), str(vectors.queries_path), plan.k,
            plan.threads, plan.full, points[0].sweep, list(searches), plan.limit_s, out,
        )  # fmt: skip
        for event in events(job):
            match event.pop("event"):
                case "ready":
                    blas = event["blas"]
                case "built":
                    setup_s = event["setup_s"]
                case "searched":
                    point = searches.pop(event.pop("search"))
                    _keep(
                        point, event | {"setup_s": setup_s}, Path(out) / f"{point.search}.npy", truth, vectors
                    )
                case "failed" if "search" in event:
                    _fail([searches.pop(event["search"])], "failed", event["error"])
                case status:  # the whole child ended: its remaining searches have this status
                    _fail(searches.values(), status, event.get("error"))
    return blas


def _keep(point: Point, figures: dict[str, float], file: Path, truth: Truth, vectors: VectorSet) -> None:
    """Compute the recall of the rows returned, and add it and the figures to the point."""
    rows = np.load(file, mmap_mode="r")
    n_expected = len(vectors.vectors) if truth.itself else int(figures["n_asked"])
    try:
        if len(rows) != n_expected:
            raise ValueError(f"wanted {n_expected} lists, got {len(rows)}")
        answers = np.asarray(rows[truth.asked] if truth.itself else rows).astype(np.int64)
        found = recall(answers, truth if truth.itself else _first(truth, n_expected), vectors)
    except ValueError as error:
        _fail([point], "failed", str(error))
        return
    if truth.itself:
        figures["total_s"] = figures["setup_s"] + figures["search_s"]
    point.add(recall=found.mean(), **figures)


def _first(truth: Truth, n: int) -> Truth:
    """Return the truth of the first n queries, for a search cut short by the time limit."""
    return Truth(truth.asked[:n], truth.itself, truth.rows[:n], truth.similarities[:n])


def _fail(points: Iterable[Point], status: str, error: str | None) -> None:
    for point in points:
        point.status, point.error = status, error


def _line(point: Point, mode: Mode) -> str:
    label = f"{point.contender} {point.build | point.settings}"
    if point.status != "measured":
        return f"{label}: {point.status}{f', {point.error}' if point.error else ''}"
    time = TIME_OF[mode]
    return f"{label}: recall {point.raw['recall'][-1]:.4f}, {time} {point.raw[time][-1]:.2f}"
