"""Work that takes long is shared by processes, and what they return is what one process returns."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from itertools import islice
from pathlib import Path

import pytest
from joblib import parallel_config

import recommender.worker_processes as module
from recommender import Recommender, read_articles
from recommender.progress import no_progress
from recommender.text.cleaning import clean_articles
from recommender.worker_processes import WorkerProcesses, in_parts, worker_processes

PAGES = Path("data/sample/pages")
SAMPLE = "data/sample/articles.jsonl"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PATIENCE", 0.0)


def squared_here(number: int) -> tuple[int, int]:
    time.sleep(0.002)
    return number * number, os.getpid()


def fatal_elsewhere(given: tuple[int, int]) -> int:
    number, parent = given
    if number == 3 and os.getpid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)
    return number + 1


def endless_elsewhere(given: tuple[int, int]) -> int:
    number, parent = given
    if os.getpid() != parent:
        time.sleep(600)
    return number + 1


def wrong(number: int) -> int:
    if number == 5:
        raise ValueError("five")
    return number


def children() -> set[str]:
    found = subprocess.run(
        ["ps", "-ww", "--ppid", str(os.getpid()), "-o", "pid=,args="],
        capture_output=True,
        text=True,
        check=False,
    )
    return {line for line in found.stdout.splitlines() if "loky" in line and "resource_tracker" not in line}


def test_several_processes_share_the_work_and_results_are_in_order() -> None:
    with worker_processes(3) as workers:
        found = list(workers.mapped(squared_here, range(2_000)))
    assert [square for square, _ in found] == [number * number for number in range(2_000)]
    assert len({process for _, process in found}) > 1
    assert not children()


def test_parts_are_taken_as_they_are_needed() -> None:
    taken = []

    def parts() -> object:
        for number in range(100_000):
            taken.append(number)
            yield number

    with worker_processes(2) as workers:
        first = list(islice(workers.mapped(squared_here, parts()), 10))  # type: ignore[arg-type]
    assert len(first) == 10
    assert len(taken) < 100


def test_short_work_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PATIENCE", 60.0)
    with worker_processes(4) as workers:
        assert {process for _, process in workers.mapped(squared_here, range(50))} == {os.getpid()}


@pytest.mark.parametrize("backend", ["threading", "sequential"])
def test_another_backend_of_joblib_starts_no_process(backend: str) -> None:
    with parallel_config(backend=backend, n_jobs=4), worker_processes(4) as workers:
        assert {process for _, process in workers.mapped(squared_here, range(50))} == {os.getpid()}


def test_what_a_killed_process_had_is_done_here() -> None:
    with worker_processes(3) as workers:
        given = [(number, os.getpid()) for number in range(200)]
        assert list(workers.mapped(fatal_elsewhere, given)) == list(range(1, 201))


def test_what_a_process_that_does_not_answer_had_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LONGEST", 1.0)
    started = time.monotonic()
    with worker_processes(2) as workers:
        parts = [(number, os.getpid()) for number in range(40)]
        assert list(workers.mapped(endless_elsewhere, parts)) == list(range(1, 41))
    assert time.monotonic() - started < 60
    assert not children()


def test_where_no_process_can_be_started_the_work_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("no semaphores")

    monkeypatch.setattr("joblib.externals.loky.ProcessPoolExecutor", refuse)
    with worker_processes(3) as workers:
        assert {process for _, process in workers.mapped(squared_here, range(50))} == {os.getpid()}


def test_what_cannot_be_pickled_is_done_here() -> None:
    with worker_processes(3) as workers:
        parts = (iter([number]) for number in range(50))
        found = workers.mapped(lambda part: [*part, (each for each in ())][0], parts)  # type: ignore[misc]
        assert list(found) == list(range(50))


def test_an_error_of_the_work_is_raised() -> None:
    with worker_processes(2) as workers, pytest.raises(ValueError, match="five"):
        list(workers.mapped(wrong, range(50)))


def test_shared_processes_are_those_that_a_reader_gets() -> None:
    with worker_processes(2) as workers, workers.shared():
        with worker_processes(5) as again:
            assert again is workers
        assert list(workers.mapped(wrong, range(4))) == [0, 1, 2, 3]  # they were not ended
    with worker_processes() as alone:
        assert alone is not workers
        assert isinstance(alone, WorkerProcesses)


def test_in_parts() -> None:
    assert list(in_parts(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert not list(in_parts([], 2))


@pytest.mark.parametrize("source", [PAGES, SAMPLE])
def test_articles_are_read_and_cleaned_the_same_by_processes(source: str | Path) -> None:
    one, several = (clean_articles(read_articles(source), no_progress, n_jobs=n) for n in (1, 3))
    for name in ("summaries", "digests", "apart"):
        assert getattr(one, name) == getattr(several, name)
    assert list(one.texts) == list(several.texts)
    assert list(one.clean) == list(several.clean)
    for mine, theirs in zip(one.links.links, several.links.links, strict=True):
        assert mine.tolist() == theirs.tolist()
    assert one.links.own.tolist() == several.links.own.tolist()


def test_a_reader_accounts_for_the_same_pages_by_processes() -> None:
    def accounted(n_jobs: int) -> tuple[object, ...]:
        with parallel_config(n_jobs=n_jobs):
            reader = read_articles(PAGES)
            return list(reader), reader.left_out, reader.left_out_rows, reader.unpublished, reader.place

    assert accounted(1) == accounted(3)


def test_lists_are_the_same_from_several_processes() -> None:
    one, several = (Recommender.from_articles(read_articles(SAMPLE), n_jobs=n) for n in (1, 3))
    assert all(one.related(each) == several.related(each) for each in one)


def test_a_script_without_a_guard_of_its_main_module_builds(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        textwrap.dedent(f"""
        import recommender.worker_processes as module
        module._PATIENCE = 0.0
        from recommender import Recommender, read_articles
        print(len(Recommender.from_articles(read_articles({str(Path(SAMPLE).resolve())!r}), n_jobs=3)))
        """),
        encoding="utf-8",
    )
    found = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False)
    assert found.stdout.split() == ["208"], found.stderr
