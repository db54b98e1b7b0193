"""Options of commands from `recommender.toml` or the table `[tool.recommender]` of `pyproject.toml`."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from recommender.errors import InputError, Problem

__all__ = ["check_tables", "read_settings", "settings_of"]

_OWN, _SHARED = "recommender.toml", "pyproject.toml"


def read_settings(path: Path | None) -> tuple[str, dict[str, Any]]:
    """Return the name of the settings file and its tables by the names of commands.

    Parameters
    ----------
    path : Path or None
        None looks for ``recommender.toml`` and then ``pyproject.toml`` in the current folder.

    Raises
    ------
    InputError
        If the file cannot be read, or is no TOML.
    """
    if path is None:
        path = next((each for name in (_OWN, _SHARED) if (each := Path(name)).is_file()), None)
    if path is None:
        return "", {}
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(
            Problem("cannot be read", str(error.strerror), "check the path", str(path))
        ) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        if path.name == _SHARED and b"recommender" not in path.read_bytes():
            return "", {}  # the fault of others
        raise InputError(Problem("not TOML", str(error), "correct the file", str(path))) from error
    if path.name == _SHARED:
        tool = tables.get("tool")
        tables = tool.get("recommender", {}) if isinstance(tool, dict) else {}
    return str(path), tables


def settings_of(command: click.Command, table: object, source: str) -> dict[str, Any]:
    """Return the settings of a command by the names of its parameters.

    Keys are long options without ``--``, such as ``min-score``, or arguments in lower case.

    Raises
    ------
    InputError
        With every key that is no option of the command.
    """
    if not isinstance(table, Mapping):
        raise InputError(Problem("wanted options by name", repr(table)[:60], "such as k = 5", source))
    names = dict(_names(command))
    wrong = [key for key in table if _plain(key) not in names]
    if wrong:
        raise InputError(_unknown(key, list(names), f"{source} [{command.name}]") for key in wrong)
    return {names[_plain(key)]: value for key, value in table.items()}


def check_tables(tables: Mapping[str, Any], commands: tuple[str, ...], source: str) -> None:
    """Raise InputError with every table that is named after no command."""
    wrong = [name for name in tables if name not in commands]
    if wrong:
        raise InputError(_unknown(name, list(commands), source) for name in wrong)


def _names(command: click.Command) -> Iterator[tuple[str, str]]:
    for parameter in command.params:
        for option in parameter.opts + parameter.secondary_opts:
            if parameter.name:
                yield _plain(option), parameter.name


def _plain(name: str) -> str:
    return name.lstrip("-").replace("_", "-").lower()


def _unknown(name: str, known: list[str], source: str) -> Problem:
    near = difflib.get_close_matches(_plain(name), known, 1)
    move = f"did you mean {near[0]}?" if near else f"give one of {', '.join(sorted(known))}"
    return Problem("unknown setting", name, move, source)
