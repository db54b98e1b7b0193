"""Outputs that appear whole or not at all: written beside their place, then moved into it."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from recommender.errors import InputError, Problem, RecommenderError

__all__ = ["aside", "refuse_unless_ours"]


def refuse_unless_ours(out: Path, is_ours: Callable[[Path], bool], *, folder: bool = False) -> None:
    """Raise InputError unless `out` is free to write: absent, empty, or an earlier export of the same kind.

    An export replaces what is there, so a folder of photographs or the file of articles must not be taken for it.
    """
    wanted = "a folder" if folder else "a file"
    if not out.parent.is_dir():
        raise _refusal(out, f"the folder {out.parent} does not exist", "make it first")
    if not out.exists():
        return
    if not (out.is_dir() if folder else out.is_file()):
        raise _refusal(
            out, f"{wanted} was wanted, and this is something else", "name another place, or '-' for a pipe"
        )
    empty = not any(out.iterdir()) if folder else out.stat().st_size == 0
    if not empty and not is_ours(out):
        raise _refusal(
            out, "already there, and not an export of this format", "name another place or remove it"
        )


@contextmanager
def aside(out: Path) -> Iterator[Path]:
    """Yield a fresh path beside `out`; move it onto `out` when the block ends well, else remove it.

    A file is replaced in one step. A folder takes two renames, so for an instant between them a reader
    finds nothing at `out`. A killed process leaves a hidden ``.NAME.*.partial``, which may be deleted.

    Raises
    ------
    RecommenderError
        If the disk is full or the place cannot be written; what was at `out` is still there.
    """
    out = out.resolve()  # a link stays a link: what it points to is replaced
    partial = _beside(out)
    try:
        yield partial
        if partial.is_dir():
            _swap_folder(partial, out)
        else:
            _swap_file(partial, out)
    except OSError as error:
        raise RecommenderError(
            f"{out}: cannot be written ({error.strerror or error}), and what was there before is unchanged; "
            "free some space or name another place"
        ) from error
    finally:
        _remove(partial)


def _beside(out: Path) -> Path:
    return out.with_name(f".{out.name[:40]}.{secrets.token_hex(6)}.partial")


def _swap_file(partial: Path, out: Path) -> None:
    with partial.open("rb+") as file:
        os.fsync(file.fileno())  # else a power cut could leave the new name with nothing in it
    if out.exists():
        shutil.copymode(out, partial)
    partial.replace(out)


def _swap_folder(partial: Path, out: Path) -> None:
    if not out.exists():
        partial.rename(out)
        return
    old = _beside(out)
    out.rename(old)
    try:
        partial.rename(out)
    except OSError:
        old.rename(out)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _remove(partial: Path) -> None:
    if partial.is_dir():
        shutil.rmtree(partial, ignore_errors=True)
    else:
        partial.unlink(missing_ok=True)


def _refusal(out: Path, what: str, next_move: str) -> InputError:
    return InputError(Problem(what, next_move=next_move, source=str(out)))
