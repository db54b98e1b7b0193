"""The group of all commands: each loaded when asked for, every error told in calm lines, exit codes in one place.

Exit codes: 0 done; 1 the data or the disk said no; 2 the command was not used as it can be; 130 Ctrl-C.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from io import TextIOWrapper
from typing import Any

import click

from recommender.cli.options import example
from recommender.cli.terminal import say
from recommender.errors import InputError, RecommenderError

__all__ = ["COMMANDS", "main"]

COMMANDS = ("build", "related", "why-not", "relist", "export", "evaluate", "fit", "tune", "inspect")
"""Names of the commands, and of the modules beside this one that hold them."""

_INTERRUPTED = 130  # 128 + SIGINT, as shells have it


class _Commands(click.Group):
    """Imports a command's module when the command is named, so that a quick one starts quickly."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"recommender.cli.{cmd_name.replace('-', '_')}").command
        if not isinstance(command, click.Command):
            raise TypeError(f"recommender.cli.{cmd_name}.command is not a command")
        return command

    def invoke(self, ctx: click.Context) -> Any:
        with _calm(), _warnings_as_lines():
            try:
                result = super().invoke(ctx)
            except click.NoSuchOption as error:
                said = f"{error.format_message()} Put -- before an id that starts with a hyphen."
                raise click.UsageError(said, error.ctx) from error
            sys.stdout.flush()  # a closed pipe is noticed here, not when Python ends
            return result


@click.group(
    cls=_Commands,
    epilog=example(
        "recommender build articles.jsonl -o site.rec",
        "recommender related site.rec some-article-id --why",
        "recommender export site.rec --format html -o lists.html",
    ),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="recommender")
def main() -> None:
    """Work out related-article lists for a whole site.

    Results go to standard output, progress and messages to standard error. The exit code is 0 when done,
    1 where the data or the disk stands in the way, 2 where the command line is wrong, 130 after Ctrl-C.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(
                errors="backslashreplace"
            )  # a terminal that lacks a letter is no reason to stop


@contextmanager
def _calm() -> Iterator[None]:
    """Turn what can go wrong into lines on standard error and an exit code."""
    try:
        yield
    except RecommenderError as error:
        _tell(error)
        raise click.exceptions.Exit(1) from error
    except KeyboardInterrupt as error:
        say("\nInterrupted")
        raise click.exceptions.Exit(_INTERRUPTED) from error
    except BrokenPipeError:  # the reader has seen enough; click ends in silence
        raise
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        say(f"Error: {place}{error.strerror or error}")
        _drop_what_cannot_be_written()
        raise click.exceptions.Exit(1) from error


def _drop_what_cannot_be_written() -> None:
    """Python would try it once more when it ends, say so in lines of its own, and end with 120."""
    try:
        sys.stdout.flush()
    except OSError:
        with suppress(OSError):  # a standard output that is no file
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _tell(error: RecommenderError) -> None:
    lines = (
        [str(problem) for problem in error.problems]
        if isinstance(error, InputError)
        else str(error).splitlines()
    )
    if len(lines) == 1:
        lines = [f"Error: {lines[0]}"]
    elif isinstance(error, InputError):
        lines.append(f"Error: {len(lines):,} problems, listed above")
    for line in (*lines, *getattr(error, "__notes__", ())):
        say(line)


@contextmanager
def _warnings_as_lines() -> Iterator[None]:
    def show(message: Warning | str, *_: object, **__: object) -> None:
        say(f"Warning: {' '.join(str(message).split())}")

    with warnings.catch_warnings():
        warnings.showwarning = show
        yield
