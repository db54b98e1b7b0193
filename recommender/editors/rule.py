"""Pins and blocks: single rules, validated on creation, with their location in the source."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from numbers import Integral
from typing import Any, TypeAlias

from recommender.articles import MAX_ID_LENGTH
from recommender.control_characters import has_controls
from recommender.errors import InputError, Problem

__all__ = ["MAX_NAME_LENGTH", "MAX_POSITION", "Block", "Pin", "Row", "Rule", "whole_number"]

MAX_POSITION = 100
MAX_NAME_LENGTH = 100
_WHOLE = re.compile(r"[+-]?[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Pin:
    """Puts article `show` at `position` in the list of article `on`.

    Parameters
    ----------
    on, show : str
        Ids of two different articles.
    position : int or None
        1 to 100, where 1 is the first entry. None takes the first position that no other pin of the page
        takes.
    source : str
        Source of the rule: a file, or ``"article 'a1'"`` for metadata. Ignored in comparisons.
    line : int or None
        Line in the source, from 1. Ignored in comparisons.
    level : int
        Strength of the source; 0 is the strongest. `EditorRules.merged` increases it.
    by, at : str
        Who decided it, and when (ISO 8601, UTC). Empty where unknown. Ignored in comparisons.

    Raises
    ------
    InputError
        If a value is invalid. Lists all problems.
    """

    on: str
    show: str
    position: int | None = None
    source: str = field(default="", compare=False)
    line: int | None = field(default=None, compare=False)
    level: int = 0
    by: str = field(default="", compare=False)
    at: str = field(default="", compare=False)

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as JSON can hold them."""
        return asdict(self)

    def __post_init__(self) -> None:
        problems = [*_id_problems("on", self.on), *_id_problems("show", self.show)]
        if not problems and self.on == self.show:
            problems.append(Problem("an article pinned on itself", repr(self.on), "name two articles"))
        position = self.position
        if isinstance(position, Integral) and not isinstance(position, bool):
            object.__setattr__(self, "position", int(position))  # a number of NumPy becomes a plain one
        elif position is not None:
            position = 0
        if position is not None and not 1 <= position <= MAX_POSITION:
            what = f"the position must be a whole number from 1 to {MAX_POSITION}"
            problems.append(Problem(what, _shown(self.position), "omit it for the first free position"))
        _raise([*problems, *_place_problems(self)])

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the articles in the rule."""
        return self.on, self.show

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Ids of the page and of the article in its list."""
        return ((self.on, self.show),)

    @property
    def place(self) -> str:
        """Location of the rule, for messages: ``"rules.yaml:3"``."""
        return _place(self)


@dataclass(frozen=True, slots=True)
class Block:
    """Excludes article `hide` from the list of article `on`, or from every list.

    Parameters
    ----------
    hide : str
        Article id.
    on : str or None
        Id of another article. None blocks everywhere.
    pair : bool
        Whether to exclude `on` from the list of `hide` too.
    source, line, level, by, at
        As for `Pin`.

    Raises
    ------
    InputError
        If a value is invalid. Lists all problems.
    """

    hide: str
    on: str | None = None
    pair: bool = False
    source: str = field(default="", compare=False)
    line: int | None = field(default=None, compare=False)
    level: int = 0
    by: str = field(default="", compare=False)
    at: str = field(default="", compare=False)

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as JSON can hold them."""
        return asdict(self)

    def __post_init__(self) -> None:
        problems = [] if self.on is None else _id_problems("on", self.on)
        problems += _id_problems("hide", self.hide)
        if not problems and self.on == self.hide:
            problems.append(Problem("an article blocked on itself", repr(self.on), "name two articles"))
        if self.pair not in (False, True) or (self.pair and self.on is None):
            problems.append(Problem("a pair must name two articles", _shown(self.pair)))
        _raise([*problems, *_place_problems(self)])

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the articles in the rule."""
        return (self.hide,) if self.on is None else (self.on, self.hide)

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Ids of each page and of the article excluded from its list. Empty for a block everywhere."""
        if self.on is None:
            return ()
        one = (self.on, self.hide)
        return (one, one[::-1]) if self.pair else (one,)

    @property
    def place(self) -> str:
        """Location of the rule, for messages: ``"rules.yaml:3"``."""
        return _place(self)


Rule: TypeAlias = Pin | Block
Row: TypeAlias = tuple[int, dict[str, Any] | Problem]
"""A rule in a file: its line, and the arguments of a `Pin` (with `show`) or a `Block`, or a problem."""


def whole_number(value: object) -> Any:
    """Return a number written as text as an int, and other values unchanged, for the rule to check."""
    return int(value) if isinstance(value, str) and _WHOLE.fullmatch(value.strip()) else value


def _place(rule: Rule) -> str:
    return rule.source if rule.line is None else f"{rule.source}:{rule.line}"


def _id_problems(name: str, value: object) -> list[Problem]:
    if not isinstance(value, str):
        return [Problem(f"{name!r} is not an article id", _shown(value), "give one id as text")]
    if not value.strip():
        return [Problem(f"{name!r} is empty", "", "give an article id")]
    if len(value) > MAX_ID_LENGTH or has_controls(value):
        move = f"an id has 1 to {MAX_ID_LENGTH:,} characters, none of them control characters"
        return [Problem(f"{name!r} is not an article id", _shown(value), move)]
    return []


def _place_problems(rule: Rule) -> list[Problem]:
    valid_line = rule.line is None or (type(rule.line) is int and rule.line >= 1)
    found = [problem for name in ("by", "at") for problem in _note_problems(name, getattr(rule, name))]
    if isinstance(rule.source, str) and valid_line and type(rule.level) is int and rule.level >= 0:
        return found
    what = "the source, line or level of the rule is invalid"
    return [*found, Problem(what, _shown((rule.source, rule.line, rule.level)))]


def _note_problems(name: str, value: object) -> list[Problem]:
    if isinstance(value, str) and len(value) <= MAX_NAME_LENGTH and not has_controls(value):
        return []
    what = f"{name!r} must be text of up to {MAX_NAME_LENGTH} characters, none of them control characters"
    return [Problem(what, _shown(value))]


def _raise(problems: list[Problem]) -> None:
    if problems:
        raise InputError(problems)


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else shown[:57] + "..."
