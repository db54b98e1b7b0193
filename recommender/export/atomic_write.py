"""Outputs that appear whole or not at all: written beside their place, then moved into it."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from recommender.errors import InputError, Problem, RecommenderError

__all__ = ["aside"]


@contextmanager
def aside(out: Path, is_ours: Callable[[Path], bool], *, folder: bool = False) -> Iterator[Path]:
    """Yield a fresh path beside `out`; move it onto `out` when the block ends well, else remove it.

    A file is replaced in one step. A folder takes two renames, so for an instant between them a reader
    finds nothing at `out`. A killed process leaves a hidden ``.NAME.*.partial``, which may be deleted.

    Raises
    ------
    InputError
        If something is at `out` that is neither empty nor, by `is_ours`, an earlier export of the same kind:
        a folder of photographs or the file of articles must not be taken for one and replaced.
    RecommenderError
        If the disk is full or the place cannot be written; what was at `out` is still there.
    """
    try:
        place = out.resolve()  # a link stays a link: what it points to is replaced
        _refuse_unless_free(place, is_ours, folder=folder)
        partial = _beside(place)
        try:
            yield partial
            if folder:
                _swap_folder(partial, place)
            else:
                _swap_file(partial, place)
        finally:
            _remove(partial)
    except OSError as error:
        raise RecommenderError(
            f"{out}: cannot be written ({error.strerror or error}), and what was there before is unchanged; "
            "free some space or name another place"
        ) from error


def _refuse_unless_free(place: Path, is_ours: Callable[[Path], bool], *, folder: bool) -> None:
    if not place.parent.is_dir():
        raise _refusal(place, f"the folder {place.parent} does not exist", "make it first")
    if not place.exists():
        return
    if not (place.is_dir() if folder else place.is_file()):
        wanted = "a folder" if folder else "a file"
        raise _refusal(place, f"{wanted} was wanted, and this is something else", "name another place")
    empty = not any(place.iterdir()) if folder else place.stat().st_size == 0
    if not empty and not is_ours(place):
        raise _refusal(
            place, "already there, and not an export of this format", "name another place or remove it"
        )


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


def _refusal(place: Path, what: str, next_move: str) -> InputError:
    return InputError(Problem(what, next_move=next_move, source=str(place)))
