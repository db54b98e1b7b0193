"""Files of pages, replaced in one step."""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from recommender.errors import ArtifactError
from recommender.store.write_lock import open_locked

__all__ = ["compressed_copies", "remove_partials", "replace_page"]

_COMPRESSED = (".gz", ".br", ".zst")
_PARTIAL = re.compile(r"\..{1,40}\.[0-9a-f]{12}\.weave-partial", re.DOTALL)


def replace_page(path: Path, content: bytes) -> None:
    """Write a page aside and put it in place of the one that is there, with its permissions.

    A link stays one, and its target is replaced. A killed process leaves a hidden ``.NAME.*.weave-partial``, which
    `remove_partials` removes.

    Raises
    ------
    OSError
        If that fails. The page is unchanged.
    """
    target = path.resolve()
    partial = target.with_name(f".{target.name[:40]}.{secrets.token_hex(6)}.weave-partial")
    try:
        with os.fdopen(_opened(partial), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())  # or a power failure could leave an empty page
        shutil.copymode(target, partial)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _opened(partial: Path) -> int:
    """Open a new file with a lock, by which another run sees that it is being written."""
    try:
        return open_locked(partial)
    except ArtifactError:  # a file system without locks; what else is wrong is raised again
        return os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)


def remove_partials(hidden: Iterable[Path]) -> None:
    """Remove those of some hidden files that a killed `replace_page` left behind."""
    for file in hidden:
        if _PARTIAL.fullmatch(file.name) and file.is_file():
            with suppress(ArtifactError, OSError):  # another run writes it; or the folder is read-only
                os.close(open_locked(file))
                file.unlink()


def compressed_copies(path: Path) -> bool:
    """Return whether a page has compressed copies beside it, such as ``index.html.gz``."""
    return any(path.with_name(path.name + suffix).exists() for suffix in _COMPRESSED)
