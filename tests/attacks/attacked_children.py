"""Work that may crash or hang, in a forked process of its own."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from recommender.errors import RecommenderError

__all__ = ["CLEAN", "Ended", "count_of", "in_child", "names_below"]

_SECONDS = 120


class Ended(NamedTuple):
    """How a child ended: "done", "error" of ours, "traceback", "signal N" or "hang"; and what it says or returns."""

    how: str
    text: str


CLEAN = ("done", "error")
"""Ends of a child that is neither crashed nor lost."""


def count_of(name: str, small: int) -> int:
    """Return how often an attack is repeated: a variable of the environment, or a small number."""
    return int(os.environ.get(name, str(small)))


def in_child(work: Callable[[], object], seconds: int = _SECONDS) -> Ended:
    """Do something in a forked process, and return how it ended."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        signal.alarm(seconds)
        how, text = "done", ""
        try:
            text = str(work())
        except RecommenderError as error:
            how, text = "error", str(error)
        except SystemExit as error:
            how, text = ("done", "") if not error.code else ("error", str(error.code))
        except BaseException:
            how, text = "traceback", traceback.format_exc()
        os.write(writing, f"{how}\n{text}".encode("utf-8", "replace")[:60_000])
        sys.stdout.flush()
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        how, _, text = stream.read().decode("utf-8", "replace").partition("\n")
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code < 0:
        return Ended("hang" if code == -signal.SIGALRM else f"signal {-code}", text)
    return Ended(how, text)


def names_below(folder: Path, apart: str = "") -> set[str]:
    """Return the names of all files below a folder, but for those in a folder that is set apart."""
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*")}
    return {name for name in names if not (apart and name.startswith(f"{apart}/"))}
