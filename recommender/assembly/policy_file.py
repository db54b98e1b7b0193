"""A policy that is kept in a file, as YAML or JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from recommender.assembly.policy import Policy
from recommender.errors import InputError, Problem

__all__ = ["read_policy"]


def read_policy(path: str | Path) -> Policy:
    """Return the policy of a file: settings of `Policy` by name; those left out are as by default.

    Raises
    ------
    InputError
        Naming every setting that does not exist or is out of range, or where the file cannot be understood.
    """
    import yaml

    source = str(path)
    try:
        settings: Any = yaml.safe_load(Path(path).read_bytes())
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise InputError(Problem("not YAML", str(error.problem), "mend it", source, line)) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError(Problem("not YAML", str(error)[:80], "mend it", source)) from error
    if settings is None:
        return Policy()
    if not isinstance(settings, dict):
        got = type(settings).__name__
        raise InputError(Problem("wanted settings by name", got, "such as 'diversity: 0.2'", source))
    try:
        return Policy.from_json({str(name): value for name, value in settings.items()})
    except (ValueError, TypeError, AttributeError) as error:
        raise InputError(
            Problem(str(error), next_move="docs/lists.md has all settings", source=source)
        ) from error
