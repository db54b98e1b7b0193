"""Atomic output: files and folders are written under a temporary name, then moved into place."""

from __future__ import annotations

import filecmp
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from recommender.errors import InputError, Problem, RecommenderError

__all__ = ["atomic_write"]


@contextmanager
def atomic_write(out: Path, is_export: Callable[[Path], bool], *, folder: bool = False) -> Iterator[Path]:
    """Yield a temporary path next to `out`. Moves it to `out` if the block succeeds, otherwise removes it.

    A file is replaced in one step. If it has the same bytes already, it stays as it is, so that programs that
    watch it do nothing. A folder takes two renames, so `out` does not exist for an instant between them. A killed
    process leaves a hidden ``.NAME.*.partial`` behind, which may be deleted.

    Raises
    ------
    InputError
        If `out` exists and is neither empty nor, according to `is_export`, an earlier export of the same
        format. This prevents other files from being replaced.
    RecommenderError
        If the disk is full or the path cannot be written. The previous content of `out` is unchanged.
    """
    try:
        target = out.resolve()  # for a link, the target is replaced
        _check_replaceable(target, is_export, folder=folder)
        partial = _temporary(target)
        try:
            yield partial
            if folder:
                _replace_folder(partial, target)
            else:
                _replace_file(partial, target)
        finally:
            _remove(partial)
    except OSError as error:
        raise RecommenderError(
            f"{out}: cannot be written ({error.strerror or error}), the previous content is unchanged; "
            "free some space or choose another path"
        ) from error


def _check_replaceable(target: Path, is_export: Callable[[Path], bool], *, folder: bool) -> None:
    if not target.parent.is_dir():
        raise _refusal(target, f"the folder {target.parent} does not exist", "create it first")
    if not target.exists():
        return
    if not (target.is_dir() if folder else target.is_file()):
        expected = "a folder" if folder else "a file"
        raise _refusal(target, f"exists and is not {expected}", "choose another path")
    empty = not any(target.iterdir()) if folder else target.stat().st_size == 0
    if not empty and not is_export(target):
        raise _refusal(
            target, "exists and is not an export of this format", "choose another path or remove it"
        )


def _temporary(out: Path) -> Path:
    return out.with_name(f".{out.name[:40]}.{secrets.token_hex(6)}.partial")


def _replace_file(partial: Path, out: Path) -> None:
    with partial.open("rb+") as file:
        os.fsync(file.fileno())  # without it, a power failure could leave an empty file under the final name
    if out.exists():
        if filecmp.cmp(out, partial, shallow=False):
            return
        shutil.copymode(out, partial)
    partial.replace(out)


def _replace_folder(partial: Path, out: Path) -> None:
    if not out.exists():
        partial.rename(out)
        return
    old = _temporary(out)
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


def _refusal(target: Path, what: str, next_move: str) -> InputError:
    return InputError(Problem(what, next_move=next_move, source=str(target)))
