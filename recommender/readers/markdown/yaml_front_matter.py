"""Front matter in YAML, with all values as text."""

from __future__ import annotations

import re
from typing import Any

from recommender.errors import Problem
from recommender.readers.markdown.front_matter_values import read_matter
from recommender.readers.markdown.yaml_values import values_of

__all__ = ["read_yaml"]

_TEMPLATE_VALUE = re.compile(r"^([\w-]{1,60}:[ \t]+)(\{\{[^{}\n]*\}\})[ \t]*$", re.MULTILINE)


def read_yaml(block: str) -> dict[str, Any] | Problem:
    """Return front matter in YAML. A title in brackets is text, and so is ``{{ title }}``."""
    matter = read_matter(_parsed, _TEMPLATE_VALUE.sub(_quoted, block))
    if isinstance(matter, dict):
        for name in ("title", "Title"):
            if _is_in_brackets(matter.get(name)) and (
                line := re.search(rf"^{name}:[ \t]+([^\n]*\S)[ \t]*$", block, re.MULTILINE)
            ):
                matter[name] = line[1]
    return matter


def _is_in_brackets(title: object) -> bool:
    """Return whether YAML takes a title such as ``[Draft]`` or ``{use ...}`` for a list or mapping."""
    if isinstance(title, dict):
        return bool(title) and not any(title.values())
    return isinstance(title, list) and bool(title) and all(isinstance(part, str) for part in title)


def _quoted(line: re.Match[str]) -> str:
    """Quote a value such as ``{{ title }}``, which templates of new posts have and which is not valid YAML."""
    return f"{line[1]}'{line[2].replace(chr(39), 2 * chr(39))}'"


def _parsed(text: str) -> object:
    """Parse YAML with all values as text. Reject deep nesting, and aliases that stand for much."""
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # some builds lack the C parser
    try:
        return values_of(yaml.parse(text.replace("\t", "    "), loader))
    except yaml.YAMLError as error:
        mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
        where = "" if mark is None else f" in line {mark.line + 1} of it"
        raise ValueError(f"{problem or error}{where}") from error
