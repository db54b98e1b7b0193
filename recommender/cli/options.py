"""Arguments and options shared by several commands."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

__all__ = [
    "artifact_argument",
    "check_n_jobs",
    "command_line",
    "example",
    "json_option",
    "k_option",
    "n_jobs_option",
    "progress_options",
    "take_options",
    "why_option",
]

_Command = TypeVar("_Command", bound=Callable[..., Any])
_Options = TypeVar("_Options", bound="DataclassInstance")

artifact_argument = click.argument("artifact", type=click.Path(path_type=Path))
"""A folder written by `build`. It is checked on opening, so a wrong folder gives exit code 1 and not 2."""

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
why_option = click.option(
    "--why", is_flag=True, help="Include the reasons: parts of the score and terms in common."
)
k_option = click.option(
    "-k", type=click.IntRange(min=1), metavar="N", help="Entries per list.  [default: as built]"
)
n_jobs_option = click.option(
    "--n-jobs",
    type=int,
    default=-1,
    metavar="N",
    help="Threads, and processes that read pages and clean texts where this takes long.  [default: one per core]",
)


def example(*lines: str) -> str:
    r"""Return the examples of a command's help. ``\b`` prevents wrapping."""
    return "\n".join(["\b", "Example:", *(f"  {line}" for line in lines)])


def command_line(command: str, *arguments: str, options: Sequence[str] = ()) -> str:
    """Return a command line with its arguments quoted for a shell.

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


def check_n_jobs(n_jobs: int) -> None:
    """Reject 0 threads."""
    if n_jobs == 0:
        raise click.BadParameter("0 threads; give 1 or more, or -1 for one per core", param_hint="--n-jobs")


def take_options(options: dict[str, Any], kind: type[_Options]) -> _Options:
    """Remove the fields of the dataclass `kind` from `options` and return them as an instance of it."""
    return kind(**{field.name: options.pop(field.name) for field in fields(kind)})


def progress_options(command: _Command) -> _Command:
    """Add ``--progress`` and ``--quiet`` as the argument `progress`: True, False or None."""
    quiet = click.option("-q", "--quiet", "progress", flag_value=False, help="Show no progress bars.")
    loud = click.option(
        "--progress",
        "progress",
        flag_value=True,
        type=bool,
        default=None,
        help="Show progress bars even if standard error is not a terminal.",
    )
    return loud(quiet(command))
