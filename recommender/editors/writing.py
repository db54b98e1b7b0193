"""Writes editors' rules as a file that `read_editor_rules` reads."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from recommender.editors.rule import Block, Pin, Rule
from recommender.editors.rules import EditorRules

__all__ = ["rules_as_table", "rules_as_yaml"]

_COLUMNS = ("action", "article", "other", "position", "by", "at")


def rules_as_yaml(rules: EditorRules) -> str:
    """Return rules as the YAML of a file of pins and blocks, with who and when.

    A file holds no two rules that contradict each other. Of such rules the stronger one is written, and a pin whose
    position is taken is written without it.
    """
    kept = list(_consistent(rules))
    lines = []
    for name, kind in (("pins", Pin), ("blocks", Block)):
        of_kind = [each for each in kept if isinstance(each, kind)]
        lines += [f"{name}:", *(f"  - {_flow(each)}" for each in of_kind)] if of_kind else []
    return "".join(f"{line}\n" for line in lines)


def rules_as_table(rules: EditorRules) -> str:
    """Return rules as the CSV of a file of pins and blocks, with who and when; see `rules_as_yaml`."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows(_cells(rule) for rule in _consistent(rules))
    return stream.getvalue()


def _flow(rule: Rule) -> str:
    fields: dict[str, Any]
    if isinstance(rule, Pin):
        fields = {"on": rule.on, "show": rule.show, "position": rule.position}
    elif rule.on is None:
        fields = {"everywhere": rule.hide}
    else:
        fields = {"pair": [rule.on, rule.hide]} if rule.pair else {"on": rule.on, "hide": rule.hide}
    fields |= {"by": rule.by, "at": rule.at}
    given = {name: value for name, value in fields.items() if value}
    pairs = (
        f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in given.items()
    )  # JSON is YAML
    return f"{{{', '.join(pairs)}}}"


def _cells(rule: Rule) -> Sequence[str]:
    if isinstance(rule, Pin):
        cells = "pin", rule.on, rule.show, str(rule.position or "")
    elif rule.on is None:
        cells = "block-everywhere", rule.hide, "", ""
    else:
        cells = "block-pair" if rule.pair else "block", rule.on, rule.hide, ""
    return (*cells, rule.by, rule.at)


def _consistent(rules: EditorRules) -> Iterator[Rule]:
    """Yield the rules that no stronger one contradicts, strongest first."""
    found: dict[tuple[str, str], type[Rule]] = {}
    hidden = {block.hide for block in rules.blocks if block.on is None}
    taken: set[tuple[str, int]] = set()
    for rule in rules.by_strength():
        kinds = {found.setdefault(pair, type(rule)) for pair in rule.pairs}
        if kinds - {type(rule)} or (isinstance(rule, Pin) and rule.show in hidden):
            continue
        if isinstance(rule, Pin) and rule.position is not None:
            at = rule.on, rule.position
            yield rule if at not in taken else replace(rule, position=None)
            taken.add(at)
        else:
            yield rule
