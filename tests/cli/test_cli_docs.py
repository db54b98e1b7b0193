"""Every command has help with an example, and docs/cli.md is that help. Run as a script to write the page anew."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from recommender.cli import main
from recommender.cli.group import COMMANDS

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"
WIDTH = 100


def reference() -> str:
    """Return the page: what ``--help`` prints for the group and for each command."""
    context = _context(main, "recommender")
    parts = [
        "# Command line\n\nWhat `--help` prints, for every command; "
        "written by `python tests/cli/test_cli_docs.py`, not by hand.\n",
        _section("recommender", main.get_help(context)),
    ]
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        parts.append(_section(f"recommender {name}", command.get_help(_context(command, name, context))))
    return "\n".join(parts)


def _context(command: click.Command, name: str, parent: click.Context | None = None) -> click.Context:
    return command.make_context(name, [], parent, resilient_parsing=True, terminal_width=WIDTH)


def _section(title: str, text: str) -> str:
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return f"## {title}\n\n```text\n{lines}\n```\n"


def test_the_page_is_what_help_prints() -> None:
    said = "docs/cli.md is stale; run: python tests/cli/test_cli_docs.py"
    assert PAGE.read_text(encoding="utf-8") == reference(), said


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_docs_with_an_example(name: str, invoke) -> None:
    text = invoke(name, "--help").stdout
    assert f"Example:\n    recommender {name} " in text
    assert f"## recommender {name}\n" in PAGE.read_text(encoding="utf-8")


def test_an_unknown_command_is_exit_2(invoke) -> None:
    assert "No such command" in invoke("guess", code=2).stderr


def test_version_is_that_of_the_package(invoke) -> None:
    from importlib.metadata import version

    assert version("recommender") in invoke("--version").stdout


if __name__ == "__main__":
    PAGE.write_text(reference(), encoding="utf-8")
