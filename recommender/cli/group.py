"""The group of all commands, with lazy loading, error messages and exit codes.

Exit codes: 0 success, 1 error in the data or on disk, 2 invalid command line, 130 Ctrl-C.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import click

from recommender.cli.options import example
from recommender.cli.terminal import say
from recommender.compiling import tell_of_compiling
from recommender.errors import InputError, Problem, RecommenderError

__all__ = ["COMMANDS", "main"]

COMMANDS = (
    "build", "update", "related", "why-not", "relist", "rules", "export", "weave", "serve", "links", "evaluate",
    "compare", "fit", "tune", "inspect", "compact", "backup",
)  # fmt: skip
"""Names of the commands, which are also the names of their modules, but for those in `_MODULES`."""

_MODULES = {"rules": "editor_rules"}  # cli/rules.py has the options for the rules of lists

_INTERRUPTED = 130  # 128 + SIGINT, the convention of shells


class _Commands(click.Group):
    """Imports the module of a command only when it is used, for a short start-up time."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        _open_closed_streams()
        return super().main(*args, **kwargs)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = _MODULES.get(cmd_name, cmd_name.replace("-", "_"))
        command = import_module(f"recommender.cli.{module}").command
        if not isinstance(command, click.Command):
            raise TypeError(f"recommender.cli.{cmd_name}.command is not a command")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        if command is not None and not ctx.resilient_parsing:
            ctx.default_map = {name or "": _settings(ctx, command)}
        return name, command, rest

    def invoke(self, ctx: click.Context) -> Any:
        with _errors_as_lines(), _warnings_as_lines():
            try:
                result = super().invoke(ctx)
            except click.NoSuchOption as error:
                message = f"{error.format_message()} Put -- before an id that starts with a hyphen."
                raise click.UsageError(message, error.ctx) from error
            sys.stdout.flush()  # detects a closed pipe here instead of at interpreter exit
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
@click.option(
    "--settings",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File with options of commands.  [default: recommender.toml, or pyproject.toml with [tool.recommender]]",
)
def main(settings: Path | None) -> None:
    """Compute related-article lists for a whole site.

    Results go to standard output, progress and messages to standard error. The exit code is 0 on success, 1
    for errors in the data or on disk, 2 for an invalid command line, and 130 after Ctrl-C.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # characters that the terminal cannot encode
    tell_of_compiling(_say_on_stderr)


def _say_on_stderr(message: str) -> None:
    if (
        sys.stderr is sys.__stderr__
    ):  # a program that calls commands, and takes what they print, did not ask for this
        say(message)


def _open_closed_streams() -> None:
    """Open standard streams that the caller closed, for which Python has None.

    Input is empty, messages are lost, and results are an error as on a full disk. Each keeps its own descriptor, which
    else the next file would get that is opened.
    """
    for name, way, mode in (
        ("stdin", os.O_RDONLY, "r"),
        ("stdout", os.O_RDONLY, "w"),
        ("stderr", os.O_WRONLY, "w"),
    ):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, way), mode, encoding="utf-8"))


def _settings(ctx: click.Context, command: click.Command) -> dict[str, Any]:
    """Return the options of a command that the settings file has, by the names of parameters."""
    from recommender.cli.settings_file import check_tables, read_settings, settings_of

    source, tables = read_settings(ctx.params.get("settings"))
    check_tables(tables, COMMANDS, source)
    return settings_of(command, tables.get(command.name or "", {}), source)


@contextmanager
def _errors_as_lines() -> Iterator[None]:
    """Turn expected errors into lines on standard error and an exit code."""
    try:
        yield
    except RecommenderError as error:
        _print_error(error)
        raise click.exceptions.Exit(1) from error
    except KeyboardInterrupt as error:
        say("\nInterrupted")
        raise click.exceptions.Exit(_INTERRUPTED) from error
    except BrokenPipeError:  # click exits silently
        raise
    except OSError as error:
        prefix = f"{error.filename}: " if error.filename else ""
        say(f"Error: {prefix}{error.strerror or error}")
        _discard_unwritable_output()
        raise click.exceptions.Exit(1) from error


def _discard_unwritable_output() -> None:
    """Redirect standard output if it cannot be flushed; Python would fail again at exit, with code 120."""
    try:
        sys.stdout.flush()
    except OSError:
        with suppress(OSError):  # standard output without a file descriptor
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def problem_lines(problems: Sequence[Problem]) -> list[str]:
    """Return a line for each problem. A next move that several share in a source follows the first of them alone.

    Examples
    --------
    >>> problem_lines([Problem("no id", "", "give it one", "a.csv", line) for line in (2, 9)])
    ['a.csv:2: no id; give it one', 'a.csv:9: no id']
    """
    lines, said = [], set()
    for problem in problems:
        move = problem.source, problem.next_move
        lines.append(str(replace(problem, next_move="") if move in said else problem))
        said.add(move)
    return lines


def _print_error(error: RecommenderError) -> None:
    lines = problem_lines(error.problems) if isinstance(error, InputError) else str(error).splitlines()
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
