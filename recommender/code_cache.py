"""A folder for compiled code, where neither the package nor the home of the user can be written."""

from __future__ import annotations

import atexit
import os
from collections.abc import MutableMapping
from pathlib import Path

__all__ = ["CODE_CACHE", "TEMPORARY", "provide_code_cache"]

CODE_CACHE = "NUMBA_CACHE_DIR"
"""Name in the environment of the folder in which numba keeps compiled code."""

_PACKAGE = Path(__file__).parent


def provide_code_cache(environment: MutableMapping[str, str] | None = None) -> Path | None:
    """Name a temporary folder for compiled code in the environment, if numba would find no place for it.

    numba keeps compiled code beside the source or in the home of the user. Where it can write neither, as under a
    service without a home, it refuses to import what it compiles. The folder belongs to this user alone, because
    such code is run, and is removed when the process ends. Processes that this one starts use it too.

    Parameters
    ----------
    environment : mapping, optional
        That of the process by default.

    Returns
    -------
    Path or None
        None if there is a place.
    """
    found = os.environ if environment is None else environment
    home = Path(os.path.expanduser(found.get("XDG_CACHE_HOME") or "~/.cache"))  # noqa: PTH111  pathlib raises without a home
    if found.get(CODE_CACHE) or any(map(_may_write, (_PACKAGE / "__pycache__", home))):
        return None
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="recommender-code-"))
    found[CODE_CACHE] = str(folder)
    atexit.register(_remove, folder, os.getpid())
    return folder


def _may_write(folder: Path) -> bool:
    """Return whether a folder can be written, or made in the nearest one that exists."""
    if not folder.is_absolute():  # no home is known
        return False
    existing = next(each for each in (folder, *folder.parents) if each.exists())
    return existing.is_dir() and os.access(existing, os.W_OK | os.X_OK)


def _remove(folder: Path, owner: int) -> None:
    import shutil

    if os.getpid() == owner:  # and not in a fork of it
        shutil.rmtree(folder, ignore_errors=True)


TEMPORARY = provide_code_cache()
"""The folder that goes with this process; None if compiled code has a lasting place."""
