"""Compiled code has a place, also for a user without a home who may not write the package."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from recommender import code_cache

STARTED = """
import os, stat
os.access = lambda *_, **__: False
import recommender
folder = os.environ["NUMBA_CACHE_DIR"]
assert stat.S_IMODE(os.stat(folder).st_mode) == 0o700
from recommender.text.code_points import decode
print(folder)
"""


def test_without_a_place_code_is_kept_in_a_private_folder_that_goes_with_the_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(code_cache.CODE_CACHE, raising=False)
    done = subprocess.run([sys.executable, "-c", STARTED], capture_output=True, text=True, check=True)
    assert "recommender-code-" in done.stdout
    assert not Path(done.stdout.strip()).exists()


def test_a_place_that_is_there_or_named_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for environment in ({"XDG_CACHE_HOME": str(tmp_path / "not" / "yet")}, {code_cache.CODE_CACHE: "named"}):
        before = dict(environment)
        assert code_cache.provide_code_cache(environment) is None
        assert environment == before


COMPILED = """
import sys
from recommender import compiling
compiling._PATIENCE_S = 0.0
compiling.tell_of_compiling(print)
assert "numba" not in sys.modules
from numba import njit
@njit
def twice(number):
    return 2 * number
twice(2)
twice(2)
"""


def test_compiling_is_told_of_and_looking_imports_nothing() -> None:
    done = subprocess.run([sys.executable, "-c", COMPILED], capture_output=True, text=True, check=True)
    (line,) = done.stdout.splitlines()
    assert line.startswith(
        "compiling what runs here for the first time, which takes up to a minute: 1 function"
    )
