"""Files of pages, replaced in one step."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path

__all__ = ["compressed_copies", "replace_page"]

_COMPRESSED = (".gz", ".br", ".zst")


def replace_page(path: Path, content: bytes) -> None:
    """Write a page aside and put it in place of the one that is there, with its permissions.

    A link stays one, and its target is replaced. A killed process leaves a hidden ``.NAME.*.partial``.

    Raises
    ------
    OSError
        If that fails. The page is unchanged.
    """
    target = path.resolve()
    partial = target.with_name(f".{target.name[:40]}.{secrets.token_hex(6)}.partial")
    try:
        with partial.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())  # or a power failure could leave an empty page
        shutil.copymode(target, partial)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def compressed_copies(path: Path) -> bool:
    """Return whether a page has compressed copies beside it, such as ``index.html.gz``."""
    return any(path.with_name(path.name + suffix).exists() for suffix in _COMPRESSED)
