"""The command group: finds a command's file when it is named, and turns errors into calm lines and exit codes."""

from __future__ import annotations

import os
import sys
import warnings
from importlib import import_module
from importlib.metadata import version

import click

from recommender.errors import RecommenderError

__all__ = ["main", "recommender"]

_COMMANDS = ("build", "related", "export", "evaluate", "inspect")


class _Commands(click.Group):
    """Commands that are imported when asked for, so that a look-up does not pay for a build."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"recommender.cli.{name}"), name)
        return command


@click.command(
    cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(version("recommender"), prog_name="recommender")
def recommender() -> None:
    r"""Related-article lists for a whole site.

    \b
    recommender build articles.jsonl -o site.rec
    recommender related site.rec some-article-id --why
    recommender export site.rec --format html -o lists.html

    Results go to standard output, progress and messages to standard error. Exit status: 0 done, 1 something
    is wrong with the data, 2 something is wrong with the command.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit."""
    warnings.showwarning = _show_warning
    try:
        recommender.main(arguments, prog_name="recommender", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        sys.exit(130)
    except BrokenPipeError:  # | head closed the pipe: not an error, and nothing more to say
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except RecommenderError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(1)
    sys.exit(0)


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    click.echo(f"warning: {message}", err=True)
