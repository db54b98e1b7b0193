"""Reads editors' rules from a YAML file or a table, chosen by the file's suffix."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from recommender.editors.contradictions import contradictions
from recommender.editors.rule import Block, Pin, Row, Rule, whole_number
from recommender.editors.rules import EditorRules
from recommender.editors.tables import table_rows
from recommender.editors.yaml_rows import yaml_rows
from recommender.errors import InputError, Problem

__all__ = ["read_editor_rules"]

_READERS = {".yaml": yaml_rows, ".yml": yaml_rows, ".csv": table_rows, ".tsv": table_rows}
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def read_editor_rules(path: str | os.PathLike[str]) -> EditorRules:
    """Read pins and blocks from a file ``.yaml``, ``.yml``, ``.csv`` or ``.tsv``.

    Parameters
    ----------
    path : path
        YAML: ``pins``, a list of ``{on, show, position}``, and ``blocks``, a list of ``{on, hide}``,
        ``{pair: [a, b]}`` or ``{everywhere: a}``. Table: columns ``action,article,other,position`` with the
        actions ``pin``, ``block``, ``block-pair`` and ``block-everywhere``. UTF-8. A ``note`` is ignored;
        ``by`` and ``at`` say who decided it, and when.

    Returns
    -------
    EditorRules
        The rules, each with its file and line. No rules for an empty file.

    Raises
    ------
    InputError
        If the file cannot be read, a row is invalid, or two rows contradict each other. Lists every problem
        as ``file:line``.
    """
    name = os.fspath(path)
    reader = _READERS.get(Path(name).suffix.lower())
    if reader is None:
        raise InputError(Problem("expected a .yaml, .yml, .csv or .tsv file", "", "rename it", name))
    rules: list[Rule] = []
    problems: list[Problem] = []
    for line, row in _rows(name, reader):
        if isinstance(row, Problem):
            problems.append(row.at(name, line))
            continue
        try:
            rules.append(_rule(row, name, line))
        except InputError as error:
            problems += [problem.at(name, line) for problem in error.problems]
    pins = tuple(rule for rule in rules if isinstance(rule, Pin))
    editor_rules = EditorRules(pins, tuple(rule for rule in rules if isinstance(rule, Block)))
    problems += contradictions(editor_rules)
    if problems:
        raise InputError(sorted(problems, key=lambda problem: problem.line or 0))
    return editor_rules


def _rows(name: str, reader: Callable[[str], Iterator[Row]]) -> Iterator[Row]:
    text = _text(name)
    try:
        yield from reader(text)
    except InputError as error:
        raise InputError(problem.at(name, problem.line) for problem in error.problems) from error


def _rule(fields: dict[str, Any], source: str, line: int) -> Rule:
    if "show" not in fields:
        return Block(**fields, source=source, line=line)
    position = whole_number(fields.pop("position", None) or None)  # the value may be empty
    return Pin(**fields, position=position, source=source, line=line)


def _text(name: str) -> str:
    try:
        content = Path(name).read_bytes()
    except OSError as error:
        raise InputError(Problem("cannot be read", str(error.strerror), "check the path", name)) from error
    if content.startswith(_UTF16_MARKS):
        raise InputError(Problem("not UTF-8", "UTF-16", "save it as CSV UTF-8", name, 1))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = 1 + content.count(b"\n", 0, error.start)
        got = f"byte 0x{content[error.start]:02x}"
        raise InputError(
            Problem("not UTF-8", got, "save it as CSV UTF-8, or as UTF-8", name, line)
        ) from error
