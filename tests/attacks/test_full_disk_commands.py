"""A full disk leaves what was there, and a command says so in a line without a traceback.

RECOMMENDER_FULL_DISKS=30 sets the number of limits of each command.
"""

from __future__ import annotations

import contextlib
import io
import os
import random
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attacked_children import count_of, in_child
from attacked_commands import command, file_of, lists_of, litter, site_of

from recommender.index.kernels.large_arrays import bounded_memory, large_array
from recommender.service.shared_counters import SharedCounters

resource = pytest.importorskip("resource")
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

N_LIMITS = count_of("RECOMMENDER_FULL_DISKS", 1)
FORMATS = ("jsonl", "json", "csv", "sqlite", "parquet", "json-dir", "html")


def commands(folder: Path) -> dict[str, list[object]]:
    """Return each command that writes into a folder with x.rec."""
    site, new = folder / "x.rec", folder.parent / "new.jsonl"
    qrels = folder.parent / "qrels.tsv"
    return {
        "first build": ["build", new, "-o", folder / "first.rec", "--n-jobs", 1],
        "build": ["build", new, "-o", site, "--n-jobs", 1],
        "update": ["update", site, new],
        "compact": ["compact", site],
        "backup": ["backup", site, folder / "x.tar"],
        "rules": ["rules", site, "-o", folder / "rules.yaml"],
        "rejects": ["build", folder.parent / "bad.jsonl", "-o", site, "--on-error", "skip", "--n-jobs", 1],
        "per query": ["evaluate", site, qrels, "--per-query", folder / "values.tsv"],
        "run": ["evaluate", site, qrels, "--run-out", folder / "run.tsv"],
        "changed": ["update", site, new, "--changed", folder / "ids"],
        **{each: ["export", site, "--format", each, "-o", folder / f"out.{each}"] for each in FORMATS},
    }


def contents(folder: Path) -> dict[str, bytes]:
    """Return the bytes of all files but those of sites, which are compared by their lists."""
    files = (file for file in folder.rglob("*") if file.is_file())
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in files
        if ".rec/" not in file.relative_to(folder).as_posix()
    }


def said(words: list[object], limit: int | None) -> Callable[[], None]:
    """Return what runs a command under a limit of file sizes and raises what is wrong with what it says."""

    def work() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        out, code = io.StringIO(), 0
        with contextlib.redirect_stderr(out), contextlib.redirect_stdout(io.StringIO()):
            try:
                command(*words)
            except SystemExit as ended:
                code = int(ended.code or 0)
        errors = [line for line in out.getvalue().splitlines() if line.startswith("Error")]
        assert "Traceback" not in out.getvalue(), out.getvalue()
        assert code in (0, 1), out.getvalue()
        assert len(errors) == code, out.getvalue()

    return work


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """A folder with a site that has updates, and earlier outputs."""
    file_of(tmp_path, "new", 40)
    bad = (tmp_path / "new.jsonl").read_text() + '{"id": "x"}\n' * 3_000
    (tmp_path / "bad.jsonl").write_text(bad)
    (tmp_path / "qrels.tsv").write_text("".join(f"old-{n} 0 old-{n ^ 1} 1\n" for n in range(8)))
    folder = tmp_path / "before"
    folder.mkdir()
    site_of(folder / "x.rec", "old", 2)
    return folder


@contextlib.contextmanager
def disk(folder: Path, size: int) -> Iterator[None]:
    """Mount a small file system, where that is allowed."""
    folder.mkdir(exist_ok=True)
    words = ["mount", "-t", "tmpfs", "-o", f"size={size // 1024}k", "tmpfs", str(folder)]
    if subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip("a file system cannot be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def attack(now: Path, name: str, limit: int | None) -> list[object]:
    """Run a command under a limit, assert that the old or the new is there, and return the command."""
    words = commands(now)[name]
    earlier, lists = contents(now), lists_of(now / "x.rec")
    ended = in_child(said(words, limit))
    assert ended.how == "done", f"{name} {limit}: {ended.text}"
    after: dict[str, Any] = contents(now)
    for file, content in earlier.items():
        assert file in after, f"{name} {limit}: {file} is gone"
        assert content == after[file], f"{name} {limit}: {file} was changed"
    partial = [file for file in after if "partial" in file or "part" in Path(file).suffix]
    assert not partial, f"{name} {limit}: {partial}"
    found = lists_of(now / "x.rec")
    if found != lists:
        assert name in ("build", "update", "changed", "rejects")
    return words


@pytest.mark.parametrize("name", commands(Path("x")))
def test_a_limit_of_file_sizes(tmp_path: Path, before: Path, name: str) -> None:
    rng, now = random.Random(name), tmp_path / "now"
    for number in range(N_LIMITS):
        shutil.rmtree(now, ignore_errors=True)
        shutil.copytree(before, now)
        words = attack(now, name, 0 if number == 1 else int(10 ** rng.uniform(1, 5)))
        if name in ("first build", "build", "update", "compact"):
            assert in_child(said(words, None)).how == "done"
            assert not litter(now / ("first.rec" if name == "first build" else "x.rec")), name


@pytest.mark.parametrize(
    "name", ["build", "update", "compact", "backup", "sqlite", "json-dir", "per query", "rejects"]
)
def test_a_full_disk(tmp_path: Path, before: Path, name: str) -> None:
    rng, now = random.Random(name), tmp_path / "now"
    used = sum(-(-file.stat().st_size // 4096) * 4096 for file in before.rglob("*")) + 100_000
    for number in range(N_LIMITS):
        room = rng.randrange(4096, 300_000) if number else 20_000
        with disk(now, used + room):
            shutil.copytree(before, now, dirs_exist_ok=True)
            attack(now, name, None)


def fill_an_array() -> None:
    try:
        with bounded_memory(2**30):
            large_array((2**23,), np.uint8)[:] = 1
    except OSError as error:  # the command line prints it
        raise SystemExit(str(error)) from error


def count_a_request() -> None:
    counters = SharedCounters([str(number) for number in range(900)], Path(tempfile.gettempdir()))
    for route in counters.routes:
        counters.add(route, "GET", 200, 0.1)


@pytest.mark.parametrize("work", [fill_an_array, count_a_request])
def test_a_mapped_file_without_room_is_an_error_and_no_lost_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, work: Callable[[], None]
) -> None:
    """The system ends a process that writes to the mapping of a file for which the disk has no room."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "small"))
    with disk(tmp_path / "small", 2**20):
        ended = in_child(work)
    assert ended.how == "error", ended
    assert "small: no room for" in ended.text
    assert "TMPDIR" in ended.text
