"""Reads a policy from a YAML or JSON file."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from recommender.editors.yaml_tree import Node, tree_of
from recommender.errors import InputError, Problem
from recommender.rules.policy import Policy
from recommender.rules.policy_settings import tidied

__all__ = ["read_policy"]

_NOTHING = ("", "~", "null")
_MOVE = "docs/lists.md has all settings"


def read_policy(path: str | Path) -> Policy:
    """Return the policy of a file with settings of `Policy` by name. Missing and null settings keep their defaults.

    Raises
    ------
    InputError
        With the line of every setting that is unknown, repeated or out of range, or if the file cannot be read or
        parsed.
    """
    source = str(path)
    try:
        root = tree_of(Path(path).read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(Problem("cannot be read", str(error.strerror), "check the path", source)) from error
    except UnicodeDecodeError as error:
        raise InputError(Problem("not UTF-8", "", "save it as UTF-8", source)) from error
    except InputError as error:
        raise InputError(problem.at(source, problem.line) for problem in error.problems) from error
    if root is None:
        return Policy()
    if root.kind != "mapping":
        got = root.shown()[:80]
        raise InputError(
            Problem("wanted settings by name", got, "such as 'diversity: 0.2'", source, root.line)
        )
    lines = {key.shown(): key.line for key in root.parts[::2]}
    settings, wrong = tidied({name: node.plain() for name, node in root.pairs if not _is_nothing(node)})
    problems = [Problem(message, "", _MOVE, source, lines[name]) for name, message in wrong.items()]
    twice = [name for name, count in Counter(name for name, _ in root.pairs).items() if count > 1]
    problems += [Problem(f"{name} is given twice", "", "remove one", source, lines[name]) for name in twice]
    if problems:
        raise InputError(sorted(problems, key=lambda problem: problem.line or 0))
    return Policy(**settings)


def _is_nothing(node: Node) -> bool:
    return node.kind == "text" and node.text in _NOTHING
