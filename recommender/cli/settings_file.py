"""Options of commands from `recommender.toml` or the table `[tool.recommender]` of `pyproject.toml`."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import click

from recommender.bounded_toml import toml_of
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
        tables = toml_of(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(
            Problem("cannot be read", str(error.strerror), "check the path", str(path))
        ) from error
    except (ValueError, RecursionError) as error:
        if path.name == _SHARED and b"recommender" not in path.read_bytes():
            return "", {}  # the fault of others
        raise InputError(Problem("not TOML", str(error), "correct the file", str(path))) from error
    if path.name == _SHARED:
        tool = tables.get("tool")
        tables = tool.get("recommender", {}) if isinstance(tool, dict) else {}
    return str(path), tables


def settings_of(command: click.Command, table: object, source: str) -> dict[str, Any]:
    """Return the settings of a command by the names of its parameters.

    Keys are long options without ``--``, such as ``min-score``, or arguments in lower case. Values are what would be
    typed, so 3 is "3" where a text is wanted. A flag takes true or false, and an option that can be repeated a list
    or one value.

    Raises
    ------
    InputError
        With every key that is no option of the command, and every value of a wrong kind.
    """
    if not isinstance(table, Mapping):
        raise InputError(Problem("wanted options by name", repr(table)[:60], "such as k = 5", source))
    place = f"{source} [{command.name}]"
    known = dict(_options(command))
    wrong = [_unknown(key, list(known), place) for key in table if _plain(key) not in known]
    settings: dict[str, Any] = {}
    for key, value in table.items():
        parameter, meant_by_true = known.get(_plain(key), (None, True))
        if parameter is None or parameter.name is None:
            continue
        try:
            settings[parameter.name] = _value(parameter, value, meant_by_true=meant_by_true)
        except ValueError as error:
            wrong.append(Problem(f"wrong value of {key}", repr(value)[:60], f"give {error}", place))
    if wrong:
        raise InputError(wrong)
    return settings


def _value(parameter: click.Parameter, value: object, *, meant_by_true: bool) -> Any:
    """Return the value of a setting for click. Raise ValueError with what is wanted."""
    if isinstance(parameter, click.Option) and parameter.is_flag:
        if not isinstance(value, bool):
            raise ValueError("true or false")
        return value == meant_by_true
    if (isinstance(parameter, click.Option) and parameter.multiple) or parameter.nargs != 1:
        values = value if isinstance(value, list) else [value]
        if not all(map(_is_single, values)):
            raise ValueError("a list of texts")
        return list(map(str, values))
    if not _is_single(value):
        raise ValueError("one value, a text or a number")
    return str(value)


def _is_single(value: object) -> bool:
    return isinstance(value, str | int | float | date) and not isinstance(value, bool)


def check_tables(tables: Mapping[str, Any], commands: tuple[str, ...], source: str) -> None:
    """Raise InputError with every table that is named after no command."""
    wrong = [name for name in tables if name not in commands]
    if wrong:
        raise InputError(_unknown(name, list(commands), source) for name in wrong)


def _options(command: click.Command) -> Iterator[tuple[str, tuple[click.Parameter, bool]]]:
    """Yield each name with its parameter, and the value that the parameter has where that name is true."""
    for parameter in command.params:
        meant_by_true = getattr(parameter, "flag_value", True) is not False  # False of --quiet
        yield from ((_plain(option), (parameter, meant_by_true)) for option in parameter.opts)
        yield from ((_plain(option), (parameter, False)) for option in parameter.secondary_opts)


def _plain(name: str) -> str:
    return name.lstrip("-").replace("_", "-").lower()


def _unknown(name: str, known: list[str], source: str) -> Problem:
    near = difflib.get_close_matches(_plain(name), known, 1)
    move = f"did you mean {near[0]}?" if near else f"give one of {', '.join(sorted(known))}"
    return Problem("unknown setting", name, move, source)
