"""A command that is killed leaves the old or the new, and the next one works and leaves no litter.

RECOMMENDER_KILLS=200 sets the number of kills of each command. tests/store/test_kills.py kills the store below them.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from attacked_children import count_of, in_child
from attacked_commands import command, file_of, lists_of, litter, run_here, site_of
from made_up_store import SAFELY

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

N_KILLS = count_of("RECOMMENDER_KILLS", 1)


def killed(work: Callable[[], object], after_s: float) -> bool:
    """Do something in a process that is killed after a time, and return whether it had not ended by then."""
    child = os.fork()
    if not child:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        try:
            work()
        finally:
            os._exit(0)
    time.sleep(after_s)
    os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


class Case:
    """A command over a site, what is there before and after it, and what comes next."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name, self.before, self.folder = name, folder / "before", folder / "now"
        self.before.mkdir()
        site, first, second = self.before / "x.rec", file_of(folder, "old"), file_of(folder, "new")
        if name != "first build":
            site_of(site, "old", 2 if name == "compact" else 1)
        self.words = {
            "first build": ["build", first, "-o", self.folder / "x.rec", "--n-jobs", 1],
            "build": ["build", second, "-o", self.folder / "x.rec", "--n-jobs", 1],
            "update": ["update", self.folder / "x.rec", second],
            "compact": ["compact", self.folder / "x.rec"],
            "backup": ["backup", self.folder / "x.rec", self.folder / "x.tar"],
        }[name]
        self.old = None if name == "first build" else lists_of(site)
        self.reset()
        started = time.perf_counter()
        assert run_here(*self.words) == 0
        self.seconds = time.perf_counter() - started
        self.new = lists_of(self.folder / "x.rec")

    def reset(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self.before, self.folder)

    def found(self) -> object:
        path = self.folder / "x.rec"
        if self.name == "first build" and not (path / "manifest.json").exists():
            return None
        return lists_of(path)

    def assert_backup_is_whole(self) -> None:
        if (file := self.folder / "x.tar").exists():
            with tarfile.open(file) as tar:
                tar.extractall(self.folder / "out", **SAFELY)
            assert lists_of(self.folder / "out" / "x.rec") == self.old
            shutil.rmtree(self.folder / "out")


@pytest.mark.parametrize("name", ["first build", "build", "update", "compact", "backup"])
def test_a_killed_command(tmp_path: Path, name: str) -> None:
    case, rng, ends = Case(tmp_path, name), random.Random(5), {"in time": 0, "old": 0, "new": 0}
    for _ in range(N_KILLS):
        case.reset()
        in_time = killed(lambda: command(*case.words), rng.uniform(0, 1.2 * case.seconds))
        case.seconds *= 1.05 if in_time else 0.8  # the first run took longer than those of forked processes
        ends["in time"] += in_time
        case.assert_backup_is_whole()
        found = case.found()
        assert found in (case.old, case.new)
        ends["new" if found == case.new else "old"] += 1
        assert in_child(lambda: command(*case.words)).how == "done"
        assert case.found() == case.new
        case.assert_backup_is_whole()
        assert not litter(case.folder / "x.rec")
        assert {each.name for each in case.folder.iterdir()} <= {"x.rec", "x.tar"}
    print(name, ends)
