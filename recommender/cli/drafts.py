"""Options for a draft that is not on the site."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from recommender.errors import InputError, Problem

__all__ = ["draft_options", "draft_text"]

_Command = TypeVar("_Command", bound=Callable[..., Any])


def draft_options(command: _Command) -> _Command:
    """Add ``--title`` and ``--text-file``."""
    title = click.option("--title", help="Headline of a draft that is not on the site.")
    text = click.option(
        "--text-file",
        metavar="FILE",
        help="Text of the draft in UTF-8, plain or HTML; - for standard input.",
    )
    return title(text(command))


def draft_text(text_file: str | None) -> str:
    """Return the text of a file or of standard input, empty for None."""
    if text_file is None:
        return ""
    content = sys.stdin.buffer.read() if text_file == "-" else Path(text_file).read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        got = f"byte 0x{content[error.start]:02x} at offset {error.start:,}"
        raise InputError(Problem("not UTF-8", got, "convert the file to UTF-8", text_file)) from error
