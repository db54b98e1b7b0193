"""Arguments and options that several commands have, so that they read the same everywhere."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

__all__ = [
    "artifact_argument",
    "command_line",
    "example",
    "json_option",
    "k_option",
    "progress_options",
    "why_option",
]

_Command = TypeVar("_Command", bound=Callable[..., Any])

artifact_argument = click.argument("artifact", type=click.Path(path_type=Path))
"""The folder that `build` wrote; that it is one is checked on opening, and is a matter of data."""

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
why_option = click.option(
    "--why", is_flag=True, help="Give the reasons: parts of the score, terms in common."
)
k_option = click.option(
    "-k", type=click.IntRange(min=1), metavar="N", help="Entries a list.  [default: as built]"
)


def example(*lines: str) -> str:
    r"""Return the end of a command's help: command lines, marked by ``\b`` as not to be wrapped."""
    return "\n".join(["\b", "Example:", *(f"  {line}" for line in lines)])


def command_line(command: str, *arguments: str, options: Sequence[str] = ()) -> str:
    """Return a command that can be pasted into a shell, whatever its arguments hold.

    Examples
    --------
    >>> command_line("related", "site.rec", "rain in May", options=["--why"])
    "recommender related site.rec 'rain in May' --why"
    >>> command_line("related", "site.rec", "-1", options=["--why"])
    'recommender related --why -- site.rec -1'
    """
    if any(argument.startswith("-") for argument in arguments):
        return shlex.join(["recommender", command, *options, "--", *arguments])
    return shlex.join(["recommender", command, *arguments, *options])


def progress_options(command: _Command) -> _Command:
    """Add ``--progress`` and ``--quiet``, as the argument `progress`: True, False or None."""
    quiet = click.option("-q", "--quiet", "progress", flag_value=False, help="Show no progress bars.")
    loud = click.option(
        "--progress",
        "progress",
        flag_value=True,
        type=bool,
        default=None,
        help="Show progress bars even where standard error is no terminal.",
    )
    return loud(quiet(command))
