"""Two that write one site at the same time leave one of the two sites, whole.

RECOMMENDER_PAIRS=200 sets the number of pairs of each kind.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from attacked_children import count_of
from attacked_commands import command, file_of, lists_of, litter, rows_of, site_of

from recommender import BusyError, Recommender

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

N_PAIRS = count_of("RECOMMENDER_PAIRS", 1)


def together(*works: Callable[[], object]) -> list[int]:
    """Do things in processes that begin at the same moment, and return their exit codes: 1 for an error of ours."""
    reading, writing = os.pipe()
    children = []
    for work in works:
        child = os.fork()
        if not child:
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, 1)
            os.dup2(null, 2)
            os.close(writing)
            os.read(reading, 1)  # ends where the parent lets all go
            code = 0
            try:
                work()
            except SystemExit as ended:
                code = int(ended.code or 0)
            except BusyError:
                code = 1
            except BaseException:
                code = 70
            os._exit(code)
        children.append(child)
    os.close(reading)
    os.close(writing)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


@pytest.mark.parametrize(
    ("kind", "before"),
    [("builds", "nothing"), ("builds", "updates"), ("saves", "nothing"), ("saves", "a site"),
     ("a build and an update", "updates"), ("a save and a compaction", "updates")],
)  # fmt: skip
def test_two_writers(tmp_path: Path, kind: str, before: str) -> None:
    path, first, second = tmp_path / "x.rec", file_of(tmp_path, "first"), file_of(tmp_path, "second")
    kept = None if before == "nothing" else site_of(tmp_path / "kept.rec", "old", 2 * (before == "updates"))
    sites = [Recommender.from_articles(rows_of(each)) for each in ("first", "second")]
    allowed = [{each: [(e.article_id, e.score) for e in site[each]] for each in site} for site in sites]
    builds = [lambda file=file: command("build", file, "-o", path, "--n-jobs", 1) for file in (first, second)]
    saves = [lambda site=site: site.save(path) for site in sites]
    works = {
        "builds": builds,
        "saves": saves,
        "a build and an update": [builds[0], lambda: command("update", path, second)],
        "a save and a compaction": [saves[0], lambda: command("compact", path)],
    }[kind]
    for _ in range(N_PAIRS):
        shutil.rmtree(path, ignore_errors=True)
        if kept is not None:
            shutil.copytree(kept, path)
        codes = together(*works)
        assert set(codes) <= {0, 1}
        assert 0 in codes
        found = lists_of(path)
        if kind == "a build and an update":  # before the build, or after it
            assert set(found) in (set(allowed[0]), {*allowed[0], *allowed[1]}, {*allowed[1], *lists_of(kept)})
        else:
            assert found in allowed
        assert not litter(path)
